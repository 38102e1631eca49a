package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.cells.fitness.DatabaseFacts;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Decision;
import org.brokerhandoff.custody.cells.rules.HoldNumber;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The rows of all keys. Commands are taken together while the batch before them is committed. Stages complete on this store's own thread, and
 * exceptionally with {@link CustodyException} if PostgreSQL cannot be asked, or if it is not known whether it has committed: the command made again
 * finds out.
 */
public final class DecisionStore implements AutoCloseable {
    private static final int LARGEST_BATCH = 500;
    private static final long LOCKED_PAUSE_NANOS = 2_000_000;

    private final HikariDataSource pool;
    private final BlockingQueue<Command<?>> commands = new LinkedBlockingQueue<>();
    private final BlockingQueue<NewRow> holds = new LinkedBlockingQueue<>();
    private final Thread deciding;
    private final Thread holding;
    private final LongAdder batches = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private volatile boolean closed;

    /** @param token of the signup's reservation, if the row counts only while it has that one */
    record NewRow(CustodyRow row, OptionalInt token, CompletableFuture<CustodyRow> told) {}

    private DecisionStore(HikariDataSource pool) {
        this.pool = pool;
        this.deciding = new Thread(() -> run(commands, this::decide), "custody-decisions");
        this.holding = new Thread(() -> run(holds, this::insert), "custody-holds");
        deciding.setDaemon(true);
        holding.setDaemon(true);
    }

    /**
     * Opens the store and brings its tables to this version.
     *
     * @throws CustodyException if the database cannot be reached, or its tables cannot be brought to this version
     */
    public static DecisionStore open(DecisionSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("handoff-custody");
        config.setJdbcUrl(settings.url());
        settings.user().ifPresent(config::setUsername);
        settings.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(14);
        config.setConnectionTimeout(settings.limit().toMillis());
        config.setInitializationFailTimeout(settings.limit().toMillis());
        config.addDataSourceProperty(
                "socketTimeout", String.valueOf(Math.max(1, settings.limit().toSeconds())));
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new CustodyException("the database of custody cannot be opened", e);
        }
        try {
            Flyway.configure(DecisionStore.class.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:org/brokerhandoff/custody/cells/decisions/migration")
                    .table("custody_schema_history")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            pool.close();
            throw new CustodyException("the tables of custody cannot be brought to this version", e);
        }
        DecisionStore store = new DecisionStore(pool);
        store.deciding.start();
        store.holding.start();
        return store;
    }

    /**
     * Writes the row of a fresh hold, whose number is given to it here; the row as it was written. Fails if the signup's reservation has another
     * token than {@code token} by now.
     */
    public CompletionStage<CustodyRow> hold(CustodyRow row, OptionalInt token) {
        NewRow wanted = new NewRow(row, token, new CompletableFuture<>());
        holds.add(wanted);
        refuseIfClosed(wanted.told());
        return wanted.told();
    }

    /**
     * Decides something on a row.
     *
     * @param fence of the partition's owner, if only the owner may do it
     */
    public <T> CompletionStage<T> decide(
            SlotReference slot, UUID signupId, Optional<FencingToken> fence, RowRule<T> rule) {
        return decided(new Command<>(HoldNumber.of(slot), Optional.of(signupId), fence, rule));
    }

    /** A row, whosever it is, behind all that this store was told before. */
    public CompletionStage<Optional<CustodyRow>> read(SlotReference slot) {
        return decided(new Command<>(
                HoldNumber.of(slot), Optional.empty(), Optional.empty(), (row, owner) -> Decision.keep(row)));
    }

    private <T> CompletionStage<T> decided(Command<T> command) {
        commands.add(command);
        refuseIfClosed(command.told());
        return command.told();
    }

    /** How many batches of changes were committed since this store was opened. */
    public long batches() {
        return batches.sum();
    }

    /** How many rows were changed in them. */
    public long changes() {
        return changes.sum();
    }

    private void refuseIfClosed(CompletableFuture<?> told) {
        if (closed) {
            told.completeExceptionally(new CustodyException("custody is closed"));
        }
    }

    /** The rows of a signup, live or not. Blocks. */
    public List<CustodyRow> find(UUID signupId) {
        return read(connection -> CustodyTable.find(connection, signupId));
    }

    /** The rows that wait for their purge. Blocks. */
    public List<CustodyRow> erased() {
        return read(CustodyTable::erased);
    }

    /** Rows for which a sweep may have something to do, keys whose end has come first. Blocks. */
    public List<CustodyRow> due(Instant now, int limit) {
        return read(connection -> CustodyTable.due(connection, now, limit));
    }

    /** Rows with a key whose numbers are above {@code hold}, in their order. Blocks. */
    public List<CustodyRow> liveAfter(long hold, int limit) {
        return read(connection -> CustodyTable.liveAfter(connection, hold, limit));
    }

