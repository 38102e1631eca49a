package org.brokerhandoff.custody.cells.decisions;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.fitness.DatabaseFacts;
import org.brokerhandoff.custody.cells.fitness.DatabaseRequirement;

/** Reads the facts on which the fitness of the database rests. */
public final class DatabaseExaminer {
    private DatabaseExaminer() {}

    /**
     * Looks at the database once, over a connection of its own, and changes nothing. Blocks.
     *
     * @throws CustodyException if it does not answer; its message has the SQL state alone
     */
    public static DatabaseFacts look(DecisionSettings settings) {
        return asked(settings, DatabaseExaminer::examine);
    }

    /**
     * Whether the days of reservations were begun with the secret of {@code keys}; empty if none was begun yet. Otherwise as {@link #look}.
     *
     * @throws CustodyException if it does not answer; its message has the SQL state alone
     */
    public static Optional<Boolean> daysBegunWith(DecisionSettings settings, KeyDigest.Maker keys) {
        return asked(settings, connection -> ReservationDays.begunWith(connection, keys));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private static <T> T asked(DecisionSettings settings, Question<T> question) {
        Properties properties = new Properties();
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        settings.password().ifPresent(password -> properties.setProperty("password", password));
        String seconds = String.valueOf(Math.max(1, settings.limit().toSeconds()));
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        try (Connection connection = DriverManager.getConnection(settings.url(), properties)) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw new CustodyException("SQL state " + e.getSQLState(), e);
        }
    }

    static DatabaseFacts examine(Connection connection) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        boolean recovering;
        try (Statement ask = connection.createStatement()) {
            for (String name : DatabaseRequirement.SETTINGS) {
                try (ResultSet row = ask.executeQuery("SELECT current_setting('" + name + "')")) {
                    row.next();
                    settings.put(name, row.getString(1));
                }
            }
            try (ResultSet row = ask.executeQuery("SELECT pg_is_in_recovery()")) {
                row.next();
                recovering = row.getBoolean(1);
            }
        }
        return new DatabaseFacts(settings, recovering);
    }
}
