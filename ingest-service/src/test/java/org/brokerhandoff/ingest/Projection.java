package org.brokerhandoff.ingest;

import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.schemas.EventCodec;

/** What a register service does beside ingest. */
record Projection(Register register, RegisterProjector projector) implements AutoCloseable {
    static Projection of(IngestSettings settings) {
        Register register = Register.open(settings.register());
        return new Projection(
                register, RegisterProjector.start(new KafkaClients(settings.eventLog()), new EventCodec(), register));
    }

    @Override
    public void close() {
        projector.close();
        register.close();
    }
}
