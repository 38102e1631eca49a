package org.brokerhandoff.custody.cells.decisions;

import static org.brokerhandoff.custody.cells.decisions.CustodyTable.array;
import static org.brokerhandoff.custody.cells.decisions.CustodyTable.requireCertain;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.cells.rules.HoldNumber;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;
import org.brokerhandoff.custody.cells.rules.ReservationRow;
import org.brokerhandoff.custody.cells.rules.ReservedSignup;

/** The statements about reservations. Each is a transaction of its own, and locks rows in the order of their places, so that none waits in a circle. */
final class ReservationTable {
    /** One row at least, with the newest day: what is not found under a day that has ended may be under the next one. */
    private static final String READ = """
            SELECT n.day AS newest, r.* FROM reservation_day n LEFT JOIN (
                SELECT r.day, r.digest, r.signup_id, r.received_at, r.erase_by, r.request, r.given_at, r.accepted, r.hold, r.token, r.owner,
                    r.leased_until > clock_timestamp() AS running
                FROM reservation r JOIN unnest(?::bigint[], ?::uuid[]) AS w (day, digest) ON r.day = w.day AND r.digest = w.digest
            ) AS r ON TRUE WHERE n.newest""";

    /** Only while their day is the newest: its row is locked, and the next day begins after this. */
    private static final String INSERT = """
            WITH newest AS MATERIALIZED (SELECT d.day FROM reservation_day d WHERE d.day = ? AND d.newest FOR SHARE)
            INSERT INTO reservation (day, digest, signup_id, received_at, erase_by, request, given_at, accepted, token, owner, leased_until)
            SELECT n.day, w.digest, w.signup_id, w.received_at, w.erase_by, decode(w.request, 'hex'), w.given_at, FALSE, 1, ?,
                clock_timestamp() + ? * INTERVAL '1 millisecond'
            FROM newest n CROSS JOIN unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[])
                AS w (digest, signup_id, received_at, erase_by, request, given_at)
            ORDER BY w.digest ON CONFLICT DO NOTHING RETURNING signup_id""";

    private static final String TAKE_OVER = """
            WITH wanted AS (SELECT * FROM unnest(?::bigint[], ?::uuid[], ?::int[]) AS w (day, digest, token)),
            locked AS MATERIALIZED (
                SELECT r.day, r.digest FROM reservation r JOIN wanted w ON r.day = w.day AND r.digest = w.digest
                WHERE r.token = w.token AND NOT r.accepted ORDER BY r.day, r.digest FOR NO KEY UPDATE OF r)
            UPDATE reservation r SET token = r.token + 1, owner = ?, leased_until = clock_timestamp() + ? * INTERVAL '1 millisecond'
            FROM locked k WHERE r.day = k.day AND r.digest = k.digest RETURNING r.day, r.digest""";

    private static final String RENEW = """
            UPDATE reservation SET received_at = ?, erase_by = ?, request = ?, given_at = ?
            WHERE day = ? AND digest = ? AND token = ? AND NOT accepted""";

    private static final String NOTE = """
            WITH wanted AS (
                SELECT * FROM unnest(?::bigint[], ?::uuid[], ?::uuid[], ?::int[], ?::bool[], ?::bigint[])
                AS w (day, digest, signup_id, token, accepted, hold)),
            locked AS MATERIALIZED (
                SELECT r.day, r.digest, w.accepted, w.hold FROM reservation r JOIN wanted w ON r.day = w.day AND r.digest = w.digest
                WHERE r.signup_id = w.signup_id AND (w.accepted OR r.token = w.token)
                ORDER BY r.day, r.digest FOR NO KEY UPDATE OF r)
            UPDATE reservation r SET accepted = r.accepted OR k.accepted, hold = coalesce(k.hold, r.hold), leased_until = clock_timestamp()
            FROM locked k WHERE r.day = k.day AND r.digest = k.digest""";

    private static final String FORGET = """
            DELETE FROM reservation WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM reservation r WHERE r.day < ? LIMIT ?))""";

    private static final HexFormat HEX = HexFormat.of();

    private ReservationTable() {}

    /**
     * What was read.
     *
     * @param newest the newest day then
     */
    record Read(long newest, Map<ReservationPlace, ReservationRow> rows) {}

