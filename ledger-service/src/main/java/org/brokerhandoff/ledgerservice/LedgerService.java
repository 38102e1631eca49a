package org.brokerhandoff.ledgerservice;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.witness.Witnesses;
import org.brokerhandoff.operations.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a builder round after round on one thread, and begins it anew after what it cannot carry on from. */
final class LedgerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerService.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(35);

    private final BuilderSettings settings;
    private final List<SigningKey> keys;
    private final Witnesses witnesses;
    private final InstantSource clock;
    private final Step.Observer steps;
    private final BlockingQueue<CompletableFuture<Long>> wanted = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "ledger");
    private volatile LedgerState state = new LedgerState.Starting();
    private volatile boolean closed;

    private LedgerService(
            BuilderSettings settings,
            List<SigningKey> keys,
            Witnesses witnesses,
            InstantSource clock,
            Step.Observer steps) {
        this.witnesses = witnesses;
        this.settings = settings;
        this.keys = List.copyOf(keys);
        this.clock = clock;
        this.steps = steps;
    }

    /**
     * Starts the thread.
     *
     * @throws UncheckedIOException if a key file is not as it has to be
     */
    static LedgerService start(
            BuilderSettings settings, Witnesses witnesses, MeterRegistry meters, Step.Observer steps) {
        LedgerService service = new LedgerService(
                settings,
                KeyFiles.read(settings.origin(), settings.keyFiles()),
                witnesses,
                InstantSource.system(),
                steps);
        Gauge.builder("handoff.ledger.entries", service, LedgerService::entries)
                .description("Entries under the newest checkpoint")
                .register(meters);
        Gauge.builder("handoff.ledger.halted", service, each -> each.state instanceof LedgerState.Halted ? 1 : 0)
                .description("1 if the builder has stopped because something contradicts the ledger")
                .register(meters);
        service.thread.start();
        return service;
    }

    private double entries() {
        return state instanceof LedgerState.Running running ? running.size() : Double.NaN;
    }

    /** Ready while rounds succeed. */
    HealthCheck readiness() {
        return HealthCheck.of("ledger", () -> state.health());
    }

    LedgerState state() {
        return state;
    }

    /** Has a round made now; the size of the checkpoint after it. Fails if the round does, or the builder has stopped. */
    CompletableFuture<Long> checkpointNow() {
        CompletableFuture<Long> checkpoint = new CompletableFuture<>();
        wanted.add(checkpoint);
        if (!thread.isAlive()) {
            fail(drained(), "the builder has stopped");
        }
        return checkpoint;
    }

    private void run() {
        Optional<LedgerBuilder> builder = Optional.empty();
        List<CompletableFuture<Long>> waiting = List.of();
        try {
            while (!closed) {
                boolean failed = false;
                try {
                    if (builder.isEmpty()) {
                        builder = Optional.of(LedgerBuilder.open(settings, keys, witnesses, clock, steps));
                        state = new LedgerState.Starting();
                        builder.get().start();
                    }
                    builder.get().round();
                    running(builder.get().size());
                    for (CompletableFuture<Long> each : waiting) {
                        each.complete(builder.get().size());
                    }
                } catch (LogChanged | UncheckedIOException e) {
                    // What is in memory may be ahead of what is on disk, or of the topic: begin from those.
                    failing(e);
                    builder = closed(builder);
                    failed = true;
                } catch (RuntimeException e) {
                    failing(e);
                    // A start is made as a whole; a round goes on where the last one stopped.
                    if (builder.isPresent() && !builder.get().isStarted()) {
                        builder = closed(builder);
                    }
                    failed = true;
                }
                if (failed) {
                    fail(waiting, "the round failed");
                }
                waiting = await(failed ? PAUSE_AFTER_FAILURE : settings.interval());
            }
        } catch (Halt halt) {
            LOG.error("the ledger has stopped: {}", halt.getMessage());
            state = new LedgerState.Halted(halt.reason(), String.valueOf(halt.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fail(waiting, "the builder has stopped");
            closed(builder);
            fail(drained(), "the builder has stopped");
        }
    }

    private void running(long size) {
        if (!(state instanceof LedgerState.Running running) || running.size() != size) {
            LOG.info("checkpoint of size {}", size);
        }
        state = new LedgerState.Running(size);
    }

    private void failing(RuntimeException failure) {
        // The message of anything else may quote a client setting, and that may be a password.
        boolean ours = failure instanceof EventLogUnavailable
                || failure instanceof LogChanged
                || failure instanceof UnknownSchema
                || failure instanceof UncheckedIOException;
        String why =
                ours ? String.valueOf(failure.getMessage()) : failure.getClass().getSimpleName();
        if (!state.equals(new LedgerState.Failing(why)) && !closed) {
            LOG.warn("the round failed and is tried again: {}", why);
        }
        state = new LedgerState.Failing(why);
    }

    private static Optional<LedgerBuilder> closed(Optional<LedgerBuilder> builder) {
        builder.ifPresent(LedgerBuilder::close);
        return Optional.empty();
    }

    /** Those who want a checkpoint now; nobody if the time is over first. */
    private List<CompletableFuture<Long>> await(Duration time) throws InterruptedException {
        CompletableFuture<Long> first = wanted.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        List<CompletableFuture<Long>> all = new ArrayList<>();
        if (first != null) {
            all.add(first);
        }
        all.addAll(drained());
        return all;
    }

    private List<CompletableFuture<Long>> drained() {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        wanted.drainTo(all);
        return all;
    }

    private static void fail(List<CompletableFuture<Long>> waiting, String why) {
        waiting.forEach(each -> each.completeExceptionally(new IllegalStateException(why)));
    }

    /** Waits for the round that runs. */
    @Override
    public void close() {
        closed = true;
        // Wakes the thread; it sees that it is closed.
        wanted.add(new CompletableFuture<>());
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
