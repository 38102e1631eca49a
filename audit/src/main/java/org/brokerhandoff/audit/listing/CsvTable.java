package org.brokerhandoff.audit.listing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.schemas.EventJson;

/**
 * Records as CSV: a row each, terminated by CR LF, quoted where needed. A text that a spreadsheet would take for a formula is prefixed with
 * an apostrophe.
 *
 * @param fields names of the events' fields with their own column; if empty, one column has the whole event as JSON
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP: CSV injection</a>
 */
public record CsvTable(List<String> fields) {
    private static final List<String> PLACE = List.of("topic", "partition", "offset", "appendedAt");
    private static final List<String> EVENT = List.of("id", "type", "source", "time", "subject");

    /** Copies the names. */
    public CsvTable {
        fields = List.copyOf(fields);
    }

    /** The row with the names of the columns. */
    public String header() {
        List<String> names = new ArrayList<>(PLACE);
        names.addAll(EVENT);
        if (fields.isEmpty()) {
            names.add("data");
        }
        fields.forEach(field -> names.add("data." + field));
        names.add("unreadable");
        return row(names);
    }

    /** The row of a record. */
    public String row(ListedRecord record) {
        List<String> cells = new ArrayList<>(List.of(
                record.topic().baseName(),
                String.valueOf(record.partition()),
                String.valueOf(record.offset()),
                EventJson.moment(record.appendedAt())));
        if (record.content() instanceof ListedRecord.Event event) {
            cells.addAll(List.of(
                    event.id(),
                    event.type(),
                    event.source().orElse(""),
                    event.time().orElse(""),
                    event.subject().orElse("")));
            if (fields.isEmpty()) {
                cells.add(event.data().toString());
            }
            fields.forEach(
                    field -> cells.add(text(Optional.ofNullable(event.data().get(field)))));
            cells.add("");
        } else if (record.content() instanceof ListedRecord.Unreadable unreadable) {
            EVENT.forEach(unused -> cells.add(""));
            for (int i = 0; i < Math.max(1, fields.size()); i++) {
                cells.add("");
            }
            cells.add(unreadable.reason());
        }
        return row(cells);
    }

    /** Lists and records remain JSON. */
    private static String text(Optional<JsonNode> value) {
        return value.filter(node -> !node.isNull())
                .map(node -> node.isValueNode() ? node.asText() : node.toString())
                .orElse("");
    }

    private static String row(List<String> cells) {
        return cells.stream().map(CsvTable::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    static String cell(String text) {
        String safe = text;
        if (!text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 && !text.matches("-?[0-9]+")) {
            safe = "'" + text;
        }
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
