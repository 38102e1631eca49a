package org.brokerhandoff.ledgerservice;

import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.KeptTopics;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** The builder's Kafka clients. Not thread-safe. */
final class LedgerKafka implements AutoCloseable {
    private static final String CLIENT_ID = "handoff-ledger";

    private final KafkaClients clients;
    private final Admin admin;
    private final LedgerTopic checkpoints;

    LedgerKafka(KafkaClients clients, EventCodec codec) {
        this.clients = clients;
        this.admin = clients.admin(CLIENT_ID);
        try {
            this.checkpoints = new LedgerTopic(clients, codec, CLIENT_ID);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    /** The current topics. */
    KeptTopics topics() {
        return KeptTopics.describe(admin, clients.settings().topicPrefix());
    }

    /** Topic {@code checkpoints}. */
    LedgerTopic checkpoints() {
        return checkpoints;
    }

    /** The kept topics, with this many partitions each. */
    KeptLeaves leaves(int partitions) {
        return new KeptLeaves(
                new LeafReader(
                        clients,
                        CLIENT_ID + "-leaves",
                        Topic.inLedger(),
                        IntStream.range(0, partitions).boxed().toList()),
                partitions);
    }

    @Override
    public void close() {
        checkpoints.close();
        admin.close();
    }
}
