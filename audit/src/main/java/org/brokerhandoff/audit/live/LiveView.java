package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.PurgeLevel;

/**
 * The state of the log at one moment.
 *
 * @param asOf when the view was made, by this process's clock
 * @param held signups and messages that were accepted and have no purge
 * @param oldest the oldest of these
 * @param overdue those past their promised time
 * @param work open work, by deadline; at most {@link #MOST_WORK} of it
 * @param workInAll amount of open work
 * @param escalated amount of escalated work
 * @param brokers recipients of the newest directory
 * @param agents by Kafka broker, its agent's last report
 * @param custody by service, the level that its newest start permits purges to claim
 */
record LiveView(
        Instant asOf,
        long held,
        Optional<Held> oldest,
        long overdue,
        List<Work> work,
        long workInAll,
        long escalated,
        List<BrokerState> brokers,
        Map<Integer, Instant> agents,
        Map<String, PurgeLevel> custody) {
    /** Limit of what is shown. */
    static final int MOST_WORK = 1000;

    /** A signup that is held. */
    record Held(UUID signupId, Instant receivedAt, Instant eraseBy, Instant due) {
        /** Whether a preservation order keeps it beyond its promised time. */
        boolean kept() {
            return !due.equals(eraseBy);
        }

        Held due(Instant changed) {
            return new Held(signupId, receivedAt, eraseBy, changed);
        }
    }

    /**
     * Read position.
     *
     * @param read records read since the start
     * @param behind unread records in the log
     * @param lastAppendedAt when the newest record that was read was appended
     * @param caughtUp whether the end was reached since the start: before, figures cover a part of the log
     * @param failure why Kafka cannot be read at the moment; empty: it can
     */
    record Progress(
            long read, long behind, Optional<Instant> lastAppendedAt, boolean caughtUp, Optional<String> failure) {
        static Progress none() {
            return new Progress(0, 0, Optional.empty(), false, Optional.empty());
        }
    }

    /** Copies the collections. */
    LiveView {
        work = List.copyOf(work);
        brokers = List.copyOf(brokers);
        agents = Map.copyOf(agents);
        custody = Map.copyOf(custody);
    }

    /** Age of the oldest held one. */
    Optional<Duration> age() {
        return oldest.map(held -> Duration.between(held.receivedAt(), asOf));
    }
}