    /** Rows that are not {@code ERASED} whose numbers are above {@code hold}, in their order. Blocks. */
    public List<CustodyRow> unerasedAfter(long hold, int limit) {
        return read(connection -> CustodyTable.unerasedAfter(connection, hold, limit));
    }

    /** The signups that have a row. Blocks. */
    public Set<UUID> signups() {
        return asked(CustodyTable::signups);
    }

    /** How many rows there are of each kind. Blocks. */
    public RowCounts counts() {
        return asked(CustodyTable::counts);
    }

    private List<CustodyRow> read(Question<Map<Long, DecisionBatch.Versioned>> question) {
        return asked(question).values().stream()
                .map(DecisionBatch.Versioned::row)
                .toList();
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T asked(Question<T> question) {
        try (Connection connection = pool.getConnection()) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw new CustodyException("custody cannot be read", e);
        }
    }

    /**
     * The row of a key, to be locked while a cell gets its share again.
     *
     * @param executor runs what blocks
     * @param limit how long the lock is kept at most while nothing is asked: a repairer that is stalled must not block an erasure
     */
    public RepairRow repairing(CustodyRow row, Executor executor, Duration limit) {
        return new LockedRow(pool, row, executor, limit);
    }

    /** The leases of partitions. */
    public PartitionTokens leases(UUID owner) {
        return new PartitionTokens(pool, owner);
    }

    /**
     * The reservations of idempotency keys; for the caller to close before this. Blocks.
     *
     * @param clock of this host, which must not run ahead of true time
     * @param doubt why nothing may be decided
     * @throws CustodyException if the database cannot be asked, or other services have another secret
     */
    public ReservationStore reservations(
            KeyDigest.Maker keys, InstantSource clock, Supplier<Optional<CustodyException>> doubt) {
        return new ReservationStore(pool, keys, clock, doubt);
    }

    /** Locks of signups. */
    public SignupLeases signupLeases() {
        return new SignupLeases(leases(UUID.randomUUID()));
    }

    /** Names that are given a content once. */
    public FirstClaims claims() {
        return new FirstClaims(pool);
    }

    /** How far the decisions have come. */
    public ProgressTable progress() {
        return new ProgressTable(pool);
    }

    /** What the database says of itself. Blocks. */
    public DatabaseFacts facts() {
        return asked(DatabaseExaminer::examine);
    }

    private interface Work<T> {
        void on(Connection connection, List<T> batch) throws SQLException;
    }

    private <T> void run(BlockingQueue<T> queue, Work<T> work) {
        List<T> batch = new ArrayList<>();
        try {
            while (!closed) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST_BATCH - 1);
                try (Connection connection = pool.getConnection()) {
                    work.on(connection, batch);
                } catch (SQLException | RuntimeException e) {
                    fail(batch, new CustodyException("it is not known what the database has committed", e));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            queue.drainTo(batch);
            fail(batch, new CustodyException("custody is closed"));
        }
    }

    private static void fail(List<?> batch, CustodyException failure) {
        for (Object waiting : batch) {
            if (waiting instanceof Command<?> command) {
                command.fail(failure);
            } else if (waiting instanceof NewRow row) {
                row.told().completeExceptionally(failure);
            }
        }
    }

    private void insert(Connection connection, List<NewRow> batch) throws SQLException {
        Map<CellHandle, Long> numbers = CustodyTable.insert(connection, batch);
        for (NewRow wanted : batch) {
            Long number = numbers.get(wanted.row().handle());
            if (number == null) {
                wanted.told()
                        .completeExceptionally(
                                new CustodyException("another process has taken the signup's reservation over"));
            } else {
                wanted.told().complete(wanted.row().numbered(number));
            }
        }
    }

    private void decide(Connection connection, List<Command<?>> batch) throws SQLException {
        Set<Long> rows = new HashSet<>();
        Set<FencingToken> fences = new HashSet<>();
        batch.forEach(command -> {
            rows.add(command.hold());
            command.fence().ifPresent(fences::add);
        });
        Set<FencingToken> holding = CustodyTable.holding(connection, fences);
        DecisionBatch decided = DecisionBatch.decide(batch, CustodyTable.read(connection, rows), holding);
        Set<Long> written = new HashSet<>(CustodyTable.update(connection, decided.writes()));
        written.addAll(CustodyTable.delete(connection, decided.deletes()));
        if (!written.isEmpty()) {
            batches.increment();
            changes.add(written.size());
        }
        List<Command<?>> again = decided.tell(written);
        if (again.size() == batch.size()) {
            // Each of these rows is being changed, or repaired.
            LockSupport.parkNanos(LOCKED_PAUSE_NANOS);
        }
        commands.addAll(again);
    }

    @Override
    public void close() {
        closed = true;
        deciding.interrupt();
        holding.interrupt();
        try {
            deciding.join(5_000);
            holding.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
