package org.brokerhandoff.custody.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The time of a process, as far as it can be trusted. {@link #instant} runs on with the monotonic clock; four times a second the host's
 * clocks are compared by {@link ClockJudge}, and the mark that all processes of the host share is read or written.
 *
 * <p>Thread-safe.
 */
public final class TrustedTime implements InstantSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedTime.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final Duration MARK_PERIOD = Duration.ofSeconds(1);
    private static final Duration OBSERVATION_PERIOD = Duration.ofMillis(500);
    private static final int MOST_OBSERVATIONS = 16;

    private final HostClock clock;
    private final TimeFile file;
    private final ConcurrentLinkedQueue<AppendObservation> appends = new ConcurrentLinkedQueue<>();
    private final AtomicLong observedNanos = new AtomicLong(System.nanoTime() - OBSERVATION_PERIOD.toNanos());
    private final Sending unobserved = new Sending(null);
    private final List<Consumer<ClockState>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "trusted-time");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Anchor anchor;
    private @Nullable TimeMark written; // in look() only
    private boolean failed; // in look() only

    /** A state, and the moment of {@link System#nanoTime} at which it was found. */
    private record Anchor(ClockState state, long nanos) {}

    /** A record on its way to Kafka. */
    public final class Sending {
        private final @Nullable ClockReading sent;

        private Sending(@Nullable ClockReading sent) {
            this.sent = sent;
        }

        /** Whether the record's append time is wanted. */
        boolean observed() {
            return sent != null;
        }

        /**
         * Kafka has acknowledged the record.
         *
         * @param appendedAt the append time by the broker's clock
         */
        public void appended(Instant appendedAt) {
            if (sent == null) {
                return;
            }
            if (appends.size() < MOST_OBSERVATIONS) {
                appends.add(new AppendObservation(sent, clock.read(), appendedAt));
            }
            if (!anchor.state().agrees()) {
                lookNow();
            }
        }
    }

    private TrustedTime(HostClock clock, TimeFile file) throws IOException {
        this.clock = clock;
        this.file = file;
        Optional<TimeMark> mark = file.read();
        ClockReading reading = clock.read();
        ClockState state = ClockJudge.start(reading, mark);
        this.anchor = new Anchor(state, System.nanoTime());
        if (!state.agrees()) {
            LOG.atLevel(state.expiryBound().equals(Instant.EPOCH) ? Level.INFO : Level.WARN)
                    .log("{}", described(state));
        }
    }

    /**
     * Starts with what was written down beside {@code slotFile}.
     *
     * @throws UncheckedIOException if the file {@code <slotFile>.time} cannot be opened or read
     */
    public static TrustedTime start(Path slotFile, HostClock clock) {
        TimeFile file = TimeFile.open(TimeFile.of(slotFile));
        try {
            TrustedTime time = new TrustedTime(clock, file);
            var unused = time.timer.scheduleWithFixedDelay(
                    time::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
            return time;
        } catch (IOException e) {
            throw new UncheckedIOException("time file of " + slotFile, e);
        }
    }

    /** What the clocks of this host read, and whether they agree with what was written down beside {@code slotFile}; starts nothing. */
    public static ClockState look(Path slotFile, HostClock clock) {
        try (TimeFile file = TimeFile.open(TimeFile.of(slotFile))) {
            Optional<TimeMark> mark = file.read();
            return ClockJudge.start(clock.read(), mark);
        } catch (IOException e) {
            throw new UncheckedIOException("time file of " + slotFile, e);
        }
    }

    /**
     * Writes down that the wall clock is right now, for all processes of the host.
     *
     * @param user number of the operating system's user who says so
     */
    public static TimeMark confirm(Path slotFile, HostClock clock, long user) {
        try (TimeFile file = TimeFile.open(TimeFile.of(slotFile))) {
            ClockReading reading = clock.read();
            TimeMark mark = new TimeMark(reading.boot(), reading.sinceBoot(), reading.wall(), OptionalLong.of(user));
            file.write(mark);
            return mark;
        } catch (IOException e) {
            throw new UncheckedIOException("time file of " + slotFile, e);
        }
    }

    /** Trusted time; while the clock is unconfirmed a lower bound, or, where nothing was ever written down, the wall clock of the start. */
    @Override
    public Instant instant() {
        Anchor now = anchor;
        return now.state().trusted().plusNanos(System.nanoTime() - now.nanos());
    }

    /** Nothing may be destroyed for its age that is due after this; 1970 if nothing may be. */
    public Instant expiryBound() {
        Anchor now = anchor;
        Instant bound = now.state().expiryBound();
        return bound.equals(Instant.EPOCH) ? bound : bound.plusNanos(System.nanoTime() - now.nanos());
    }

    /** What was found last. */
    public ClockState state() {
        return anchor.state();
    }

    /** Calls {@code listener}, on the thread that looks, with each state whose verdict is another kind than the one before. */
    public void onChange(Consumer<ClockState> listener) {
        listeners.add(listener);
    }

    /** Before a record is sent to a topic with {@code LogAppendTime}; of two records a second the time is looked at. */
    public Sending sending() {
        long last = observedNanos.get();
        long now = System.nanoTime();
        return now - last >= OBSERVATION_PERIOD.toNanos() && observedNanos.compareAndSet(last, now)
                ? new Sending(clock.read())
                : unobserved;
    }

    /** A start waits for it. */
    private void lookNow() {
        try {
            timer.execute(this::look);
        } catch (RejectedExecutionException closed) {
            LOG.debug("clocks are no longer compared");
        }
    }

    private void look() {
        try {
            Optional<TimeMark> mark = file.read().filter(found -> !found.equals(written));
            List<AppendObservation> seen = new ArrayList<>();
            for (AppendObservation next = appends.poll(); next != null; next = appends.poll()) {
                seen.add(next);
            }
            ClockState before = anchor.state();
            ClockReading reading = clock.read();
            ClockState after = ClockJudge.next(before, reading, mark, seen);
            anchor = new Anchor(after, System.nanoTime());
            if (after.agrees() && isDue(after)) {
                written = after.mark();
                file.write(written);
            }
            if (!before.verdict().code().equals(after.verdict().code())) {
                boolean firstStart = before.expiryBound().equals(Instant.EPOCH);
                LOG.atLevel(firstStart ? Level.INFO : Level.WARN).log("{}", described(after));
                listeners.forEach(listener -> listener.accept(after));
            }
            failed = false;
        } catch (IOException | RuntimeException e) {
            // A timer task that throws is never run again. Time continues from the last look.
            if (!failed) {
                LOG.error("the clocks cannot be compared: {}", e.getClass().getName());
            }
            failed = true;
        }
    }

    private boolean isDue(ClockState state) {
        TimeMark last = written;
        return last == null
                || state.resolved().isPresent()
                || state.reading().sinceBoot().minus(last.sinceBoot()).compareTo(MARK_PERIOD) >= 0;
    }

    private static String described(ClockState state) {
        return state.verdict().code() + ": the wall clock says "
                + state.reading().wall() + ", trusted is "
                + state.trusted()
                + state.resolved().map(how -> " (" + how + ")").orElse("")
                + (state.confirmedBy().isPresent()
                        ? ", by user " + state.confirmedBy().getAsLong()
                        : "");
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a comparison of the clocks has not ended");
            }
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("time file", e);
        }
    }
}
