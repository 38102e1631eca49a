package org.brokerhandoff.custody.cells.decisions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Delete;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Versioned;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Write;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellRuns;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.CustodyRow;

/**
 * The statements. Each is a transaction of its own, so that no process that is stalled keeps a lock. A row that another has locked is passed over,
 * not waited for: one repair would hold up all that is decided with it.
 */
final class CustodyTable {
    private static final String COLUMNS = "hold, signup_id, handle, roster, state, reason, broker, attempt, expiry,"
            + " prolonged_to, parked, log_partition, log_offset, erased_at, recorded, restricted, zeroed, zeroed_runs, version";

    /**
     * A row that names a token counts only while the signup's reservation has it. The reservation is locked, so that another process takes it
     * over either before this, or with this row to be found.
     */
    private static final String INSERT = """
            WITH wanted AS (
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::bigint[], ?::int[])
                AS w (signup_id, handle, roster, expiry, token)),
            reserved AS MATERIALIZED (
                SELECT r.signup_id, r.token FROM reservation r
                WHERE r.signup_id IN (SELECT w.signup_id FROM wanted w WHERE w.token IS NOT NULL)
                ORDER BY r.day, r.digest FOR SHARE)
            INSERT INTO custody (hold, signup_id, handle, roster, state, broker, attempt, expiry, recorded, restricted, zeroed, version)
            SELECT nextval('hold_number'), w.signup_id, w.handle, w.roster, 'HELD', 0, 0, w.expiry, FALSE, FALSE, 0, 1
            FROM wanted w WHERE w.token IS NULL
                OR EXISTS (SELECT 1 FROM reserved r WHERE r.signup_id = w.signup_id AND r.token = w.token)
            RETURNING hold, handle""";

    /** The leases are locked as well: a new owner has its lease only when what the one before it has begun is over. */
    private static final String UPDATE = """
            WITH wanted AS (
                SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::int[], ?::int[], ?::bool[], ?::int[],
                    ?::bigint[], ?::bigint[], ?::bool[], ?::bool[], ?::int[], ?::bigint[], ?::text[])
                AS w (hold, version, state, reason, broker, attempt, parked, log_partition, log_offset, erased_at, recorded,
                    restricted, zeroed, prolonged_to, zeroed_runs)),
            fence AS (
                SELECT * FROM unnest(?::bigint[], ?::int[], ?::bigint[]) AS f (hold, log_partition, token)),
            lease AS MATERIALIZED (
                SELECT l.log_partition, l.token FROM partition_lease l
                WHERE l.log_partition IN (SELECT f.log_partition FROM fence f) ORDER BY l.log_partition FOR SHARE),
            locked AS MATERIALIZED (
                SELECT c.hold FROM custody c JOIN wanted w ON w.hold = c.hold
                WHERE c.version = w.version FOR UPDATE OF c SKIP LOCKED)
            UPDATE custody c SET state = w.state, reason = w.reason, broker = w.broker, attempt = w.attempt, parked = w.parked,
                log_partition = w.log_partition, log_offset = w.log_offset, erased_at = w.erased_at, recorded = w.recorded,
                restricted = w.restricted, zeroed = w.zeroed, prolonged_to = w.prolonged_to,
                zeroed_runs = w.zeroed_runs, version = c.version + 1
            FROM wanted w JOIN locked k ON k.hold = w.hold
            WHERE c.hold = w.hold AND c.version = w.version AND NOT EXISTS (
                SELECT 1 FROM fence f WHERE f.hold = w.hold AND NOT EXISTS (
                    SELECT 1 FROM lease l WHERE l.log_partition = f.log_partition AND l.token = f.token))
            RETURNING c.hold""";

    private static final String DELETE = """
            WITH wanted AS (SELECT * FROM unnest(?::bigint[], ?::bigint[]) AS w (hold, version)),
            locked AS MATERIALIZED (
                SELECT c.hold FROM custody c JOIN wanted w ON w.hold = c.hold
                WHERE c.version = w.version FOR UPDATE OF c SKIP LOCKED)
            DELETE FROM custody c USING wanted w JOIN locked k ON k.hold = w.hold
            WHERE c.hold = w.hold AND c.version = w.version RETURNING c.hold""";

