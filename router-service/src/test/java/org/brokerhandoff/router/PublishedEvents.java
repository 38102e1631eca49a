package org.brokerhandoff.router;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.ReceivedEvent;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * What stands in the topics of one test. A test that waits for an event looks ten times a second, so what was read of a kept topic before
 * is not read again.
 */
final class PublishedEvents implements AutoCloseable {
    private final EventReader reader;
    private final Map<Topic, List<SpecificRecord>> kept = new EnumMap<>(Topic.class);

    PublishedEvents(EventLogSettings settings) {
        reader = new EventReader(new KafkaClients(settings), new EventCodec(), "test-reader");
    }

    synchronized List<SpecificRecord> of(Topic topic) {
        if (topic.kept()) {
            List<SpecificRecord> known = kept.computeIfAbsent(topic, first -> new ArrayList<>());
            List<SpecificRecord> added = new ArrayList<>();
            reader.readNew(List.of(topic), addingTo(added));
            known.addAll(added);
            return List.copyOf(known);
        }
        List<SpecificRecord> served = new ArrayList<>();
        reader.readAll(List.of(topic), addingTo(served));
        return served;
    }

    private static Consumer<ReceivedEvent> addingTo(List<SpecificRecord> events) {
        return received -> {
            if (received.decoded() instanceof Decoded.Event event) {
                events.add(event.event());
            }
        };
    }

    @Override
    public synchronized void close() {
        reader.close();
    }
}
