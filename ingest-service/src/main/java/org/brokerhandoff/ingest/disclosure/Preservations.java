package org.brokerhandoff.ingest.disclosure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.Answers;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.ingest.rights.SignupLocks;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.HoldTimes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aligns the ends of this host's keys with the log: a hold is in the log before the slot knows of it, so that no key outlives its promise
 * unlogged. Differences left by a process that died in between, by another host's decision, or by an older copy of the slot file are repaired
 * at the next check, some seconds later. A released hold is repaired the same way.
 */
public final class Preservations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Preservations.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final long LIMIT_SECONDS = 25;

    private final DisclosureReader reader;
    private final KeyCustody custody;
    private final SignupLocks locks;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingest-preservations");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failing; // on the timer's thread only

    private Preservations(DisclosureReader reader, KeyCustody custody, SignupLocks locks, InstantSource clock) {
        this.reader = reader;
        this.custody = custody;
        this.locks = locks;
        this.clock = clock;
    }

    /** Checks periodically until it is closed. */
    public static Preservations start(
            DisclosureReader reader, KeyCustody custody, SignupLocks locks, InstantSource clock) {
        Preservations preservations = new Preservations(reader, custody, locks, clock);
        var unused = preservations.timer.scheduleWithFixedDelay(
                preservations::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return preservations;
    }

    private void look() {
        try {
            reader.projectedPreservedAfter(clock.instant()).stream()
                    .map(Disclosure::signupId)
                    .distinct()
                    .forEach(this::settle);
            failing = false;
        } catch (RuntimeException e) {
            // A timer task that throws is never run again.
            if (!failing) {
                LOG.warn(
                        "preservation orders cannot be compared with custody: {}",
                        e.getClass().getName());
            }
            failing = true;
        }
    }

    private void settle(UUID signupId) {
        boolean unused = locks.alone(signupId, lock -> {
            reader.awaitSignup(signupId).ifPresent(this::settle);
            return true;
        });
    }

    /**
     * Sets the end of the signup's key as the log says, if it is here. Blocks; throws if that cannot be confirmed. The caller serialises
     * calls for this signup.
     *
     * @param signup what the log says
     */
    void settle(SignupStatus signup) {
        Optional<SlotView> slot = Answers.awaited(custody.find(signup.signupId()))
                .filter(view -> view.state() == SlotState.HELD || view.state() == SlotState.OFFERED);
        if (slot.isEmpty()) {
            return;
        }
        HoldTimes promised = HoldTimes.promised(signup.receivedAt(), signup.eraseBy());
        Optional<Instant> end = signup.preservedUntil()
                .map(until -> promised.until(until).keyExpiry().truncatedTo(ChronoUnit.SECONDS))
                .filter(slot.get().expiry()::isBefore);
        if (!end.equals(slot.get().prolongedTo())) {
            var outcome = custody.prolong(slot.get().reference(), signup.signupId(), end.orElse(Instant.EPOCH))
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
            LOG.info(
                    "the end of {} was set to what the log says: {}",
                    slot.get().reference(),
                    outcome.getClass().getSimpleName());
        }
    }

    /** Waits for a check in progress. */
    @Override
    public void close() {
        // Not interrupted: an interrupt would close the slot file's channel.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a comparison of preservation orders with custody has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