    private static final String COUNTS = """
            SELECT count(*) FILTER (WHERE state IN ('HELD', 'OFFERED')),
                count(*) FILTER (WHERE state IN ('HELD', 'OFFERED') AND restricted),
                count(*) FILTER (WHERE state IN ('HELD', 'OFFERED') AND prolonged_to IS NOT NULL),
                count(*) FILTER (WHERE state = 'ERASED')
            FROM custody""";

    private CustodyTable() {}

    static Map<Long, Versioned> read(Connection connection, Collection<Long> holds) throws SQLException {
        return rows(connection, "hold = ANY (?::bigint[])", array(connection, "bigint", holds));
    }

    /** The rows of a signup. */
    static Map<Long, Versioned> find(Connection connection, UUID signupId) throws SQLException {
        return rows(connection, "signup_id = ?", signupId);
    }

    static Map<Long, Versioned> erased(Connection connection) throws SQLException {
        return rows(connection, "state = 'ERASED'");
    }

    /** As a sweep looks for them; it decides itself, on each row. Keys whose end has come are first: rows that wait for a cell must not keep them back. */
    static Map<Long, Versioned> due(Connection connection, Instant now, int limit) throws SQLException {
        return rows(
                connection,
                "(state = 'ERASED' AND zeroed <> 7) OR state = 'ERASING' OR (state <> 'ERASED' AND"
                        + " coalesce(prolonged_to, expiry) <= ?) ORDER BY state = 'ERASED', state = 'ERASING', expiry LIMIT ?",
                now.toEpochMilli(),
                limit);
    }

    /** Rows whose key is not destroyed for sure. */
    static Map<Long, Versioned> unerasedAfter(Connection connection, long hold, int limit) throws SQLException {
        return rows(connection, "state <> 'ERASED' AND hold > ? ORDER BY hold LIMIT ?", hold, limit);
    }

    static Map<Long, Versioned> liveAfter(Connection connection, long hold, int limit) throws SQLException {
        return rows(connection, "hold > ? AND state IN ('HELD', 'OFFERED') ORDER BY hold LIMIT ?", hold, limit);
    }

