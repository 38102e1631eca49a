package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;

/**
 * Cuts the finished prefix of every partition this router has, of {@code signups} and of the parked topic, verifies the cut after the
 * brokers' checkpoint interval, publishes the purges and frees the slots. One thread, which sleeps until something is to be done: a record
 * was finished, a cut is old enough, a limit is near. Telling it of a purge only fills a mailbox.
 *
 * <p>What has been finished is cut at once after a quiet time, and twice a second under traffic: a cut costs the brokers the same however much
 * it covers.
 *
 * <p>What {@code kill -9} loses, step by step: before the cut, nothing – the record is consumed again and its erased slot leads
 * here; between the cut and the verification, the cut may be undone by the brokers, and is made again since the erased slots are
 * found at the start; between the verification and the acknowledgement of {@code Purged}, or before the slot is freed, the purge
 * is published again with the same event id. Losing mailbox and queues does no harm: each purge in them has its erased slot, or its record,
 * which is not finished before its purge is acknowledged.
 *
 * <p>The state has one owner each: what is pending {@link PurgeQueue}, how far a topic is cut {@link TopicCuts}, which slots it was not told of
 * {@link ErasedSlotScan}; {@link PurgePublication} holds nothing.
 */
public final class PurgeWorker implements AutoCloseable {
    /** Cycles are so far apart, however many news there are. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final PurgeCycle cycle;
    private final InstantSource clock;
    private final KeyCustody custody;
    private final Duration reserve;
    private final WakeableSleep sleep = new WakeableSleep();
    private final Thread thread;

    /**
     * What a worker works with.
     *
     * @param cutter cuts {@code signups}
     * @param parkedCutter cuts the parked topic
     * @param setAside looks at the copies of records that could not be processed; used by the worker's thread
     * @param erasureReports what the agents beside the brokers have said
     * @param published told of each acknowledged purge and of the moment
     */
    public record Parts(
            KeyCustody custody,
            LogCutter cutter,
            LogCutter parkedCutter,
            SetAsideLook setAside,
            PurgeLog log,
            Supplier<ErasureReports> erasureReports,
            BiConsumer<Purged, Instant> published) {}

    /**
     * What claims depend on.
     *
     * @param segmentAge age at which an append rolls a segment
     * @param ceiling how far claims may go on this host, by the newest examination in the log
     * @param reserve time between a key's expiry and the promise, for records that were not read
     * @param erasureWait longest time for which a purge waits for the brokers' files
     */
    public record Terms(Duration segmentAge, Supplier<Ceiling> ceiling, Duration reserve, Duration erasureWait) {}

    /**
     * A worker; {@link #start} starts it.
     *
     * @param partitionOf the partition that a signup lives in
     * @param uptime a monotonic clock; only differences count
     */
    public PurgeWorker(
            Parts parts, Terms terms, ToIntFunction<UUID> partitionOf, InstantSource clock, Supplier<Duration> uptime) {
        this.cycle = new PurgeCycle(parts, terms, partitionOf, clock, uptime);
        this.custody = parts.custody();
        this.clock = clock;
        this.reserve = terms.reserve();
        this.thread = new Thread(this::run, "purge");
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** This router now has a partition of the parked topic, whose finished records {@code tracker} knows. */
    public void assignedParked(int partition, CompletionTracker tracker) {
        tracker.whenPrefixGrows(sleep::wake);
        cycle.assignedParked(partition, tracker);
        sleep.wake();
    }

    /** This router no longer has a partition of the parked topic. Waits for a cut of it that is in progress. */
    public void revokedParked(int partition) {
        cycle.revokedParked(partition);
    }

    /** This router now has a partition of {@code signups}, whose finished records {@code tracker} knows. */
    public void assigned(int partition, CompletionTracker tracker) {
        tracker.whenPrefixGrows(sleep::wake);
        cycle.assigned(partition, tracker);
        sleep.wake();
    }

    /**
     * This router no longer has a partition of {@code signups}; its next owner finds its erased slots. Waits for a cut of it that is under
     * way.
     */
    public void revoked(int partition) {
        cycle.revoked(partition);
    }

    /** A handoff ended with an erased slot: its purge is due. To be told before the record counts as finished. Does not block. */
    public void due(HandoffEnd.Finished end, SlotView slot) {
        int partition = end.signup().partition();
        cycle.due(partition).ifPresent(due -> {
            // The slot holds the position of the last record of this signup; this record may be another
            // one of the same.
            due.tell(PurgeEvents.pending(
                    slot,
                    Optional.of(LogPosition.inSignups(partition, end.signup().offset())),
                    end.parked(),
                    Optional.of(end.signup().eraseBy()),
                    PurgeEvents.readBack(end.readBack().or(custody::readBackOfErased)),
                    reserve));
            sleep.wake();
        });
    }

    /**
     * A record was found whose slot is gone and whose purge the log does not have: its purge is due. No slot would bring it back
     * after a crash, so its record must not count as finished before Kafka has acknowledged the purge. Does not block.
     *
     * @return completes with whether the purge was acknowledged, on the purge thread; {@code false} if the partition has gone to another
     *     router, for which the record has to stay
     */
    public CompletionStage<Boolean> dueWithoutSlot(PendingSignup signup) {
        DuePurges due = cycle.due(signup.partition()).orElse(null);
        if (due == null) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> acknowledged = due.tellWithoutSlot(PurgeEvents.withoutSlot(signup, clock.instant()));
        sleep.wake();
        if (cycle.due(signup.partition()).filter(now -> now == due).isEmpty()) {
            // The partition went meanwhile, and gone() may have been before.
            acknowledged.complete(false);
        }
        return acknowledged;
    }

    /** Whether the thread is alive. */
    public boolean running() {
        return thread.isAlive();
    }

    /** Purges that are due and not published. */
    public int pending() {
        return cycle.pending();
    }

    /** What the pending purges waited for when they were last looked at. */
    public PurgeWaits waits() {
        return cycle.waits();
    }

    private void run() {
        while (!sleep.ended()) {
            sleep.forgetNews();
            if (cycle()) {
                // News of what was finished are of no use until something may be cut again.
                sleep.sleep(
                        longer(SHORTEST_PAUSE, cycle.untilCutsMayBeMade()),
                        longer(SHORTEST_PAUSE, cycle.untilSomethingIsDue()));
            } else {
                sleep.sleep(PAUSE_AFTER_FAILURE, PAUSE_AFTER_FAILURE);
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** All steps once; whether all were done. */
    boolean cycle() {
        return cycle.run();
    }

    /** Waits for the cycle that runs. It is not interrupted: that would close the slot file's channel under everybody's feet. */
    @Override
    public void close() {
        sleep.end(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
