package org.brokerhandoff.router.purge;

import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotView;

/**
 * Finds erased slots that no handoff has reported: left by a crash, withdrawn before consumption, or never published. Where it is
 * unknown whether a record will come, since its partition is stopped, the purge is still claimed in time. Looks every 5 s, and when a
 * partition is taken over. Used by the purge thread, but for {@link #soon}.
 */
final class ErasedSlotScan {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    /** A producer of ingest gives up after 10 s; after three times that, a record that is not there never comes. */
    private static final Duration PUBLICATION_LIMIT = Duration.ofSeconds(30);

    private final KeyCustody custody;
    private final TopicCuts signups;
    private final ToIntFunction<UUID> partitionOf;
    private final Duration reserve;
    private volatile Instant next = Instant.MIN;
    /** End of the partition when a slot without a record was first looked at. */
    private final Map<PendingPurge.Key, Long> ends = new HashMap<>();

    /**
     * A scan of {@code custody}.
     *
     * @param partitionOf the partition that a signup lives in
     * @param reserve time between a key's expiry and the promise, for records that were not read
     */
    ErasedSlotScan(KeyCustody custody, TopicCuts signups, ToIntFunction<UUID> partitionOf, Duration reserve) {
        this.custody = custody;
        this.signups = signups;
        this.partitionOf = partitionOf;
        this.reserve = reserve;
    }

    /** Has the next cycle scan: a partition has come, whose erased slots may be waiting for their purge since before a crash. */
    void soon() {
        next = Instant.MIN;
    }

    /** When the next scan is due. */
    Instant nextAt() {
        return next;
    }

    /** Whether a scan is due, which is then to be made: the next one is due a period later. */
    boolean begin(Instant now) {
        // A clock that was set back must not put it off.
        if (now.isBefore(next) && !next.isAfter(now.plus(PERIOD))) {
            return false;
        }
        // Before the partitions are looked at: one that comes meanwhile has the next cycle scan again.
        next = now.plus(PERIOD);
        return true;
    }

    /**
     * Adds to the queues, by partition, what they do not have.
     *
     * @throws RuntimeException if the end of a partition could not be seen; the slots of the others have been found
     */
    void scan(Map<Integer, PurgeQueue> queues, Instant now) {
        if (queues.isEmpty()) {
            return;
        }
        Set<PendingPurge.Key> seen = new HashSet<>();
        Map<Integer, RuntimeException> failures = new HashMap<>();
        for (SlotView slot : awaited(custody.erased())) {
            PendingPurge.Key key = PendingPurge.Key.of(slot);
            seen.add(key);
            int number = slot.position()
                    .map(LogPosition::partition)
                    .orElseGet(() -> partitionOf.applyAsInt(slot.signupId()));
            PurgeQueue queue = queues.get(number);
            if (queue == null || queue.contains(key)) {
                continue;
            }
            if (slot.position().isPresent()
                    || !now.isBefore(PurgeEvents.fallbackAt(slot, reserve))
                    || neverPublished(slot, number, now, failures)) {
                boolean wasParked = slot.position().filter(LogPosition::parked).isPresent();
                queue.add(
                        PurgeEvents.pending(
                                slot,
                                slot.position(),
                                wasParked,
                                Optional.empty(),
                                PurgeEvents.readBack(custody.readBackOfErased()),
                                reserve),
                        now);
            }
        }
        ends.keySet().retainAll(seen);
        for (RuntimeException failure : failures.values()) {
            throw failure;
        }
    }

    /**
     * Whether no record of this slot will ever come: ingest's producer has given up, and everything that was in the partition
     * after that has been consumed, by which its slot would have been told a position. Whether all of it is finished does not
     * matter, which may take a day.
     */
    private boolean neverPublished(SlotView slot, int number, Instant now, Map<Integer, RuntimeException> failures) {
        Instant erasedAt = slot.erasedAt().orElse(now);
        // A partition that does not answer is asked once in a scan, and does not keep the others' slots from being
        // found.
        if (now.isBefore(erasedAt.plus(PUBLICATION_LIMIT)) || failures.containsKey(number)) {
            return false;
        }
        PendingPurge.Key key = PendingPurge.Key.of(slot);
        Long end = ends.get(key);
        if (end == null) {
            try {
                signups.endOffset(number).ifPresent(offset -> ends.put(key, offset));
            } catch (RuntimeException e) {
                failures.put(number, e);
            }
            return false;
        }
        return signups.consumed(number).orElse(0) >= end
                && awaited(custody.read(key.slot()))
                        .filter(view -> view.signupId().equals(key.signupId()))
                        .filter(view -> view.position().isEmpty())
                        .isPresent();
    }
}
