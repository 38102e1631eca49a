package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A second set of the register's tables, in the same database, into which the log is projected again while the first one serves; and the swap
 * of the two. Processes that have the register open need no notification: after the swap projectors find the positions moved and continue
 * from them, as after another process has projected.
 *
 * <pre>
 *   next_*  made by begin(), filled by write()         dropped by the next begin() if it stays behind
 *   *       serve                    ── takeOver() ──> former_*, removed afterwards, also by the next begin()
 * </pre>
 */
final class RegisterSuccessor {
    private static final String NEXT = "next_";
    private static final String FORMER = "former_";
    /** Rows deleted per transaction, so that projectors get their turn in between. */
    private static final int ROWS_AT_ONCE = 20_000;

    private static final List<String> TABLES = tables();

    private final Register register;
    private final Dialect dialect;
    private final RegisterWriter writer = new RegisterWriter(NEXT);

    RegisterSuccessor(Register register, Dialect dialect) {
        this.register = register;
        this.dialect = dialect;
    }

    /** Adds a batch and the positions after it. */
    interface BatchWriter {
        void write(EventBatch batch, SortedMap<LogPartition, RegisterWriter.Step> steps);
    }

    /** Reads the rest of the log. */
    interface Rest {
        void into(BatchWriter batches);
    }

    private static List<String> tables() {
        List<String> tables = new ArrayList<>(RegisterExport.TABLES);
        tables.add("notice_in_progress");
        return List.copyOf(tables);
    }

    /** Creates the tables, empty, and removes the remains of an earlier rebuild. */
    void begin(LogSource source, SortedMap<LogPartition, Long> starts) {
        remove(NEXT);
        remove(FORMER);
        register.change("the register cannot be rebuilt", connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.execute(dialect.createLike(connection, table, NEXT + table));
                }
            }
            writer.source(connection, source);
            writer.begin(connection, starts);
        });
    }

    /** Writes a batch in one transaction. */
    void write(EventBatch batch, SortedMap<LogPartition, RegisterWriter.Step> steps) {
        try {
            register.apply(writer, batch, steps);
        } catch (PositionMoved e) {
            throw anotherRebuild(e);
        }
    }

    private static RegisterUnavailable anotherRebuild(PositionMoved cause) {
        return new RegisterUnavailable("another rebuild has begun", cause);
    }

    /**
     * Blocks projectors, catches up with the log, and makes the new tables serve: all in one transaction. Queries are answered from the old
     * ones until it ends.
     */
    void takeOver(Rest rest) {
        register.change("the rebuilt register cannot take over", connection -> {
            try (Statement statement = connection.createStatement()) {
                if (dialect.writersLock().isPresent()) {
                    statement.execute(dialect.writersLock().get());
                }
                rest.into((batch, steps) -> write(connection, batch, steps));
                for (String table : TABLES) {
                    statement.execute("ALTER TABLE " + table + " RENAME TO " + FORMER + table);
                    statement.execute("ALTER TABLE " + NEXT + table + " RENAME TO " + table);
                }
            }
        });
        remove(FORMER);
    }

    private void write(Connection connection, EventBatch batch, SortedMap<LogPartition, RegisterWriter.Step> steps) {
        try {
            writer.advance(connection, steps);
            writer.write(connection, batch);
        } catch (PositionMoved e) {
            throw anotherRebuild(e);
        } catch (SQLException e) {
            throw new RegisterUnavailable("events cannot be written", e);
        }
    }

    private void remove(String prefix) {
        for (String table : TABLES) {
            if (dialect.dropsSlowly()) {
                empty(prefix + table);
            }
            register.change("a former table cannot be removed", connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP TABLE IF EXISTS " + prefix + table);
                }
            });
        }
    }

    /** A few rows at a time; all potentially large tables are keyed by signups, or visitors. */
    private void empty(String table) {
        String id = table.endsWith("cookie_choice") ? "visitor_id" : "signup_id";
        int[] deleted = {0};
        do {
            register.change("a former table cannot be emptied", connection -> {
                try (ResultSet column = connection.getMetaData().getColumns(null, null, table, id);
                        Statement statement = connection.createStatement()) {
                    deleted[0] = column.next()
                            ? statement.executeUpdate("DELETE FROM " + table + " WHERE " + id + " IN (SELECT " + id
                                    + " FROM " + table + " LIMIT " + ROWS_AT_ONCE + ")")
                            : 0;
                }
            });
        } while (deleted[0] > 0);
    }
}
