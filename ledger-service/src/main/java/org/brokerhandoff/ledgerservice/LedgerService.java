package org.brokerhandoff.ledgerservice;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledgerservice.evidence.Standing;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.operations.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a builder round after round on one thread, and restarts it after unrecoverable failures. */
final class LedgerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerService.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(35);
    /** More would not be answered before their callers time out. */
    private static final int MOST_REQUESTS = 256;

    private static final String STOPPED = "the builder has stopped";

    /** Requests to the thread that owns the ledger. */
    private sealed interface Request {
        void fail(String why);

        /** Requests an immediate round. */
        record Round(CompletableFuture<Long> size) implements Request {
            @Override
            public void fail(String why) {
                size.completeExceptionally(new IllegalStateException(why));
            }
        }

        /** Looks up an id, between two rounds. */
        record Look(UUID id, CompletableFuture<Standing> standing) implements Request {
            @Override
            public void fail(String why) {
                standing.completeExceptionally(new IllegalStateException(why));
            }
        }

        /** Does nothing: wakes the thread, which sees that it is closed, or that witnesses have answered. */
        record Wake() implements Request {
            @Override
            public void fail(String why) {
                // No caller waits for the result.
            }
        }
    }

    private final BuilderSettings settings;
    private final List<SigningKey> keys;
    private final Outside outside;
    private final InstantSource clock;
    private final Step.Observer steps;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(MOST_REQUESTS);
    private final Thread thread = new Thread(this::run, "ledger");
    private volatile LedgerState state = new LedgerState.Starting();
    private volatile boolean closed;

    private LedgerService(
            BuilderSettings settings,
            List<SigningKey> keys,
            Outside outside,
            InstantSource clock,
            Step.Observer steps) {
        this.outside = outside;
        this.settings = settings;
        this.keys = List.copyOf(keys);
        this.clock = clock;
        this.steps = steps;
    }

    /**
     * Starts the thread.
     *
     * @throws UncheckedIOException if a key file is invalid
     */
    static LedgerService start(BuilderSettings settings, Outside outside, MeterRegistry meters, Step.Observer steps) {
        LedgerService service = new LedgerService(
                settings,
                KeyFiles.read(settings.origin(), settings.keyFiles()),
                outside,
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

    /** Requests an immediate round; returns the size of the checkpoint after it. Fails if the round does, or the builder has stopped. */
    CompletableFuture<Long> checkpointNow() {
        CompletableFuture<Long> size = new CompletableFuture<>();
        request(new Request.Round(size));
        return size;
    }

    /** Looks up {@code id} as of the newest checkpoint. Fails if there is none yet, or the builder has stopped. */
    CompletableFuture<Standing> standing(UUID id) {
        CompletableFuture<Standing> standing = new CompletableFuture<>();
        request(new Request.Look(id, standing));
        return standing;
    }

    private void request(Request request) {
        if (!requests.offer(request)) {
            request.fail("too many requests are waiting");
        }
        if (!thread.isAlive()) {
            drained().forEach(each -> each.fail(STOPPED));
        }
    }

    private void run() {
        Optional<LedgerBuilder> builder = Optional.empty();
        List<Request.Round> waiting = List.of();
        try {
            while (!closed) {
                boolean failed = false;
                try {
                    if (builder.isEmpty()) {
                        builder = Optional.of(LedgerBuilder.open(settings, keys, outside, clock, steps));
                        state = new LedgerState.Starting();
                        builder.get().start();
                    }
                    LedgerBuilder running = builder.get();
                    running.round((witnesses, nanos) -> await(witnesses, nanos, running));
                    running(running.size());
                    long size = running.size();
                    waiting.forEach(each -> each.size().complete(size));
                } catch (LogChanged | UncheckedIOException e) {
                    // Memory may be ahead of the disk, or of the topic: restart from those.
                    failing(e);
                    builder = closed(builder);
                    failed = true;
                } catch (RuntimeException e) {
                    failing(e);
                    // A start is repeated as a whole; a round continues where the last one stopped.
                    if (builder.isPresent() && !builder.get().isStarted()) {
                        builder = closed(builder);
                    }
                    failed = true;
                }
                if (failed) {
                    waiting.forEach(each -> each.fail("the round failed"));
                }
                waiting = failed ? await(PAUSE_AFTER_FAILURE, Optional.empty()) : await(settings.interval(), builder);
            }
        } catch (Halt halt) {
            LOG.error("the ledger has stopped: {}", halt.getMessage());
            state = new LedgerState.Halted(halt.reason(), String.valueOf(halt.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.forEach(each -> each.fail(STOPPED));
            closed(builder);
            drained().forEach(each -> each.fail(STOPPED));
        }
    }

    private void running(long size) {
        if (!(state instanceof LedgerState.Running running) || running.size() != size) {
            LOG.info("checkpoint of size {}", size);
        }
        state = new LedgerState.Running(size);
    }

    private void failing(RuntimeException failure) {
        // Messages of other exceptions may quote a client setting, possibly a password.
        boolean ours = failure instanceof EventLogUnavailable
                || failure instanceof LogChanged
                || failure instanceof UnknownSchema
                || failure instanceof UncheckedIOException;
        String why =
                ours ? String.valueOf(failure.getMessage()) : failure.getClass().getSimpleName();
        if (!state.equals(new LedgerState.Failing(why)) && !closed) {
            LOG.warn("the round failed, and is retried: {}", why);
        }
        state = new LedgerState.Failing(why);
    }

    private static Optional<LedgerBuilder> closed(Optional<LedgerBuilder> builder) {
        builder.ifPresent(LedgerBuilder::close);
        return Optional.empty();
    }

    /**
     * Answers requests, until a round is requested or {@code time} has passed.
     *
     * @param builder a builder after a successful round; empty: lookups are impossible
     * @return the requests waiting for the next round
     */
    private List<Request.Round> await(Duration time, Optional<LedgerBuilder> builder) throws InterruptedException {
        return answerUntil(waiting -> !waiting.isEmpty(), time.toNanos(), builder);
    }

    /** The ledger does not change until the witnesses have answered, so lookups refer to the checkpoint that they are to cosign. */
    private void await(CompletableFuture<?> witnesses, long nanos, LedgerBuilder builder) throws InterruptedException {
        var unused = witnesses.whenComplete((done, failed) -> wake());
        answerUntil(waiting -> witnesses.isDone(), nanos, Optional.of(builder)).forEach(this::request);
    }

    private List<Request.Round> answerUntil(
            Predicate<List<Request.Round>> enough, long nanos, Optional<LedgerBuilder> builder)
            throws InterruptedException {
        long endNanos = System.nanoTime() + nanos;
        List<Request.Round> waiting = new ArrayList<>();
        while (!enough.test(waiting) && !closed) {
            Request next = requests.poll(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            } else if (next instanceof Request.Look look) {
                look(look, builder);
            } else if (next instanceof Request.Round round) {
                waiting.add(round);
            }
        }
        return waiting;
    }

    /** Wakes the thread. */
    private void wake() {
        var unused = requests.offer(new Request.Wake());
    }

    private static void look(Request.Look look, Optional<LedgerBuilder> builder) {
        try {
            builder.flatMap(each -> each.standing(look.id()))
                    .ifPresentOrElse(look.standing()::complete, () -> look.fail("there is no checkpoint yet"));
        } catch (UncheckedIOException e) {
            look.standing().completeExceptionally(e);
        }
    }

    private List<Request> drained() {
        List<Request> all = new ArrayList<>();
        requests.drainTo(all);
        return all;
    }

    /** Waits for the current round. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
