package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.brokerhandoff.custody.CustodyException;

/** Names that services of several hosts give a content once: the first claim of a name counts for ever. Blocks. */
public final class FirstClaims {
    private static final String CLAIM = "INSERT INTO first_claim (name, content) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String CLAIMED = "SELECT content FROM first_claim WHERE name = ?";

    private final HikariDataSource pool;

    FirstClaims(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Claims {@code name} for {@code content}, unless it was claimed before.
     *
     * @return whether it stands for this content
     * @throws CustodyException if that is not known
     */
    public boolean claim(String name, String content) {
        try (Connection connection = pool.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement claimed = connection.prepareStatement(CLAIMED)) {
            claim.setString(1, name);
            claim.setString(2, content);
            claim.executeUpdate();
            CustodyTable.requireCertain(claim);
            claimed.setString(1, name);
            try (ResultSet row = claimed.executeQuery()) {
                return row.next() && row.getString(1).equals(content);
            }
        } catch (SQLException e) {
            throw new CustodyException("it is not known who has claimed a name", e);
        }
    }
}
