package org.brokerhandoff.ingest;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Reads what an installation has published. */
final class LogReader {
    private LogReader() {}

    static <T extends SpecificRecord> List<T> events(Installation installation, Topic topic, Class<T> type) {
        List<T> events = new ArrayList<>();
        KafkaClients clients = new KafkaClients(installation.settings().eventLog());
        try (EventReader reader = new EventReader(clients, new EventCodec(), "test-reader")) {
            reader.readAll(List.of(topic), received -> {
                if (received.decoded() instanceof Decoded.Event event && type.isInstance(event.event())) {
                    events.add(type.cast(event.event()));
                }
            });
        }
        return events;
    }

    /** The ledger's commitment at one position. */
    static Leaf leaf(Installation installation, Topic topic, int partition, long offset) {
        List<Leaf> leaves = new ArrayList<>();
        try (LeafReader reader = new LeafReader(
                new KafkaClients(installation.settings().eventLog()),
                "test-leaves",
                List.of(topic),
                List.of(partition))) {
            reader.read(topic.baseName(), partition, offset, 1, leaves::add);
        }
        return leaves.get(0);
    }
}
