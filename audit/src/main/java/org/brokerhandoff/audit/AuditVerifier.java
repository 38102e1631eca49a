package org.brokerhandoff.audit;

import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.log.KeptRecords;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.audit.verify.PartitionAudit;
import org.brokerhandoff.audit.verify.Publications;
import org.brokerhandoff.audit.verify.Scope;
import org.brokerhandoff.audit.verify.Tally;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;

/** Checks the whole event log. Memory is bounded by the signups of one partition, the places asked for under caps, and the violations found. */
public final class AuditVerifier {

    /** Hears how far a verification has come. */
    public interface Progress {
        /** {@code partition}, from 0, of {@code partitions} is about to be read. */
        void reading(int partition, int partitions);
    }

    private AuditVerifier() {}

    /**
     * The verdict on the log that {@code clients} names, as it is now.
     *
     * @param now by which deadlines are judged; not later than the call, or a purge that is on its way looks overdue
     * @param complete whether an accepted signup without a purge is a violation before its time is over
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     * @throws org.brokerhandoff.audit.log.KeptLogUnusable if there is no event log of this name
     */
    public static Verdict verify(KafkaClients clients, EventCodec codec, Instant now, boolean complete) {
        return verify(clients, codec, now, complete, (partition, partitions) -> {});
    }

    /** As {@link #verify(KafkaClients, EventCodec, Instant, boolean)}, telling {@code progress}. */
    public static Verdict verify(
            KafkaClients clients, EventCodec codec, Instant now, boolean complete, Progress progress) {
        return verify(clients, codec, now, complete, HoldTimes.LONGEST_HOLD, progress);
    }

    /**
     * As the others.
     *
     * @param longestHold the longest hold that this installation promises
     */
    public static Verdict verify(
            KafkaClients clients,
            EventCodec codec,
            Instant now,
            boolean complete,
            Duration longestHold,
            Progress progress) {
        try (KeptLog log = new KeptLog(clients, codec)) {
            return verify(
                    log, codec, now, complete, longestHold, clients.settings().installation(), progress);
        }
    }

    /** As the others, on records that were read before, of an installation without a name of its own. */
    public static Verdict verify(
            KeptRecords log, EventCodec codec, Instant now, boolean complete, Duration longestHold, Progress progress) {
        return verify(
                log,
                codec,
                now,
                complete,
                longestHold,
                Settings.INSTALLATION.defaultText().orElseThrow(),
                progress);
    }

    private static Verdict verify(
            KeptRecords log,
            EventCodec codec,
            Instant now,
            boolean complete,
            Duration longestHold,
            String installation,
            Progress progress) {
        PlaceBook places = new PlaceBook();
        Scope scope = new Scope(
                log.partitions(),
                Publications.of(log.publications(), codec),
                places,
                now,
                complete,
                longestHold,
                installation);
        Tally tally = new Tally(scope);
        // Before the handoffs, which are judged by them.
        PartitionAudit ofPlaces = new PartitionAudit(scope, tally);
        log.readPlaces(
                record -> {
                    record.event().ifPresent(places::take);
                    ofPlaces.add(record);
                },
                ofPlaces::add);
        for (int partition = 0; partition < log.partitions(); partition++) {
            progress.reading(partition, log.partitions());
            PartitionAudit audit = new PartitionAudit(scope, tally);
            log.read(partition, audit::add, audit::add);
            audit.finish();
        }
        return tally.verdict(log.read(ProductVersion.current()));
    }
}
