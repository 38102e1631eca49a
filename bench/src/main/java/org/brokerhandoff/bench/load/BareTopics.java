package org.brokerhandoff.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;

/** The topics of the references, and clients with the same settings as ours. */
public final class BareTopics {
    static final String SIGNUPS = "bare-signups";
    static final String DELIVERED = "bare-delivered";
    private static final int PARTITIONS = 6;

    private BareTopics() {}

    /** Creates them, with our default number of partitions. */
    public static void make(Admin admin) throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(SIGNUPS, PARTITIONS, (short) 1), new NewTopic(DELIVERED, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    static KafkaClients clients(String bootstrapServers) {
        return new KafkaClients(
                new EventLogSettings(bootstrapServers, Map.of(), "", PARTITIONS, 1, Duration.ofDays(1)));
    }
}
