package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.register.SqliteUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The reservations of today and yesterday, in an SQLite file. One thread writes and serves all requests that wait for it in one
 * transaction, so that one sync of the disk serves them together; requests are served in the order they came.
 *
 * <p>Thread-safe. The stages complete on the writer's thread: what is chained to them has to be short or go elsewhere.
 */
public final class IdempotencyStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyStore.class);
    private static final int MOST_WAITING = 8192;
    private static final int MOST_TOGETHER = 512;
    private static final int DELETED_TOGETHER = 500;
    private static final Duration IDLE = Duration.ofMillis(500);

    private final BlockingQueue<Command> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final InstantSource clock;
    private final DayKeys dayKeys;
    private final Connection connection;
    private final ReservationTable statements;
    private final Thread writer;
    private boolean daySettled; // on the writer's thread only
    private boolean rowsOfYesterday; // on the writer's thread only
    private volatile boolean closing;

    /** Runs on the writer's thread, within a transaction. */
    private interface Command {
        /** Changes or reads rows; what has to be told is told by the returned action, after the transaction is durable. */
        Runnable run(ReservationTable statements, DayKeys dayKeys) throws SQLException;

        void fail(IdempotencyFailed failure);
    }

    private IdempotencyStore(InstantSource clock, DayKeys dayKeys, Connection connection) throws SQLException {
        this.clock = clock;
        this.dayKeys = dayKeys;
        this.connection = connection;
        this.statements = new ReservationTable(connection);
        this.writer = new Thread(this::write, "idempotency-writer");
    }

    /**
     * Opens the store, or creates it. Beside {@code file} stands the file of the day keys, {@code <file>.day-keys}.
     *
     * @param clock the day is taken from it; a day that it has left does not come back, so it must not run ahead of true time
     * @throws IdempotencyFailed if it cannot be opened
     * @throws IllegalStateException if another process has it open
     */
    public static IdempotencyStore open(Path file, InstantSource clock) {
        DayKeys dayKeys = null;
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            dayKeys = DayKeys.open(file.resolveSibling(file.getFileName() + ".day-keys"), new SecureRandom());
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            // FULL syncs the log with every commit: a reservation that was answered survives a power cut.
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            config.setBusyTimeout(5_000);
            // Digests are random, so each row dirties a page of its own: small pages to write, a
            // cache that holds a busy day's pages, and few checkpoints, so that a page is copied once
            // for many rows.
            config.setPageSize(1024);
            config.setCacheSize(-65_536);
            config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "16000");
            Connection connection = config.createConnection(SqliteUrl.of(file));
            ReservationTable.create(connection);
            connection.setAutoCommit(false);
            IdempotencyStore store = new IdempotencyStore(clock, dayKeys, connection);
            store.writer.start();
            return store;
        } catch (IOException | SQLException | UncheckedIOException e) {
            if (dayKeys != null) {
                dayKeys.close();
            }
            throw new IdempotencyFailed("the idempotency file " + file + " cannot be opened", e);
        }
    }

    /**
     * Reserves {@code key} of {@code client} for {@code signupId}, unless it stands for another signup already. Durable when
     * the stage completes.
     */
    public CompletionStage<Reservation> reserve(
            String client, String key, UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return submit((statements, keys) -> {
            Optional<Reservation> yesterdays = findOfYesterday(statements, keys, client, key);
            if (yesterdays.isPresent()) {
                return yesterdays.get();
            }
            ReservationId id = new ReservationId(keys.today(), keys.today(client, key));
            return statements.insert(id, signupId, receivedAt, eraseBy, request)
                    ? new Reservation(
                            id,
                            Reservation.State.NEW,
                            signupId,
                            receivedAt,
                            eraseBy,
                            Optional.empty(),
                            Optional.of(request))
                    : statements.select(id).orElseThrow();
        });
    }

    /** What {@code key} of {@code client} stands for, without reserving it. */
    public CompletionStage<Optional<Reservation>> find(String client, String key) {
        return submit((statements, keys) -> find(statements, keys, client, key));
    }

    /**
     * Gives a reservation of which nothing was held or published the times and the mark of another request, under the same signup id. Durable when the stage
     * completes.
     */
    public CompletionStage<Reservation> renew(
            Reservation reservation, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return submit((statements, keys) -> {
            statements.renew(reservation.id(), receivedAt, eraseBy, request);
            return new Reservation(
                    reservation.id(),
                    Reservation.State.RESERVED,
                    reservation.signupId(),
                    receivedAt,
                    eraseBy,
                    Optional.empty(),
                    Optional.of(request));
        });
    }

    /**
     * Notes where the key of a signup that could not be published is held, so that the retry need not search for it. A note
     * that is lost costs only that search.
     */
    public void noteSlot(ReservationId id, SlotReference slot) {
        note((statements, keys) -> statements.slot(id, slot));
    }

    /**
     * Notes that the signup is published. Returns at once: a note that is lost makes a retry look into custody, where it finds
     * the same. Later calls of this object see it.
     */
    public void noteAccepted(ReservationId id, SlotReference slot) {
        note((statements, keys) -> statements.accept(id, slot));
    }

    /** Notes as {@link #noteAccepted(ReservationId, SlotReference)} that a signup whose slot is gone was published. */
    public void noteAccepted(ReservationId id) {
        note((statements, keys) -> statements.accept(id));
    }

    /** Takes back a reservation of which nothing was held or published. */
    public void release(ReservationId id) {
        note((statements, keys) -> statements.delete(id));
    }

    /** Finishes what waits, then closes. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(Duration.ofSeconds(20).toMillis());
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IdempotencyFailed("the idempotency file cannot be closed", e);
        } finally {
            dayKeys.close();
        }
    }

    private Optional<Reservation> find(ReservationTable statements, DayKeys keys, String client, String key)
            throws SQLException {
        Optional<Reservation> found = statements.select(new ReservationId(keys.today(), keys.today(client, key)));
        return found.isPresent() ? found : findOfYesterday(statements, keys, client, key);
    }

    private Optional<Reservation> findOfYesterday(ReservationTable statements, DayKeys keys, String client, String key)
            throws SQLException {
        if (!rowsOfYesterday) {
            return Optional.empty();
        }
        Optional<byte[]> digest = keys.yesterday(client, key);
        return digest.isPresent()
                ? statements.select(new ReservationId(keys.today() - 1, digest.get()))
                : Optional.empty();
    }

    private interface Work<T> {
        T run(ReservationTable statements, DayKeys keys) throws SQLException;
    }

    private interface Change {
        void run(ReservationTable statements, DayKeys keys) throws SQLException;
    }

    private <T> CompletionStage<T> submit(Work<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        enqueue(new Command() {
            @Override
            public Runnable run(ReservationTable statements, DayKeys keys) throws SQLException {
                T result = work.run(statements, keys);
                return () -> done.complete(result);
            }

            @Override
            public void fail(IdempotencyFailed failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private void note(Change change) {
        enqueue(new Command() {
            @Override
            public Runnable run(ReservationTable statements, DayKeys keys) throws SQLException {
                change.run(statements, keys);
                return () -> {};
            }

            @Override
            public void fail(IdempotencyFailed failure) {
                LOG.warn("a note on a reservation was lost");
            }
        });
    }

    private void enqueue(Command command) {
        if (closing || !waiting.offer(command)) {
            command.fail(new IdempotencyFailed(closing ? "closed" : "too many requests wait for the idempotency file"));
        }
    }

    private void write() {
        List<Command> together = new ArrayList<>(MOST_TOGETHER);
        boolean outdated = true;
        while (!closing || !waiting.isEmpty()) {
            try {
                Command first = waiting.poll(outdated ? 0 : IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    together.add(first);
                    waiting.drainTo(together, MOST_TOGETHER - 1);
                }
                outdated = serve(together, outdated);
            } catch (InterruptedException e) {
                // Nobody has a reason to; the thread ends with close().
                LOG.warn("interrupted, carrying on");
            } finally {
                together.clear();
            }
        }
    }

    /** Serves all of {@code together} in one transaction; says whether rows of past days are left to delete. */
    private boolean serve(List<Command> together, boolean outdated) {
        try {
            long day = Math.floorDiv(clock.instant().getEpochSecond(), 86_400L);
            boolean newDay = day > dayKeys.today() || !daySettled;
            dayKeys.turnTo(day);
            if (newDay) {
                // Until the file has answered: a day that cannot be asked about must not count as empty.
                rowsOfYesterday = true;
                rowsOfYesterday = statements.hasRowsOf(dayKeys.today() - 1);
                daySettled = true;
            }
            List<Runnable> answers = new ArrayList<>(together.size());
            for (Command command : together) {
                answers.add(command.run(statements, dayKeys));
            }
            // In small steps, so that no request waits for the deletion of a whole day.
            boolean more = (outdated || newDay)
                    && statements.deleteBefore(dayKeys.today() - 1, DELETED_TOGETHER) == DELETED_TOGETHER;
            connection.commit();
            answers.forEach(Runnable::run);
            return more;
        } catch (SQLException | RuntimeException e) {
            LOG.error("the idempotency file cannot be written: {}", e.getClass().getSimpleName());
            rollback();
            IdempotencyFailed failure = new IdempotencyFailed("the idempotency file cannot be written");
            together.forEach(command -> command.fail(failure));
            return false;
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.error("rolling back failed: {}", e.getClass().getSimpleName());
        }
    }
}
