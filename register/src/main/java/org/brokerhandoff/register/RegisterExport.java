package org.brokerhandoff.register;

import java.io.IOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The register as text: a line per row, tab-separated, first the table's name and then {@code column=value} for each column with a value.
 * Times are ISO 8601, ids of signups, requests and visitors UUIDs, digests hexadecimal.
 */
final class RegisterExport {
    /** All tables with rows from the log, in export order. */
    static final List<String> TABLES = List.of(
            "projected_position",
            "log_source",
            "policy",
            "cookie_choice",
            "broker",
            "assignment",
            "refusal",
            "released_assignment",
            "undecided_attempt",
            "notice",
            "rights_request",
            "disclosure_request",
            "disclosure_question",
            "signup");

    private static final Map<String, String> COLUMNS = Map.of("signup", String.join(", ", FactColumns.allColumns()));
    private static final Map<String, String> ORDER = Map.ofEntries(
            Map.entry("projected_position", "topic, partition_number"),
            Map.entry("log_source", "id"),
            Map.entry("policy", "kind, version, language"),
            Map.entry("cookie_choice", "visitor_id, owner"),
            Map.entry("broker", "id"),
            Map.entry("assignment", "signup_id, broker"),
            Map.entry("refusal", "signup_id, broker"),
            Map.entry("released_assignment", "signup_id, broker"),
            Map.entry("undecided_attempt", "signup_id, broker"),
            Map.entry("notice", "signup_id, broker, type, request_id"),
            Map.entry("rights_request", "signup_id, request_id"),
            Map.entry("disclosure_request", "signup_id, request_id"),
            Map.entry("disclosure_question", "signup_id, request_id, question_id"),
            Map.entry("signup", "signup_id"));
    private static final int FETCH_ROWS = 1_000;

    private RegisterExport() {}

    static void write(Connection connection, Dialect dialect, Writer to) throws SQLException, IOException {
        dialect.beginSnapshot(connection);
        try {
            for (String table : TABLES) {
                write(connection, table, to);
            }
        } finally {
            connection.rollback();
        }
        to.flush();
    }

    private static void write(Connection connection, String table, Writer to) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery("SELECT " + COLUMNS.getOrDefault(table, "*") + " FROM " + table
                    + " ORDER BY " + ORDER.get(table))) {
                ResultSetMetaData columns = row.getMetaData();
                StringBuilder line = new StringBuilder();
                while (row.next()) {
                    line.setLength(0);
                    line.append(table);
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        append(line, columns.getColumnName(i), row, i);
                    }
                    to.append(line.append('\n'));
                }
            }
        }
    }

    private static void append(StringBuilder line, String column, ResultSet row, int index) throws SQLException {
        Object value = row.getObject(index);
        if (value == null) {
            return;
        }
        line.append('\t').append(column).append('=');
        if ((column.endsWith("_id") && value instanceof byte[]) || column.equals("sealed_as")) {
            line.append(SignupIds.uuid(row.getBytes(index)));
        } else if (value instanceof byte[] bytes) {
            line.append(HexFormat.of().formatHex(bytes));
        } else if (column.endsWith("_at")
                || column.endsWith("_until")
                || column.equals("erase_by")
                || column.equals("answer_by")) {
            line.append(Instant.ofEpochMilli(row.getLong(index)));
        } else {
            appendEscaped(line, value.toString());
        }
    }

    /** An operator's publication about a broker is free text; a line must remain a line. */
    private static void appendEscaped(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                line.append("\\\\");
            } else if (c < ' ' || c == 0x7f) {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }
}
