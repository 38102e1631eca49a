package org.brokerhandoff.ingest.idempotency;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.Digest;

/** The table of reservations and its statements, prepared once. On the writer's thread only, within its transactions. */
final class ReservationTable {
    private static final int RESERVED = 0;
    private static final int ACCEPTED = 1;
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS reservation (
              day INTEGER NOT NULL,
              digest BLOB NOT NULL,
              signup BLOB NOT NULL,
              received_at INTEGER NOT NULL,
              erase_by INTEGER NOT NULL,
              slot INTEGER,
              generation INTEGER,
              state INTEGER NOT NULL,
              request BLOB,
              given_at INTEGER,
              PRIMARY KEY (day, digest)
            ) WITHOUT ROWID, STRICT
            """;

    private final PreparedStatement select;
    private final PreparedStatement insert;
    private final PreparedStatement hasRowsOf;
    private final PreparedStatement update;
    private final PreparedStatement accept;
    private final PreparedStatement renew;
    private final PreparedStatement delete;
    private final PreparedStatement deleteBefore;

    /**
     * Prepares the statements.
     *
     * @param connection where {@link #create} has run
     */
    ReservationTable(Connection connection) throws SQLException {
        select = connection.prepareStatement(
                "SELECT signup, received_at, erase_by, slot, generation, state, request, given_at"
                        + " FROM reservation WHERE day = ? AND digest = ?");
        insert = connection.prepareStatement(
                "INSERT OR IGNORE INTO reservation (day, digest, signup, received_at, erase_by,"
                        + " request, given_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, " + RESERVED + ")");
        hasRowsOf = connection.prepareStatement("SELECT 1 FROM reservation WHERE day = ? LIMIT 1");
        update = connection.prepareStatement(
                "UPDATE reservation SET slot = ?, generation = ?, state = ? WHERE day = ? AND digest = ?");
        accept = connection.prepareStatement(
                "UPDATE reservation SET state = " + ACCEPTED + " WHERE day = ? AND digest = ?");
        renew = connection.prepareStatement("UPDATE reservation SET received_at = ?, erase_by = ?, request = ?,"
                + " given_at = ?, slot = NULL, generation = NULL WHERE day = ? AND digest = ?");
        delete = connection.prepareStatement("DELETE FROM reservation WHERE day = ? AND digest = ?");
        deleteBefore = connection.prepareStatement("DELETE FROM reservation WHERE (day, digest) IN"
                + " (SELECT day, digest FROM reservation WHERE day < ? LIMIT ?)");
    }

    /** Makes the table, or adds what a table of an earlier version lacks: its rows live for two days. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            Set<String> columns = new HashSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT name FROM pragma_table_info('reservation')")) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
            for (String added : List.of("request BLOB", "given_at INTEGER")) {
                if (!columns.contains(added.substring(0, added.indexOf(' ')))) {
                    statement.execute("ALTER TABLE reservation ADD COLUMN " + added);
                }
            }
        }
    }

    Optional<Reservation> select(ReservationId id) throws SQLException {
        select.setLong(1, id.day());
        select.setBytes(2, id.digest());
        try (ResultSet rows = select.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            ByteBuffer signup = ByteBuffer.wrap(rows.getBytes(1));
            int slot = rows.getInt(4);
            Optional<SlotReference> reference =
                    rows.wasNull() ? Optional.empty() : Optional.of(new SlotReference(slot, rows.getInt(5)));
            byte[] request = rows.getBytes(7);
            return Optional.of(new Reservation(
                    id,
                    rows.getInt(6) == ACCEPTED ? Reservation.State.ACCEPTED : Reservation.State.RESERVED,
                    new UUID(signup.getLong(), signup.getLong()),
                    Instant.ofEpochMilli(rows.getLong(2)),
                    Instant.ofEpochMilli(rows.getLong(3)),
                    reference,
                    request == null
                            ? Optional.empty()
                            : Optional.of(
                                    new RequestMark(new Digest(request), Instant.ofEpochMilli(rows.getLong(8))))));
        }
    }

    /** Whether there was no such row. */
    boolean insert(ReservationId id, UUID signup, Instant receivedAt, Instant eraseBy, RequestMark request)
            throws SQLException {
        insert.setLong(1, id.day());
        insert.setBytes(2, id.digest());
        insert.setBytes(
                3,
                ByteBuffer.allocate(16)
                        .putLong(signup.getMostSignificantBits())
                        .putLong(signup.getLeastSignificantBits())
                        .array());
        insert.setLong(4, receivedAt.toEpochMilli());
        insert.setLong(5, eraseBy.toEpochMilli());
        insert.setBytes(6, request.digest().bytes());
        insert.setLong(7, request.givenAt().toEpochMilli());
        return insert.executeUpdate() == 1;
    }

    boolean hasRowsOf(long day) throws SQLException {
        hasRowsOf.setLong(1, day);
        try (ResultSet rows = hasRowsOf.executeQuery()) {
            return rows.next();
        }
    }

    void slot(ReservationId id, SlotReference slot) throws SQLException {
        update(id, slot, RESERVED);
    }

    void accept(ReservationId id, SlotReference slot) throws SQLException {
        update(id, slot, ACCEPTED);
    }

    private void update(ReservationId id, SlotReference slot, int state) throws SQLException {
        update.setInt(1, slot.slot());
        update.setInt(2, slot.generation());
        update.setInt(3, state);
        update.setLong(4, id.day());
        update.setBytes(5, id.digest());
        update.executeUpdate();
    }

    void accept(ReservationId id) throws SQLException {
        accept.setLong(1, id.day());
        accept.setBytes(2, id.digest());
        accept.executeUpdate();
    }

    void renew(ReservationId id, Instant receivedAt, Instant eraseBy, RequestMark request) throws SQLException {
        renew.setLong(1, receivedAt.toEpochMilli());
        renew.setLong(2, eraseBy.toEpochMilli());
        renew.setBytes(3, request.digest().bytes());
        renew.setLong(4, request.givenAt().toEpochMilli());
        renew.setLong(5, id.day());
        renew.setBytes(6, id.digest());
        renew.executeUpdate();
    }

    void delete(ReservationId id) throws SQLException {
        delete.setLong(1, id.day());
        delete.setBytes(2, id.digest());
        delete.executeUpdate();
    }

    int deleteBefore(long day, int most) throws SQLException {
        deleteBefore.setLong(1, day);
        deleteBefore.setInt(2, most);
        return deleteBefore.executeUpdate();
    }
}
