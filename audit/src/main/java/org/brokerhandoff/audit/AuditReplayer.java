package org.brokerhandoff.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.replay.Directories;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.audit.replay.Replay;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Replays every decision of the event log, from the kept topics alone. Memory is bounded by the signups of one partition, the places
 * requested under caps, and the differences found.
 */
public final class AuditReplayer {
    private AuditReplayer() {}

    /**
     * Replays the decisions of the log that {@code clients} names, as it is now.
     *
     * @param only the one signup whose decisions to replay; empty for all
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     * @throws org.brokerhandoff.audit.log.KeptLogUnusable if there is no event log of this name
     */
    public static ReplayReport replay(
            KafkaClients clients, EventCodec codec, Optional<UUID> only, AuditVerifier.Progress progress) {
        try (KeptLog log = new KeptLog(clients, codec)) {
            List<DirectoryPublished> directories = new ArrayList<>();
            log.publications().stream()
                    .filter(DirectoryPublished.class::isInstance)
                    .map(DirectoryPublished.class::cast)
                    .forEach(directories::add);
            PlaceBook places = new PlaceBook();
            log.readPlaces(record -> record.event().ifPresent(places::take), extent -> {});
            Replay replay = new Replay(
                    Directories.of(directories, codec), places, signup -> only.isEmpty() || signup.equals(only.get()));
            for (int partition = 0; partition < log.partitions(); partition++) {
                if (only.isPresent() && log.partitionOf(only.get()) != partition) {
                    continue;
                }
                progress.reading(partition, log.partitions());
                for (Topic topic : List.of(Topic.HANDOFFS, Topic.CONSENTS)) {
                    log.read(topic, partition, record -> take(replay, record, log.partitions()), extent -> {});
                }
                replay.endPartition();
            }
            return replay.report();
        }
    }

    private static void take(Replay replay, KeptRecord record, int partitions) {
        // In another partition than its signup's it has no order among the others: the rules report it.
        record.event()
                .filter(event -> EventId.signup(event)
                        .filter(signup -> EventPartitions.of(signup, partitions) == record.partition())
                        .isPresent())
                .ifPresent(event -> replay.take(event, record.place()));
    }
}
