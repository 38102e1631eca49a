package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.fitness.CellRequirement;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cell. Every method may be called from any thread; stages complete on a connection's event loop, never exceptionally: a cell that does not
 * answer is one of the answers. An answer that takes too long closes the connection: nothing is on its way to the cell any more but what its host
 * has received already.
 *
 * <p>Every connection is examined before it is used, since the engine may have been started again with other settings. An unfit cell takes and gives
 * no share. It is told to destroy all the same, and what it answers does not count.
 */
public final class Cell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cell.class);
    private static final String PREFIX = "h:";
    static final String DESTROY = script();
    private static final long RECONNECT_MILLIS = 250;
    /** So often an engine is examined again while it is connected. */
    private static final long EXAMINATION_SECONDS = 15;

    /** The engine hands a large argument's buffer on and takes another, which may have been one of before: once is not enough. */
    private static final int RINSES = 4;

    private final int number;
    private final CellAddress address;
    private final CellClient client;
    private final CellExaminer examiner;
    private final CellListener listener;
    private final ScheduledExecutorService own;
    private volatile @Nullable Connected connected;
    private volatile boolean closed;
    /** On the cell's own thread. */
    private String runId = "";

    private String unreachable = "";
    private Optional<HostReport> host = Optional.empty();

    /** A connection that was examined. */
    private static final class Connected {
        private final StatefulRedisConnection<String, CellCodec.Value> connection;
        private final RedisAsyncCommands<String, CellCodec.Value> ask;
        private final String destroy;
        private final String runId;
        private final boolean fit;
        private final Turns turns = new Turns();
        private final AtomicInteger rinsesLeft = new AtomicInteger();

        Connected(
                StatefulRedisConnection<String, CellCodec.Value> connection,
                String destroy,
                String runId,
                boolean fit) {
            this.runId = runId;
            this.connection = connection;
            this.ask = connection.async();
            this.destroy = destroy;
            this.fit = fit;
        }
    }

    /** Opens nothing yet; {@link #start} does. */
    public Cell(int number, CellAddress address, CellClient client, InstantSource clock, CellListener listener) {
        this.number = number;
        this.address = address;
        this.client = client;
        this.examiner = new CellExaminer(clock);
        this.listener = listener;
        this.own = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "custody-cell-" + number);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Connects, and connects again whenever it has to. */
    public void start() {
        own.execute(this::connect);
        repeat(1, this::rinse);
        repeat(EXAMINATION_SECONDS, this::lookAgain);
    }

    private void repeat(long seconds, Runnable task) {
        var unused = own.scheduleWithFixedDelay(task, seconds, seconds, TimeUnit.SECONDS);
    }

    /** Whether it takes and gives shares at present. */
    public boolean usable() {
        Connected at = connected;
        return at != null && at.fit;
    }

    /** Brings it a share, unless it has something under that handle. The share stays the caller's, to be destroyed when the stage has completed. */
    public CompletionStage<PutOutcome> put(CellHandle handle, CellShare share, Instant expiry) {
        return asked(
                true,
                at -> {
                    at.rinsesLeft.set(RINSES);
                    return at.ask
                            .set(
                                    key(handle),
                                    new CellCodec.Value.Share(share),
                                    SetArgs.Builder.nx().pxAt(expiry))
                            .handle((answer, failure) -> put(answer, failure));
                },
                PutOutcome.UNANSWERED);
    }

    /** What it has under a handle. */
    public CompletionStage<CellReading> read(CellHandle handle) {
        return asked(
                true,
                at -> {
                    at.rinsesLeft.set(RINSES);
                    return at.ask.get(key(handle)).thenApply(Cell::reading);
                },
                new CellReading.Unanswered());
    }

    /** Overwrites what it has under a handle, or puts zeros there; whether zeros were read back, from a fit cell. */
    public CompletionStage<Boolean> destroy(CellHandle handle) {
        return destroyBy(handle).thenApply(Optional::isPresent);
    }

    /** As {@link #destroy}: the start of the fit engine that has read zeros back; empty if none has. */
    public CompletionStage<Optional<String>> destroyBy(CellHandle handle) {
        return asked(
                false,
                at -> at.ask
                        .<Long>evalsha(at.destroy, ScriptOutputType.INTEGER, key(handle))
                        .thenApply(zeros -> zeros == 1 && at.fit ? Optional.of(at.runId) : Optional.<String>empty()),
                Optional.empty());
    }

    /** Has it keep what it has under a handle until then; whether it has anything. */
    public CompletionStage<Boolean> keep(CellHandle handle, Instant until) {
        return asked(true, at -> at.ask.pexpireat(key(handle), until), false);
    }

    /**
     * The handles under which it has something, be it zeros. Blocks; a handle that comes or goes meanwhile may or may not be among them.
     *
     * @throws RedisException if it does not answer
     */
    public Set<CellHandle> handles() {
        Connected at = connected;
        if (at == null) {
            throw new RedisException("cell " + number + " has no connection");
        }
        Set<CellHandle> handles = new HashSet<>();
        var cursor = at.connection.sync().scan(ScanArgs.Builder.limit(1000));
        while (true) {
            cursor.getKeys().stream()
                    .filter(key -> key.startsWith(PREFIX))
                    .forEach(key -> handles.add(new CellHandle(UUID.fromString(key.substring(PREFIX.length())))));
            if (cursor.isFinished()) {
                return handles;
            }
            cursor = at.connection.sync().scan(cursor, ScanArgs.Builder.limit(1000));
        }
    }

    private <T> CompletionStage<T> asked(
            boolean onlyFit, Function<Connected, CompletionStage<T>> question, T unanswered) {
        Connected at = connected;
        if (at == null || (onlyFit && !at.fit)) {
            return CompletableFuture.completedFuture(unanswered);
        }
        CompletableFuture<T> told = new CompletableFuture<>();
        at.turns.enter(() -> {
            CompletionStage<T> answer;
            try {
                answer = question.apply(at);
            } catch (RuntimeException e) {
                // Nothing may keep those from starting that wait for their turn.
                answer = CompletableFuture.failedFuture(e);
            }
            var unused = answer.whenComplete((value, failure) -> {
                if (failure != null) {
                    closeIfStuck(at, failure);
                }
                at.turns.left();
                told.complete(failure == null ? value : unanswered);
            });
        });
        return told;
    }

    /** A new connection loads the script again, and has nothing under way. */
    private static void closeIfStuck(Connected at, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof RedisCommandTimeoutException || cause instanceof RedisNoScriptException) {
            var unused = at.connection.closeAsync();
        }
    }

    private static PutOutcome put(@Nullable String answer, @Nullable Throwable failure) {
        if (failure == null) {
            return answer == null ? PutOutcome.REFUSED : PutOutcome.TAKEN;
        }
        Throwable cause = cause(failure);
        if (cause instanceof RedisCommandExecutionException) {
            // It has no room, or is not ready.
            return PutOutcome.REFUSED;
        }
        throw new CompletionException(cause);
    }

    private static @Nullable Throwable cause(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private static CellReading reading(CellCodec.@Nullable Value value) {
        if (value instanceof CellCodec.Value.Share share) {
            return new CellReading.Share(share.share());
        }
        return value instanceof CellCodec.Value.Zeros ? new CellReading.Zeros() : new CellReading.Nothing();
    }

    private void connect() {
        if (closed) {
            return;
        }
        StatefulRedisConnection<String, CellCodec.Value> connection = null;
        CellFacts facts;
        String destroy;
        try {
            connection = client.connect(number, address);
            try (StatefulRedisConnection<String, String> examining = client.examiner(address)) {
                facts = examiner.examine(examining);
            }
            destroy = connection.sync().scriptLoad(DESTROY);
        } catch (RuntimeException e) {
            unreachable(e);
            if (connection != null) {
                var unused = connection.closeAsync();
            }
            later(RECONNECT_MILLIS, this::connect);
            return;
        }
        List<CellFinding> findings = CellRequirement.examine(facts);
        use(new Connected(connection, destroy, facts.runId(), findings.isEmpty()), facts, findings);
    }

    /** What the agent beside it found may have changed. An engine that is not as it was is connected to anew, which examines it. */
    private void lookAgain() {
        Connected at = connected;
        if (at == null || closed) {
            return;
        }
        CellFacts facts;
        try (StatefulRedisConnection<String, String> examining = client.examiner(address)) {
            facts = examiner.examine(examining);
        } catch (RuntimeException e) {
            LOG.debug("cell {} is not examined again: {}", number, CellLook.reason(e));
            return;
        }
        List<CellFinding> findings = CellRequirement.examine(facts);
        if (!facts.runId().equals(at.runId) || findings.isEmpty() != at.fit) {
            var unused = at.connection.closeAsync();
        } else if (!facts.host().equals(host)) {
            host = facts.host();
            listener.examined(number, false, facts, findings);
        }
    }

    /** Said once, until the reason is another one. */
    private void unreachable(RuntimeException failure) {
        String reason = CellLook.reason(failure);
        if (!reason.equals(unreachable)) {
            unreachable = reason;
            LOG.warn("cell {} at {} cannot be used: {}", number, address, reason);
        }
    }

    private void use(Connected next, CellFacts facts, List<CellFinding> findings) {
        unreachable = "";
        boolean startedAgain = !next.runId.equals(runId);
        runId = next.runId;
        host = facts.host();
        next.connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                lost(next);
            }
        });
        connected = next;
        if (!next.connection.isOpen()) {
            lost(next);
            return;
        }
        LOG.info("cell {} at {} {}", number, address, findings.isEmpty() ? "is fit" : "is not used: " + findings);
        listener.examined(number, startedAgain, facts, findings);
    }

    private void lost(Connected before) {
        later(0, () -> {
            if (connected == before && !closed) {
                connected = null;
                LOG.warn("cell {} at {} is away", number, address);
                listener.lost(number);
                later(RECONNECT_MILLIS, this::connect);
            }
        });
    }

    private void later(long millis, Runnable task) {
        try {
            var unused = own.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("cell {} is closed", number);
        }
    }

    /** Zeros through every buffer that has carried shares, on both sides. */
    private void rinse() {
        Connected at = connected;
        if (at != null && at.rinsesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            var unused = asked(false, to -> to.ask.echo(CellCodec.rinse()).thenApply(answer -> true), false);
        }
    }

    private static String key(CellHandle handle) {
        return PREFIX + handle.random();
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(Cell.class.getResourceAsStream("destroy.lua"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        own.shutdown();
        Connected at = connected;
        if (at != null && at.connection.isOpen()) {
            at.connection.close();
        }
    }
}
