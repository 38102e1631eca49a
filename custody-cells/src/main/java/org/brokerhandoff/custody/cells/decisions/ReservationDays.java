package org.brokerhandoff.custody.cells.decisions;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;
import org.brokerhandoff.custody.cells.rules.ReservationRules;

/**
 * Today and yesterday, for all ingest services. A day is begun by the first that finds it due. It waits for reservations of the day before
 * that are being written, since each locks its day's row; those that come after find that their day is not the newest any more.
 */
final class ReservationDays {
    private static final int SALT_BYTES = 32;

    private static final String READ = """
            SELECT day, salt, proof FROM reservation_day
            WHERE day >= (SELECT n.day - 1 FROM reservation_day n WHERE n.newest) ORDER BY day DESC""";

    private final long newest;
    private final KeyDigest today;
    private final Optional<KeyDigest> yesterday;

    private ReservationDays(long newest, KeyDigest today, Optional<KeyDigest> yesterday) {
        this.newest = newest;
        this.today = today;
        this.yesterday = yesterday;
    }

    /**
     * The days in force, after a new one has been begun if it is due.
     *
     * @param host the day by this host's clock
     * @throws CustodyException if this service has another secret than those that began the days
     */
    static ReservationDays current(Connection connection, long host, KeyDigest.Maker keys, SecureRandom random)
            throws SQLException {
        Optional<ReservationDays> found = read(connection, keys);
        OptionalLong newest = found.map(days -> OptionalLong.of(days.newest)).orElseGet(OptionalLong::empty);
        if (newest.isPresent() && host <= newest.getAsLong()) {
            return found.get();
        }
        OptionalLong begins = ReservationRules.begins(newest, host, databaseDay(connection));
        if (begins.isPresent()) {
            begin(connection, begins.getAsLong(), keys, random);
            found = read(connection, keys);
        }
        return found.orElseThrow(() -> new SQLException("no day was begun"));
    }

    private static long databaseDay(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row =
                        query.executeQuery("SELECT floor(extract(epoch FROM clock_timestamp()) / 86400)::bigint")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Optional<ReservationDays> read(Connection connection, KeyDigest.Maker keys) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(READ)) {
            if (!row.next()) {
                return Optional.empty();
            }
            long newest = row.getLong(1);
            KeyDigest today = proven(row, keys);
            return Optional.of(
                    new ReservationDays(newest, today, row.next() ? Optional.of(proven(row, keys)) : Optional.empty()));
        }
    }

    /** Whether the days in force were begun with the secret of {@code keys}; empty if none was begun yet. Changes nothing. */
    static Optional<Boolean> begunWith(Connection connection, KeyDigest.Maker keys) throws SQLException {
        try (Statement query = connection.createStatement()) {
            try (ResultSet table = query.executeQuery("SELECT to_regclass('reservation_day') IS NOT NULL")) {
                if (!table.next() || !table.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row = query.executeQuery(READ)) {
                Optional<Boolean> all = Optional.empty();
                while (row.next()) {
                    boolean same = isProven(row, keys.under(row.getBytes(2)));
                    all = Optional.of(same && all.orElse(true));
                }
                return all;
            }
        }
    }

    private static KeyDigest proven(ResultSet row, KeyDigest.Maker keys) throws SQLException {
        KeyDigest day = keys.under(row.getBytes(2));
        if (!isProven(row, day)) {
            throw new CustodyException("the idempotency key of this service is not that of the others");
        }
        return day;
    }

    private static boolean isProven(ResultSet row, KeyDigest day) throws SQLException {
        return proof(day).equals(row.getObject(3, UUID.class));
    }

    private static UUID proof(KeyDigest day) {
        return day.of("", "");
    }

    /** The row of the day before is changed, so that what waits for its lock sees that it is not the newest any more. */
    private static void begin(Connection connection, long day, KeyDigest.Maker keys, SecureRandom random)
            throws SQLException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        connection.setAutoCommit(false);
        try (PreparedStatement ends = connection.prepareStatement(
                        "UPDATE reservation_day SET newest = FALSE WHERE newest AND day < ?");
                // Where another service was first, there is a newest one already.
                PreparedStatement begins = connection.prepareStatement(
                        "INSERT INTO reservation_day (day, salt, proof, newest) VALUES (?, ?, ?, TRUE) ON CONFLICT DO NOTHING");
                PreparedStatement forgets = connection.prepareStatement("DELETE FROM reservation_day WHERE day < ?")) {
            ends.setLong(1, day);
            ends.executeUpdate();
            begins.setLong(1, day);
            begins.setBytes(2, salt);
            begins.setObject(3, proof(keys.under(salt)));
            if (begins.executeUpdate() == 1) {
                forgets.setLong(1, ReservationRules.oldest(day));
                forgets.executeUpdate();
                connection.commit();
            } else {
                connection.rollback();
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    long newest() {
        return newest;
    }

    ReservationPlace today(String client, String key) {
        return new ReservationPlace(newest, today.of(client, key));
    }

    Optional<ReservationPlace> yesterday(String client, String key) {
        return yesterday.map(digest -> new ReservationPlace(ReservationRules.oldest(newest), digest.of(client, key)));
    }
}
