package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.router.purge.CompletionTracker;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this router has. Used by the poll thread only.
 *
 * <pre>
 *  assigned by Kafka ──▶ PAUSED ── lease acquired, ends read ──▶ OWNED ── revoked or lost ──▶ GOING ── last record ends ──▶ lease given back
 *                          │  ▲                                                                 │
 *                          │  └── refused, or Kafka does not answer: again in 200 ms            └── assigned again ──▶ OWNED, same lease
 *                          │  ▲
 *                          │  └── its lease has ended, and so has the last record ── OWNED
 *                          └── revoked before ──▶ forgotten
 * </pre>
 *
 * <p>Kafka's group says who should have a partition, and is wrong while a router is stopped or late. The lease says who has it: only its owner
 * begins work on a record, offers a signup, or cuts. Both topics' partitions of one number share a lease.
 */
final class OwnedPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final String parkedTopic;
    private final PartitionLeases leases;
    private final PurgeWorker purges;
    private final Map<TopicPartition, AssignedPartition> owned = new HashMap<>();
    /** By partition number. */
    private final Map<Integer, PartitionHold> holds = new HashMap<>();
    /** That could not be taken up when it was last tried. */
    private final Set<TopicPartition> failed = new HashSet<>();

    private long nextLookNanos = System.nanoTime();

    OwnedPartitions(Consumer<byte[], byte[]> consumer, String parkedTopic, PartitionLeases leases, PurgeWorker purges) {
        this.consumer = consumer;
        this.parkedTopic = parkedTopic;
        this.leases = leases;
        this.purges = purges;
    }

    Map<TopicPartition, AssignedPartition> all() {
        return Collections.unmodifiableMap(owned);
    }

    Optional<AssignedPartition> get(TopicPartition partition) {
        return Optional.ofNullable(owned.get(partition));
    }

    /** Takes up what can be taken up of {@code partitions}; the rest waits. */
    void take(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            try {
                takeUp(partition);
            } catch (RuntimeException e) {
                consumer.pause(List.of(partition));
                if (failed.add(partition)) {
                    // Once, and the kind only: a Kafka exception may quote a record.
                    LOG.warn("{} is started later: {}", partition, e.getClass().getSimpleName());
                }
            }
        }
    }

    /**
     * The partitions whose lease has ended, which Kafka still gives to this router. They fetch nothing, and stand at their first unfinished record;
     * once they are {@linkplain #forget forgotten}, and work in progress in them has ended, they are taken up again.
     */
    Set<TopicPartition> lost() {
        Set<TopicPartition> lost = new HashSet<>();
        owned.forEach((partition, state) -> {
            if (!state.held()) {
                consumer.pause(List.of(partition));
                consumer.seek(partition, state.tracker.completed().prefix());
                lost.add(partition);
            }
        });
        return lost;
    }

    /**
     * Takes up the partitions whose leases another process had, or that could not be asked for their ends. No record would bring them: they are
     * paused, and slots in them may wait for their purge.
     */
    void takeMissing() {
        Set<TopicPartition> assigned = consumer.assignment();
        if (owned.size() == assigned.size() || System.nanoTime() - nextLookNanos < 0) {
            return;
        }
        nextLookNanos = System.nanoTime() + PAUSE.toNanos();
        take(assigned.stream()
                .filter(partition -> !owned.containsKey(partition))
                .toList());
    }

    /** Under the lease only: what its last owner has written, or was still writing, stands before the end that is read here. */
    private void takeUp(TopicPartition partition) {
        Optional<PartitionHold> hold = hold(partition.partition());
        if (hold.isEmpty()) {
            consumer.pause(List.of(partition));
            return;
        }
        try {
            List<TopicPartition> one = List.of(partition);
            long start = Objects.requireNonNull(consumer.beginningOffsets(one).get(partition));
            long end = Objects.requireNonNull(consumer.endOffsets(one).get(partition));
            // Records before the committed one, or cut already, are finished.
            own(partition, hold.get(), Math.max(consumer.position(partition), start), end);
        } catch (RuntimeException e) {
            hold.get().leave();
            throw e;
        }
    }

    private Optional<PartitionHold> hold(int number) {
        PartitionHold held = holds.get(number);
        if (held != null && held.held() && held.enter()) {
            return Optional.of(held);
        }
        if (leases.tryAcquire(number) instanceof LeaseOutcome.Acquired acquired) {
            PartitionHold hold = new PartitionHold(acquired.lease());
            holds.put(number, hold);
            return Optional.of(hold);
        }
        return Optional.empty();
    }

    private void own(TopicPartition partition, PartitionHold hold, long first, long end) {
        int number = partition.partition();
        AssignedPartition state = new AssignedPartition(
                partition, partition.topic().equals(parkedTopic), hold, new CompletionTracker(first), end);
        state.paused = consumer.paused().contains(partition);
        owned.put(partition, state);
        failed.remove(partition);
        if (state.parked) {
            purges.assignedParked(number, state.tracker);
        } else {
            purges.assigned(number, state.tracker);
        }
    }

    /** Cuts end first; only then do the handoffs in progress learn that the partition is gone, and leave what they have. */
    void forget(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (partition.topic().equals(parkedTopic)) {
                purges.revokedParked(partition.partition());
            } else {
                purges.revoked(partition.partition());
            }
            failed.remove(partition);
            AssignedPartition gone = owned.remove(partition);
            if (gone == null) {
                leases.abandon(partition.partition());
            } else {
                gone.goes();
            }
        }
    }
}