    static RowCounts counts(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(COUNTS)) {
            row.next();
            return new RowCounts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4));
        }
    }

    static Set<UUID> signups(Connection connection) throws SQLException {
        Set<UUID> signups = new HashSet<>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT signup_id FROM custody")) {
            while (row.next()) {
                signups.add(row.getObject(1, UUID.class));
            }
        }
        return signups;
    }

    private static Map<Long, Versioned> rows(Connection connection, String condition, Object... parameters)
            throws SQLException {
        Map<Long, Versioned> found = new LinkedHashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM custody WHERE " + condition)) {
            for (int at = 0; at < parameters.length; at++) {
                query.setObject(at + 1, parameters[at]);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong("hold"), new Versioned(row(row), row.getLong("version")));
                }
            }
        }
        return found;
    }

    private static CustodyRow row(ResultSet row) throws SQLException {
        row.getLong("log_offset");
        boolean placed = !row.wasNull();
        return new CustodyRow(
                row.getObject("signup_id", UUID.class),
                row.getLong("hold"),
                new CellHandle(row.getObject("handle", UUID.class)),
                row.getInt("roster"),
                SlotState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")).map(EraseReason::valueOf),
                new BrokerTag(row.getInt("broker")),
                row.getInt("attempt"),
                Instant.ofEpochMilli(row.getLong("expiry")),
                time(row, "prolonged_to"),
                placed
                        ? Optional.of(new LogPosition(
                                row.getBoolean("parked"), row.getInt("log_partition"), row.getLong("log_offset")))
                        : Optional.empty(),
                time(row, "erased_at"),
                row.getBoolean("recorded"),
                row.getBoolean("restricted"),
                new CellSet(row.getInt("zeroed")),
                CellRuns.parse(Optional.ofNullable(row.getString("zeroed_runs")).orElse("")));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Those of {@code fences} whose token is the partition's. */
    static Set<FencingToken> holding(Connection connection, Set<FencingToken> fences) throws SQLException {
        Set<FencingToken> holding = new HashSet<>();
        if (fences.isEmpty()) {
            return holding;
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT log_partition, token FROM partition_lease WHERE log_partition = ANY (?::int[])")) {
            query.setObject(1, array(connection, "int", fences, FencingToken::partition));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    holding.add(new FencingToken(row.getInt(1), row.getLong(2)));
                }
            }
        }
        holding.retainAll(fences);
        return holding;
    }

    /** Inserts rows of fresh holds; the numbers of those that were, by handle. */
    static Map<CellHandle, Long> insert(Connection connection, List<DecisionStore.NewRow> wanted) throws SQLException {
        Map<CellHandle, Long> numbers = new HashMap<>();
        List<CustodyRow> rows = wanted.stream().map(DecisionStore.NewRow::row).toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, array(connection, "uuid", rows, CustodyRow::signupId));
            insert.setObject(
                    2, array(connection, "uuid", rows, row -> row.handle().random()));
            insert.setObject(3, array(connection, "int", rows, CustodyRow::roster));
            insert.setObject(
                    4, array(connection, "bigint", rows, row -> row.expiry().toEpochMilli()));
            insert.setObject(
                    5,
                    array(
                            connection,
                            "int",
                            wanted,
                            row -> row.token().isPresent() ? row.token().getAsInt() : null));
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    numbers.put(new CellHandle(row.getObject(2, UUID.class)), row.getLong(1));
                }
            }
            requireCertain(insert);
        }
        return numbers;
    }

    /** Writes what still can be; the holds that were written. */
    static Set<Long> update(Connection connection, List<Write> writes) throws SQLException {
        if (writes.isEmpty()) {
            return Set.of();
        }
        List<Function<Write, Object>> columns = new ArrayList<>();
        List<String> types = List.of(
                "bigint", "bigint", "text", "text", "int", "int", "bool", "int", "bigint", "bigint", "bool", "bool",
                "int", "bigint", "text");
        columns.add(Write::hold);
        columns.add(Write::version);
        columns.add(write -> write.row().state().name());
        columns.add(write -> write.row().reason().map(Enum::name).orElse(null));
        columns.add(write -> write.row().broker().value());
        columns.add(write -> write.row().attempt());
        columns.add(write -> write.row().position().map(LogPosition::parked).orElse(null));
        columns.add(write -> write.row().position().map(LogPosition::partition).orElse(null));
        columns.add(write -> write.row().position().map(LogPosition::offset).orElse(null));
        columns.add(write -> write.row().erasedAt().map(Instant::toEpochMilli).orElse(null));
        columns.add(write -> write.row().recorded());
        columns.add(write -> write.row().restricted());
        columns.add(write -> write.row().zeroed().bits());
        columns.add(
                write -> write.row().prolongedTo().map(Instant::toEpochMilli).orElse(null));
        columns.add(write -> write.row().runs().text());
        List<Long> fenced = new ArrayList<>();
        List<FencingToken> fences = new ArrayList<>();
        writes.forEach(write -> write.fences().forEach(fence -> {
            fenced.add(write.hold());
            fences.add(fence);
        }));
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            for (int at = 0; at < columns.size(); at++) {
                update.setObject(at + 1, array(connection, types.get(at), writes, columns.get(at)));
            }
            update.setObject(16, array(connection, "bigint", fenced));
            update.setObject(17, array(connection, "int", fences, FencingToken::partition));
            update.setObject(18, array(connection, "bigint", fences, FencingToken::token));
            return holds(update);
        }
    }

    /** Deletes what still can be; the holds that were deleted. */
    static Set<Long> delete(Connection connection, List<Delete> deletes) throws SQLException {
        if (deletes.isEmpty()) {
            return Set.of();
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setObject(1, array(connection, "bigint", deletes, Delete::hold));
            delete.setObject(2, array(connection, "bigint", deletes, Delete::version));
            return holds(delete);
        }
    }

    private static Set<Long> holds(PreparedStatement statement) throws SQLException {
        Set<Long> holds = new HashSet<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                holds.add(row.getLong(1));
            }
        }
        requireCertain(statement);
        return holds;
    }

    /**
     * A commit that gave up waiting for the standby succeeds with a warning: it is on this server and perhaps nowhere else.
     *
     * @throws SQLException if there is any warning
     */
    static void requireCertain(Statement statement) throws SQLException {
        SQLWarning warning = statement.getWarnings();
        if (warning != null) {
            throw new SQLException("the commit is not certain: " + warning.getMessage(), warning.getSQLState());
        }
    }

    private static Object array(Connection connection, String type, Collection<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    static <T> Object array(
            Connection connection, String type, Collection<T> values, Function<T, ? extends Object> column)
            throws SQLException {
        return connection.createArrayOf(
                type, values.stream().map(column).map(Object.class::cast).toArray());
    }
}