    static Read read(Connection connection, Collection<ReservationPlace> places) throws SQLException {
        Map<ReservationPlace, ReservationRow> rows = new HashMap<>();
        long newest = -1;
        try (PreparedStatement query = connection.prepareStatement(READ)) {
            query.setObject(1, array(connection, "bigint", places, ReservationPlace::day));
            query.setObject(2, array(connection, "uuid", places, ReservationPlace::digest));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    newest = row.getLong("newest");
                    if (row.getObject("digest") != null) {
                        ReservationRow read = row(row);
                        rows.put(read.place(), read);
                    }
                }
            }
        }
        return new Read(newest, rows);
    }

    private static ReservationRow row(ResultSet row) throws SQLException {
        long hold = row.getLong("hold");
        boolean noted = !row.wasNull();
        return new ReservationRow(
                new ReservationPlace(row.getLong("day"), row.getObject("digest", UUID.class)),
                new ReservedSignup(
                        row.getObject("signup_id", UUID.class),
                        Instant.ofEpochMilli(row.getLong("received_at")),
                        Instant.ofEpochMilli(row.getLong("erase_by")),
                        HEX.formatHex(row.getBytes("request")),
                        Instant.ofEpochMilli(row.getLong("given_at"))),
                row.getBoolean("accepted"),
                noted ? Optional.of(HoldNumber.reference(hold)) : Optional.empty(),
                new ReservationRow.Tenure(
                        row.getInt("token"), row.getObject("owner", UUID.class), row.getBoolean("running")));
    }

    /**
     * Reserves what is not reserved yet.
     *
     * @return the signups for which it was done; none if {@code day} is not the newest any more
     */
    static Set<UUID> insert(
            Connection connection, long day, UUID process, Duration lease, Map<ReservationPlace, ReservedSignup> wanted)
            throws SQLException {
        Set<UUID> reserved = new HashSet<>();
        Collection<ReservedSignup> signups = wanted.values();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, day);
            insert.setObject(2, process);
            insert.setLong(3, lease.toMillis());
            insert.setObject(4, array(connection, "uuid", wanted.keySet(), ReservationPlace::digest));
            insert.setObject(5, array(connection, "uuid", signups, ReservedSignup::signupId));
            insert.setObject(
                    6,
                    array(connection, "bigint", signups, at -> at.receivedAt().toEpochMilli()));
            insert.setObject(
                    7, array(connection, "bigint", signups, at -> at.eraseBy().toEpochMilli()));
            insert.setObject(8, array(connection, "text", signups, ReservedSignup::request));
            insert.setObject(
                    9, array(connection, "bigint", signups, at -> at.givenAt().toEpochMilli()));
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    reserved.add(row.getObject(1, UUID.class));
                }
            }
            requireCertain(insert);
        }
        return reserved;
    }

    /** Takes over those that are as they were read; which ones. */
    static Set<ReservationPlace> takeOver(
            Connection connection, UUID process, Duration lease, Collection<ReservationRow> rows) throws SQLException {
        Set<ReservationPlace> taken = new HashSet<>();
        try (PreparedStatement update = connection.prepareStatement(TAKE_OVER)) {
            update.setObject(
                    1, array(connection, "bigint", rows, row -> row.place().day()));
            update.setObject(
                    2, array(connection, "uuid", rows, row -> row.place().digest()));
            update.setObject(
                    3, array(connection, "int", rows, row -> row.tenure().token()));
            update.setObject(4, process);
            update.setLong(5, lease.toMillis());
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    taken.add(new ReservationPlace(row.getLong(1), row.getObject(2, UUID.class)));
                }
            }
            requireCertain(update);
        }
        return taken;
    }

    /** Replaces what a reservation is for; false if another request has taken it over. */
    static boolean renew(Connection connection, ReservationPlace place, int token, ReservedSignup signup)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RENEW)) {
            update.setLong(1, signup.receivedAt().toEpochMilli());
            update.setLong(2, signup.eraseBy().toEpochMilli());
            update.setBytes(3, HEX.parseHex(signup.request()));
            update.setLong(4, signup.givenAt().toEpochMilli());
            update.setLong(5, place.day());
            update.setObject(6, place.digest());
            update.setInt(7, token);
            boolean renewed = update.executeUpdate() == 1;
            requireCertain(update);
            return renewed;
        }
    }

    /** Notes how requests have ended, one note for each reservation. */
    static void note(Connection connection, Collection<ReservationNote> notes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(NOTE)) {
            update.setObject(
                    1, array(connection, "bigint", notes, note -> note.place().day()));
            update.setObject(
                    2, array(connection, "uuid", notes, note -> note.place().digest()));
            update.setObject(3, array(connection, "uuid", notes, ReservationNote::signupId));
            update.setObject(4, array(connection, "int", notes, ReservationNote::token));
            update.setObject(5, array(connection, "bool", notes, ReservationNote::accepted));
            update.setObject(
                    6,
                    array(
                            connection,
                            "bigint",
                            notes,
                            note -> note.slot().map(HoldNumber::of).orElse(null)));
            update.executeUpdate();
        }
    }

    /** Deletes reservations of days before {@code oldest}, no more than {@code most}; how many. */
    static int forget(Connection connection, long oldest, int most) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setLong(1, oldest);
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }

    /** One note for each reservation. */
    static List<ReservationNote> merged(List<ReservationNote> notes) {
        Map<ReservationPlace, ReservationNote> last = new HashMap<>();
        notes.forEach(note -> last.merge(note.place(), note, ReservationNote::and));
        return List.copyOf(last.values());
    }
}
