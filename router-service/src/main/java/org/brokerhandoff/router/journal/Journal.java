package org.brokerhandoff.router.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.eventlog.WantedKeys;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** Reads histories back from the event log. Not thread-safe; its methods block. */
public final class Journal implements AutoCloseable {
    /** Leaders of two topics are different brokers with different clocks. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

    private final EventReader reader;
    private final Supplier<Set<UUID>> slots;
    private final Map<Integer, PurgedSignups> purged = new HashMap<>();

    /**
     * A journal that reads with {@code reader} and closes it.
     *
     * @param slots the signups that have a slot in use
     */
    public Journal(EventReader reader, Supplier<Set<UUID>> slots) {
        this.reader = reader;
        this.slots = slots;
    }

    /**
     * The histories of those signups of a partition that have one since {@code firstUnfinished}, and a slot now. A record without a slot
     * is completed whatever its history says, and there may be many more of those: of them nothing is decoded or kept.
     *
     * @param firstUnfinished when the first record was appended that is not finished
     * @throws UnknownSchema if a newer version has recorded something, of whatever signup
     */
    public Map<UUID, History> histories(int partition, Instant firstUnfinished) {
        // Before the log is read: a signup whose record stands before its end had its slot by then.
        return histories(partition, firstUnfinished, slots.get());
    }

    private Map<UUID, History> histories(int partition, Instant firstUnfinished, Set<UUID> signups) {
        Map<UUID, History> histories = new HashMap<>();
        Instant from = firstUnfinished.minus(CLOCK_DIFFERENCE);
        reader.readSince(Topic.HANDOFFS, partition, from, WantedKeys.anyOf(signups), received -> {
            // What a newer router recorded, perhaps of another broker, must not be taken for nothing.
            UnknownSchema.known(received)
                    .ifPresent(event -> EventId.signup(event.event())
                            .ifPresent(signup -> histories.merge(
                                    signup,
                                    HistoryRules.apply(History.NONE, event.event()),
                                    (before, first) -> HistoryRules.apply(before, event.event()))));
        });
        return histories;
    }

    /** The history of one signup, whose record was appended at {@code appendedAt}. */
    public History history(UUID signupId, int partition, Instant appendedAt) {
        return histories(partition, appendedAt, Set.of(signupId)).getOrDefault(signupId, History.NONE);
    }

    /**
     * Whether the purge of a signup is in the log, whose record was appended at {@code appendedAt}. Of a partition each purge is read
     * once, as long as the questions come in the order of their records: after a restart many may come that are all of the past.
     *
     * @throws UnknownSchema if a newer version has recorded something
     */
    public boolean purged(UUID signupId, int partition, Instant appendedAt) {
        Instant from = appendedAt.minus(CLOCK_DIFFERENCE);
        PurgedSignups known = purged.get(partition);
        if (known == null || !known.reachesBackTo(from)) {
            known = new PurgedSignups(from);
            purged.put(partition, known);
        }
        known.readOn(reader, partition);
        return known.contains(signupId);
    }

    @Override
    public void close() {
        reader.close();
    }
}
