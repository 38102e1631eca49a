package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A row that is locked by a transaction, which the database ends if it stands still for too long. */
final class LockedRow implements RepairRow {
    private static final Logger LOG = LoggerFactory.getLogger(LockedRow.class);

    private final HikariDataSource pool;
    private final CustodyRow row;
    private final Executor executor;
    private final Duration limit;
    private @Nullable Connection locking;

    LockedRow(HikariDataSource pool, CustodyRow row, Executor executor, Duration limit) {
        this.pool = pool;
        this.row = row;
        this.executor = executor;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Boolean> lock() {
        return CompletableFuture.supplyAsync(this::locked, executor);
    }

    private synchronized boolean locked() {
        try {
            Connection connection = pool.getConnection();
            locking = connection;
            connection.setAutoCommit(false);
            try (Statement set = connection.createStatement()) {
                set.execute("SET LOCAL idle_in_transaction_session_timeout = " + limit.toMillis());
            }
            return live(connection, " FOR SHARE");
        } catch (SQLException e) {
            throw new CustodyException("the row cannot be locked", e);
        }
    }

    @Override
    public CompletionStage<Boolean> look() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection other = pool.getConnection()) {
                        return live(other, "");
                    } catch (SQLException e) {
                        throw new CustodyException("the row cannot be read", e);
                    }
                },
                executor);
    }

    private boolean live(Connection connection, String lock) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT state FROM custody WHERE hold = ? AND handle = ?" + lock)) {
            query.setLong(1, row.hold());
            query.setObject(2, row.handle().random());
            try (ResultSet found = query.executeQuery()) {
                return found.next()
                        && (found.getString(1).equals(SlotState.HELD.name())
                                || found.getString(1).equals(SlotState.OFFERED.name()));
            }
        }
    }

    @Override
    public void release() {
        executor.execute(this::released);
    }

    private synchronized void released() {
        Connection connection = locking;
        if (connection == null) {
            return;
        }
        locking = null;
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("the lock was lost: {}", e.getSQLState());
        }
    }
}
