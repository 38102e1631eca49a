package org.brokerhandoff.custody.cells.decisions;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.brokerhandoff.custody.cells.fitness.DatabaseFacts;
import org.brokerhandoff.custody.cells.fitness.DatabaseRequirement;

/** Reads the facts on which the fitness of the database rests. */
final class DatabaseExaminer {
    private DatabaseExaminer() {}

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
