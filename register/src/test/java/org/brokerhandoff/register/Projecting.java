package org.brokerhandoff.register;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** A process's projection into a register, and its queries. */
record Projecting(RegisterProjector projector, FreshRegister asked) implements AutoCloseable {
    static Projecting start(KafkaClients clients, EventCodec codec, Register register) {
        return new Projecting(RegisterProjector.start(clients, codec, register), FreshRegister.of(clients, register));
    }

    CompletionStage<PassedEnds> passed(Collection<Topic> topics, int partition, Duration limit) {
        return asked.passed(topics, partition, limit);
    }

    RegisterHealth health() {
        return projector.health();
    }

    long projectedEvents() {
        return projector.projectedEvents();
    }

    long unreadableEvents() {
        return projector.unreadableEvents();
    }

    @Override
    public void close() {
        projector.close();
        asked.close();
    }
}
