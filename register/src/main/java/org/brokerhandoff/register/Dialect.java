package org.brokerhandoff.register;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The differences between the two databases. Statements are common; column types and settings differ. */
enum Dialect {
    SQLITE(
            SqliteUrl.PREFIX,
            4,
            Map.of("bytes", "BLOB", "text", "TEXT", "clustered", " WITHOUT ROWID"),
            Map.of(
                    "journal_mode", "WAL",
                    // A power cut may lose the last transactions, rows and positions alike: they are projected again.
                    "synchronous", "NORMAL",
                    "busy_timeout", "10000",
                    "journal_size_limit", String.valueOf(64 << 20)),
            Optional.empty(),
            Optional.empty(),
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"),
    POSTGRESQL(
            "jdbc:postgresql:",
            6,
            // Each signup's row is updated a few times soon after its insertion; free space in its page keeps that
            // cheap. The collation sorts as SQLite does.
            Map.of("bytes", "BYTEA", "text", "TEXT COLLATE \"C\"", "clustered", " WITH (fillfactor = 60)"),
            // A host that is lost answers nothing, not even that it is gone, so that without a limit its readers would
            // wait for ever. The URL may have another one.
            Map.of("reWriteBatchedInserts", "true", "socketTimeout", "60"),
            // As SQLite's busy timeout: a statement that waits longer, for example for a rebuild, fails visibly, and is
            // retried.
            Optional.of("SET lock_timeout = '10s'"),
            // Blocks writers but not readers. SQLite's write lock does so by itself.
            Optional.of("LOCK TABLE projected_position IN EXCLUSIVE MODE"),
            "SELECT CASE WHEN reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(reloptions, ', ') || ')' END"
                    + " FROM pg_class WHERE oid = to_regclass(?)");

    private final String urlPrefix;
    private final int connections;
    private final Map<String, String> placeholders;
    private final Map<String, String> properties;
    private final Optional<String> connectionStart;
    private final Optional<String> writersLock;
    private final String definition;

    Dialect(
            String urlPrefix,
            int connections,
            Map<String, String> placeholders,
            Map<String, String> properties,
            Optional<String> connectionStart,
            Optional<String> writersLock,
            String definition) {
        this.urlPrefix = urlPrefix;
        this.connections = connections;
        this.placeholders = placeholders;
        this.properties = properties;
        this.connectionStart = connectionStart;
        this.writersLock = writersLock;
        this.definition = definition;
    }

    /** The dialect of a JDBC URL. The message does not repeat the URL, which may contain a password. */
    static Dialect of(String url) {
        return Arrays.stream(values())
                .filter(dialect -> url.startsWith(dialect.urlPrefix))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the register's URL starts with jdbc:sqlite: or jdbc:postgresql:"));
    }

    String urlPrefix() {
        return urlPrefix;
    }

    /** Values of the migrations' placeholders. */
    Map<String, String> placeholders() {
        return placeholders;
    }

    /**
     * The statement that creates an empty table with the columns and keys of another.
     *
     * @param like the other's name
     */
    String createLike(Connection connection, String like, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(definition)) {
            query.setString(1, like);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("there is no table " + like);
                }
                return this == SQLITE
                        ? row.getString(1).replaceFirst("^CREATE TABLE \"?" + like + "\"?", "CREATE TABLE " + name)
                        : "CREATE TABLE " + name + " (LIKE " + like + " INCLUDING ALL)" + row.getString(1);
            }
        }
    }

    /** Whether dropping a table takes time proportional to its size, and blocks other writers. */
    boolean dropsSlowly() {
        return this == SQLITE;
    }

    /** The statement that blocks other writers until the transaction ends, where the first change does not do so anyway. */
    Optional<String> writersLock() {
        return writersLock;
    }

    /**
     * Begins a write transaction. A transaction that reads before its first write fails at once in SQLite if another process has written in
     * between; one that begins with a write, even an empty one, waits for the lock.
     */
    void beginWriting(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        if (this == SQLITE) {
            try (PreparedStatement nothing = connection.prepareStatement("DELETE FROM log_source WHERE FALSE")) {
                nothing.executeUpdate();
            }
        }
    }

    /** Begins a transaction with a consistent snapshot. */
    void beginSnapshot(Connection connection) throws SQLException {
        if (this == POSTGRESQL) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        connection.setAutoCommit(false);
    }

    HikariConfig pool(RegisterSettings settings) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("handoff-register");
        pool.setJdbcUrl(settings.url());
        settings.user().ifPresent(pool::setUsername);
        settings.password().ifPresent(pool::setPassword);
        pool.setMaximumPoolSize(connections);
        pool.setConnectionTimeout(5_000);
        // Two services that create one SQLite file at once: switching to its write-ahead log does not wait for the
        // lock, and fails.
        pool.setInitializationFailTimeout(5_000);
        properties.forEach(pool::addDataSourceProperty);
        connectionStart.ifPresent(pool::setConnectionInitSql);
        return pool;
    }
}
