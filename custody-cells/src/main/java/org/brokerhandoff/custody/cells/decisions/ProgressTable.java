package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.CustodyException;

/** The row that says how far the decisions have come. Blocks. */
public final class ProgressTable {
    private final HikariDataSource pool;

    ProgressTable(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * How far it is.
     *
     * @throws CustodyException if it cannot be asked
     */
    public Progress seen() {
        return progress("SELECT database_id, serial FROM custody_progress");
    }

    /**
     * How far it is after one more step, which the standby has when this returns.
     *
     * @throws CustodyException if that is not known
     */
    public Progress next() {
        return progress("UPDATE custody_progress SET serial = serial + 1 RETURNING database_id, serial");
    }

    private Progress progress(String sql) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            Progress progress;
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the row of the progress is missing");
                }
                progress = new Progress(row.getObject(1, UUID.class), row.getLong(2));
            }
            CustodyTable.requireCertain(statement);
            return progress;
        } catch (SQLException e) {
            throw new CustodyException("it is not known how far the database of custody is", e);
        }
    }

    /**
     * Notes how far the log was.
     *
     * @throws CustodyException if it cannot be noted
     */
    public void mark(byte[] logPosition) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("UPDATE custody_progress SET log_mark = ?")) {
            statement.setBytes(1, logPosition);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new CustodyException("the position in the log cannot be noted", e);
        }
    }

    /**
     * What was noted last.
     *
     * @throws CustodyException if it cannot be asked
     */
    public Optional<byte[]> newestMark() {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT log_mark FROM custody_progress");
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
        } catch (SQLException e) {
            throw new CustodyException("custody cannot be read", e);
        }
    }
}
