package org.brokerhandoff.registerservice.notify;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes all notices, on one thread: reads their state, asks the planner about each, and starts the steps. Its only state besides the log
 * is which steps are in progress, so that a restart continues from the log.
 *
 * <p>A sending is recorded after its reply. After a crash in between, the same notice is sent again with the same id, and recorded with the
 * same event id; nothing is lost, and a broker that implements the contract is idempotent.
 */
public final class NoticeSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeSender.class);
    private static final int MOST_RECORDINGS_AT_ONCE = 64;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** Maximum share of one processor for scanning many open notices. */
    private static final int PAUSES_PER_PASS = 20;

    private final NoticeSource source;
    private final NoticeSteps steps;
    private final Duration shortestPause;
    private final Duration forgetAfter;
    private final InstantSource clock;
    private final Thread thread = new Thread(this::run, "notices");
    private final CountDownLatch closed = new CountDownLatch(1);

    private final Object lock = new Object();
    /** Guarded by the lock, as are all lanes. A notice has at most one step in progress. */
    private final Set<Notice.Key> underWay = new HashSet<>();
    /** Notices with a step in progress at any time since the latest scan began: it may have missed the outcome. */
    private final Set<Notice.Key> touched = new HashSet<>();

    private final Map<String, Lane> exchanges = new HashMap<>();
    /** Steps that contact no broker, and must not wait for one that hangs. */
    private final Lane recordings = new Lane(MOST_RECORDINGS_AT_ONCE);

    private volatile Overview overview = Overview.NONE;

    /** Limit of concurrent steps; notices with a pending step, by the latest scan, queue here. */
    private static final class Lane {
        final int most;
        final Deque<Notice> waiting = new ArrayDeque<>();
        int underWay;

        Lane(int most) {
            this.most = most;
        }
    }

    private record Work(Notice.Key key, Lane lane, Supplier<CompletionStage<Void>> step) {}

    /** Result of the last pass. */
    private record Overview(
            int pending, int escalated, Optional<Instant> oldest, int partitionsBehind, Optional<String> failure) {
        static final Overview NONE = new Overview(0, 0, Optional.empty(), 0, Optional.empty());
    }

    /**
     * A sender; {@link #start} starts it.
     *
     * @param shortestPause minimum interval between scans
     * @param maximumHold longest hold of a signup: after it, and a day, no event can add another broker as its holder
     */
    public NoticeSender(
            NoticeSource source,
            NoticeSteps steps,
            Duration shortestPause,
            Duration maximumHold,
            InstantSource clock,
            MeterRegistry meters) {
        this.source = source;
        this.steps = steps;
        this.shortestPause = shortestPause;
        this.forgetAfter = maximumHold.plusDays(1);
        this.clock = clock;
        thread.setDaemon(true);
        Gauge.builder("handoff.notices.open", this, sender -> sender.overview.pending())
                .tag("state", "pending")
                .register(meters);
        Gauge.builder("handoff.notices.open", this, sender -> sender.overview.escalated())
                .tag("state", "escalated")
                .register(meters);
        Gauge.builder("handoff.notices.oldest", this, NoticeSender::oldestSeconds)
                .baseUnit("seconds")
                .register(meters);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    private double oldestSeconds() {
        return overview.oldest()
                .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
                .orElse(0.0);
    }

    /** Whether notices are being processed, and which need a human. */
    public Health health() {
        Overview seen = overview;
        if (seen.failure().isPresent()) {
            return Health.impaired(
                    "notices-interrupted",
                    "pending notices cannot be read: " + seen.failure().get());
        } else if (seen.partitionsBehind() > 0) {
            return Health.impaired(
                    "notices-behind", "the register lags behind the log in " + seen.partitionsBehind() + " partitions");
        } else if (seen.escalated() > 0) {
            return Health.impaired(
                    "notices-escalated",
                    seen.escalated() + " notices were not answered in time; the log names the brokers");
        }
        return Health.healthy();
    }

    private void run() {
        boolean warm = false;
        while (closed.getCount() > 0) {
            long startNanos = System.nanoTime();
            // The first pass loads classes, which takes a second: that must not cause a pause of twenty.
            int pauses = warm ? PAUSES_PER_PASS : 0;
            Duration waited = Duration.ZERO;
            try {
                waited = pass();
                warm = true;
            } catch (RuntimeException e) {
                // Only the kind of failure: exceptions of libraries may quote their input.
                String kind = e.getClass().getSimpleName();
                forgetWaiting();
                if (!overview.failure().equals(Optional.of(kind))) {
                    LOG.warn("pending notices cannot be read, retrying: {}", kind);
                }
                Overview last = overview;
                overview = new Overview(
                        last.pending(), last.escalated(), last.oldest(), last.partitionsBehind(), Optional.of(kind));
            }
            Duration worked = Duration.ofNanos(System.nanoTime() - startNanos).minus(waited);
            pause(rest(worked.multipliedBy(pauses), waited, shortestPause));
        }
    }

    /**
     * The pause after a pass. Waiting for a lagging register adds a pause of the same length, no longer: withdrawals that it has yet to show
     * must be found soon after it has them.
     */
    static Duration rest(Duration fromWork, Duration waited, Duration shortest) {
        Duration longer = Collections.max(List.of(fromWork, waited, shortest));
        return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private void pause(Duration rest) {
        try {
            var unused = closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** One scan of all open notices; returns how much of it was waiting. */
    private Duration pass() {
        synchronized (lock) {
            touched.clear();
            touched.addAll(underWay);
        }
        NoticeSource.Reading reading = source.read();
        Instant now = clock.instant();
        List<Notice> known = new ArrayList<>();
        List<NoticeSource.Cause> ended = new ArrayList<>();
        Set<Notice.Key> open = new HashSet<>();
        int pending = 0;
        int escalated = 0;
        Optional<Instant> oldest = Optional.empty();
        for (NoticeSource.OpenCause cause : inOrder(reading)) {
            if (ended(cause, now)) {
                ended.add(cause.cause());
                continue;
            }
            for (Notice notice : cause.notices()) {
                open.add(notice.key());
                if (notice.answer().isEmpty()) {
                    pending += notice.escalations().isEmpty() ? 1 : 0;
                    escalated += notice.escalations().isEmpty() ? 0 : 1;
                }
                if (!notice.ended()) {
                    oldest = Optional.of(
                            oldest.filter(notice.requestedAt()::isAfter).orElse(notice.requestedAt()));
                }
                known.add(notice);
            }
        }
        overview = new Overview(pending, escalated, oldest, reading.behind().size(), Optional.empty());
        // A partition that was left out is not over: without its state a broker would be polled again at once, or not
        // be sent a notice that it has lost.
        steps.forget(key -> !open.contains(key) && !reading.behind().contains(source.partition(key.signupId())));
        advance(known, now);
        if (!ended.isEmpty()) {
            source.ended(ended);
        }
        return reading.waited();
    }

    /** The oldest first, regardless of broker. */
    private static List<NoticeSource.OpenCause> inOrder(NoticeSource.Reading reading) {
        return reading.causes().stream()
                .sorted(Comparator.comparing(NoticeSource.OpenCause::occurredAt))
                .toList();
    }

    private boolean ended(NoticeSource.OpenCause cause, Instant now) {
        return cause.notices().isEmpty()
                // All have refused, or the events are still to come.
                ? now.isAfter(cause.occurredAt().plus(forgetAfter))
                // One that was given up stays: its broker has not answered, and operators must see that.
                : cause.notices().stream().allMatch(notice -> notice.answer().isPresent());
    }

    /** Replaces the queue by the steps of this scan, and starts what may start. */
    private void advance(List<Notice> known, Instant now) {
        Set<Lane> filled = new LinkedHashSet<>();
        synchronized (lock) {
            forgetWaiting();
            for (Notice notice : known) {
                if (!touched.contains(notice.key())) {
                    laneOf(notice, steps.next(notice, now)).ifPresent(lane -> {
                        lane.waiting.add(notice);
                        filled.add(lane);
                    });
                }
            }
        }
        filled.forEach(this::startWaiting);
    }

    private void forgetWaiting() {
        synchronized (lock) {
            recordings.waiting.clear();
            exchanges.values().forEach(lane -> lane.waiting.clear());
        }
    }

    /** The lane of a step; null if there is nothing to do now. */
    private Optional<Lane> laneOf(Notice notice, NoticeStep step) {
        if (step instanceof NoticeStep.Send || step instanceof NoticeStep.Ask) {
            return Optional.of(exchanges.computeIfAbsent(
                    notice.key().broker(), broker -> new Lane(NoticeClient.MOST_AT_ONCE_PER_BROKER)));
        } else if (step instanceof NoticeStep.RecordFact
                || step instanceof NoticeStep.Confirm
                || step instanceof NoticeStep.Escalate) {
            return Optional.of(recordings);
        }
        return Optional.empty();
    }

    private void startWaiting(Lane lane) {
        for (Optional<Work> next = takeNext(lane); next.isPresent(); next = takeNext(lane)) {
            Work work = next.get();
            CompletionStage<Void> done;
            try {
                done = work.step().get();
            } catch (RuntimeException e) {
                done = CompletableFuture.failedFuture(e);
            }
            // Never on this thread: a completed stage would start the next step within this loop.
            var unused = done.whenCompleteAsync((result, failure) -> ended(work, failure));
        }
    }

    /** The next step that a lane has capacity for. */
    private Optional<Work> takeNext(Lane lane) {
        synchronized (lock) {
            while (lane.underWay < lane.most && !lane.waiting.isEmpty() && closed.getCount() > 0) {
                Notice notice = lane.waiting.remove();
                // It may have been queued for long: the partition may belong to another process by now, the broker may
                // have left the directory, another step may be due.
                NoticeStep step = steps.next(notice, clock.instant());
                if (source.ours(source.partition(notice.key().signupId()))
                        && laneOf(notice, step).filter(lane::equals).isPresent()
                        && underWay.add(notice.key())) {
                    touched.add(notice.key());
                    lane.underWay++;
                    return Optional.of(new Work(notice.key(), lane, () -> steps.take(notice, step)));
                }
            }
            return Optional.empty();
        }
    }

    private void ended(Work work, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            LOG.warn(
                    "a notice about signup {} is retried after {}",
                    work.key().signupId(),
                    cause.getClass().getSimpleName());
        }
        synchronized (lock) {
            underWay.remove(work.key());
            work.lane().underWay--;
        }
        startWaiting(work.lane());
    }

    /** Starts nothing any more; work in progress is abandoned, as when the process dies. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
