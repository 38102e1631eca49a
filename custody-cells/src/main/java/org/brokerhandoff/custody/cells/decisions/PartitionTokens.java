package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;

/**
 * Who owns a partition, among processes of any host. A lease ends at a time of the database's clock; another process may have it then, with a higher
 * token, and what the earlier owner still tries to decide is refused by that token. Blocks.
 */
public final class PartitionTokens {
    private static final String ACQUIRE = """
            INSERT INTO partition_lease AS l (log_partition, token, owner, ends_at)
            VALUES (?, 1, ?, clock_timestamp() + ? * INTERVAL '1 millisecond')
            ON CONFLICT (log_partition) DO UPDATE SET token = l.token + 1, owner = EXCLUDED.owner, ends_at = EXCLUDED.ends_at
            WHERE l.ends_at <= clock_timestamp() RETURNING token""";

    /** In one order, since offers lock leases too. */
    private static final String PROLONG = """
            WITH mine AS MATERIALIZED (
                SELECT l.log_partition FROM partition_lease l
                JOIN unnest(?::int[], ?::bigint[]) AS m (log_partition, token)
                    ON m.log_partition = l.log_partition AND m.token = l.token
                WHERE l.ends_at > clock_timestamp() ORDER BY l.log_partition FOR NO KEY UPDATE OF l)
            UPDATE partition_lease l SET ends_at = clock_timestamp() + ? * INTERVAL '1 millisecond'
            FROM mine WHERE mine.log_partition = l.log_partition RETURNING l.log_partition, l.token""";

    private static final String RELEASE =
            "UPDATE partition_lease SET ends_at = clock_timestamp() WHERE log_partition = ? AND token = ? RETURNING token";

    private final HikariDataSource pool;
    private final UUID owner;

    PartitionTokens(HikariDataSource pool, UUID owner) {
        this.pool = pool;
        this.owner = owner;
    }

    /**
     * Asks for a partition, for so long; empty if another has it.
     *
     * @throws CustodyException if it is not known
     */
    public Optional<FencingToken> acquire(int partition, Duration time) {
        return changed(ACQUIRE, partition, partition, owner, time.toMillis());
    }

    /**
     * Keeps those for so long from now on; the ones that had not ended.
     *
     * @throws CustodyException if it is not known
     */
    public Set<FencingToken> prolong(Set<FencingToken> fences, Duration time) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(PROLONG)) {
            List<FencingToken> inOrder = List.copyOf(fences);
            statement.setObject(1, CustodyTable.array(connection, "int", inOrder, FencingToken::partition));
            statement.setObject(2, CustodyTable.array(connection, "bigint", inOrder, FencingToken::token));
            statement.setLong(3, time.toMillis());
            Set<FencingToken> kept = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    kept.add(new FencingToken(row.getInt(1), row.getLong(2)));
                }
            }
            CustodyTable.requireCertain(statement);
            return kept;
        } catch (SQLException e) {
            throw new CustodyException("it is not known which partitions are kept", e);
        }
    }

    /** Gives it back, if it is still held. */
    public void release(FencingToken fence) {
        var unused = changed(RELEASE, fence.partition(), fence.partition(), fence.token());
    }

    private Optional<FencingToken> changed(String sql, int partition, Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < parameters.length; at++) {
                statement.setObject(at + 1, parameters[at]);
            }
            Optional<FencingToken> fence;
            try (ResultSet row = statement.executeQuery()) {
                fence = row.next() ? Optional.of(new FencingToken(partition, row.getLong(1))) : Optional.empty();
            }
            CustodyTable.requireCertain(statement);
            return fence;
        } catch (SQLException e) {
            throw new CustodyException("it is not known who has partition " + partition, e);
        }
    }
}
