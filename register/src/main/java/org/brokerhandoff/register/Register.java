package org.brokerhandoff.register;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The register's database: the projection so far. Thread-safe; several processes may have the same one open.
 *
 * <p>All methods block for the database and throw {@link RegisterUnavailable} if it fails. An answer reflects the projection at the time of
 * the call; {@link FreshRegister#passed} tells when that includes everything acknowledged before.
 */
public final class Register implements AutoCloseable {
    private static final int MIGRATION_TRIES = 20;
    private static final Duration LONGEST_MIGRATION_PAUSE = Duration.ofMillis(500);

    private final HikariDataSource pool;
    private final Dialect dialect;

    private Register(HikariDataSource pool, Dialect dialect) {
        this.pool = pool;
        this.dialect = dialect;
    }

    /**
     * Opens the register and migrates its tables to this version. Creates a SQLite file and its directory if they do not exist.
     *
     * @throws IllegalArgumentException if the URL is not one of a supported database
     * @throws RegisterUnavailable if the database cannot be reached or its tables cannot be migrated
     */
    public static Register open(RegisterSettings settings) {
        Dialect dialect = Dialect.of(settings.url());
        if (dialect == Dialect.SQLITE) {
            createDirectory(settings.url());
        }
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(dialect.pool(settings));
        } catch (PoolInitializationException e) {
            throw new RegisterUnavailable(
                    "the register cannot be opened",
                    Optional.ofNullable(e.getCause()).orElse(e));
        }
        try {
            migrate(pool, dialect);
            return new Register(pool, dialect);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** The status of {@code signupId}; empty as long as its consent is not projected. */
    public Optional<SignupStatus> status(UUID signupId) {
        return now(view -> view.status(signupId));
    }

    /** The request for disclosure of that id; empty as long as it is not projected. */
    Optional<Disclosure> disclosure(UUID requestId) {
        return now(view -> view.disclosure(requestId));
    }

    /** See {@link RegisterView#preservedAfter}. */
    List<Disclosure> preservedAfter(Instant time) {
        return now(view -> view.preservedAfter(time));
    }

    /** All published documents, by kind, version and language. */
    public List<PublishedPolicy> policies() {
        return now(RegisterView::policies);
    }

    /**
     * The answer of {@code query} from a register that has passed {@code ends}: what it does not find was not acknowledged before the query.
     * Rows and positions are from one snapshot, since a rebuild or an upgrade may empty the register at any time.
     *
     * @throws RegisterBehind if the register has moved back behind them since
     */
    public <T> T past(PassedEnds ends, Function<RegisterView, T> query) {
        try (Connection connection = pool.getConnection()) {
            dialect.beginSnapshot(connection);
            try {
                RegisterView view = new RegisterView(connection);
                T answer = query.apply(view);
                if (!ends.passedBy(view)) {
                    throw new RegisterBehind("the register was emptied and has not caught up again");
                }
                return answer;
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new RegisterUnavailable("the register cannot be read", e);
        }
    }

    /** The withdrawals and requests after an offer that {@link #ended} has not removed, by signup id. */
    List<NoticesInProgress> noticesInProgress() {
        return now(RegisterView::noticesInProgress);
    }

    /** The requests about a signup, the earliest first. */
    List<RightsRequest> requests(UUID signupId) {
        return now(view -> view.requests(signupId));
    }

    /** The unanswered requests, the first due first. */
    Map<UUID, SignupOwner> owners(Collection<UUID> signupIds) {
        return now(view -> view.owners(signupIds));
    }

    List<OpenRightsRequest> openRequests() {
        return now(RegisterView::openRequests);
    }

    int overduePurges(Instant now) {
        return now(view -> view.overduePurges(now));
    }

    /** Removes withdrawals and requests that need no further notices from those in progress. */
    void ended(Collection<NoticeCause> causes) {
        change("notices cannot be ended", connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM notice_in_progress WHERE signup_id = ? AND request_id = ?")) {
                for (NoticeCause cause : causes) {
                    delete.setBytes(1, SignupIds.bytes(cause.signupId()));
                    delete.setBytes(2, cause.requestColumn());
                    delete.addBatch();
                }
                delete.executeBatch();
            }
        });
    }

    /** The offset of the next event of a partition to be projected; 0 if there was none. */
    public long position(Topic topic, int partition) {
        return positions().getOrDefault(new LogPartition(topic, partition), 0L);
    }

    /**
     * Writes all rows as text, one a line, in a fixed order, with their positions: two registers of the same log at the same positions have
     * the same text. The rows are from one snapshot.
     *
     * @throws IOException if {@code to} fails
     */
    public void export(Writer to) throws IOException {
        try (Connection connection = pool.getConnection()) {
            RegisterExport.write(connection, dialect, to);
        } catch (SQLException e) {
            throw new RegisterUnavailable("the register cannot be exported", e);
        }
    }

    /** Projected position of each partition. */
    SortedMap<LogPartition, Long> positions() {
        return now(RegisterView::positions);
    }

    /** Projected position of each partition; empty if this is the register of another log. */
    SortedMap<LogPartition, Long> positions(LogSource source) {
        return now(view -> view.positions(source));
    }

    /** The projected topics. Places under caps and the ledger do not affect the status of a signup. */
    static List<Topic> keptTopics() {
        return Arrays.stream(Topic.values())
                .filter(topic -> topic.kept() && topic != Topic.PLACES && topic != Topic.CHECKPOINTS)
                .toList();
    }

    /**
     * Makes this the register of {@code source}, unless it is one already, with a position for each of {@code partitions}.
     *
     * @throws ForeignRegister if it is the register of another log
     */
    void claim(LogSource source, Collection<LogPartition> partitions) {
        SortedMap<LogPartition, Long> starts = new TreeMap<>();
        partitions.forEach(partition -> starts.put(partition, 0L));
        change("the register cannot be prepared", connection -> {
            RegisterWriter.SERVING.source(connection, source);
            RegisterWriter.SERVING.begin(connection, starts);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT cluster_id, topic_prefix FROM log_source")) {
                if (!row.next() || !source.equals(new LogSource(row.getString(1), row.getString(2)))) {
                    throw new ForeignRegister(ForeignRegister.ANOTHER_LOG);
                }
            }
        });
    }

    /**
     * Writes a batch and the positions after it atomically.
     *
     * @throws PositionMoved if a position is no longer where the batch was read from; nothing was written
     */
    void apply(EventBatch batch, SortedMap<LogPartition, RegisterWriter.Step> steps) throws PositionMoved {
        apply(RegisterWriter.SERVING, batch, steps);
    }

    /** As above, into the tables of {@code writer}. */
    void apply(RegisterWriter writer, EventBatch batch, SortedMap<LogPartition, RegisterWriter.Step> steps)
            throws PositionMoved {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                writer.advance(connection, steps);
                writer.write(connection, batch);
                connection.commit();
            } catch (SQLException | RuntimeException | PositionMoved e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new RegisterUnavailable("events cannot be written", e);
        }
    }

    /** Tables besides the serving ones, into which the log is projected again. */
    RegisterSuccessor successor() {
        return new RegisterSuccessor(this, dialect);
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The body of a transaction. */
    interface Change {
        void on(Connection connection) throws SQLException;
    }

    private <T> T now(Function<RegisterView, T> query) {
        try (Connection connection = pool.getConnection()) {
            return query.apply(new RegisterView(connection));
        } catch (SQLException e) {
            throw new RegisterUnavailable("the register cannot be read", e);
        }
    }

    /** Applies {@code change} atomically. */
    void change(String failure, Change change) {
        try (Connection connection = pool.getConnection()) {
            dialect.beginWriting(connection);
            try {
                change.on(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new RegisterUnavailable(failure, e);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is gone, and the transaction with it.
            cause.addSuppressed(e);
        }
    }

    private static void createDirectory(String url) {
        Path parent = SqliteUrl.file(url).toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new RegisterUnavailable("the register's directory cannot be created", e);
        }
    }

    private static void migrate(HikariDataSource pool, Dialect dialect) {
        Flyway flyway = Flyway.configure(Register.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:org/brokerhandoff/register/migration")
                .table("register_schema_history")
                .placeholders(Map.copyOf(dialect.placeholders()))
                .loggers("slf4j")
                .load();
        for (int attempt = 1; ; attempt++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                // SQLite has no lock that Flyway could use, so two services that start at once may collide. Each waits
                // for a different time, or they would collide again.
                if (attempt == MIGRATION_TRIES || dialect != Dialect.SQLITE) {
                    throw new RegisterUnavailable("the register's tables cannot be migrated to this version", e);
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_MIGRATION_PAUSE.toNanos()));
            }
        }
    }
}
