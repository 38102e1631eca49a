package org.brokerhandoff.audit.listing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.schemas.EventJson;

/** One line per record for people: append time, position, type, subject, and content. */
public final class RecordLine {
    private static final int LONGEST = 400;
    private static final int DIGEST_DIGITS = 64;
    private static final int SHOWN_DIGITS = 12;
    private static final String DIM = "\u001b[2m";
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private RecordLine() {}

    /**
     * The line of {@code record}, without a line break. Digests are shortened and long events truncated; the JSON form is complete.
     *
     * @param coloured whether it is for a terminal
     */
    public static String of(ListedRecord record, boolean coloured) {
        String when = EventJson.moment(record.appendedAt());
        String where = String.format(Locale.ROOT, "%-16s", record.place());
        if (record.content() instanceof ListedRecord.Event event) {
            String line = (coloured ? DIM + when + PLAIN : when) + "  " + where + "  "
                    + (coloured ? BOLD + event.name() + PLAIN : event.name())
                    + event.subject().map(subject -> "  " + subject).orElse("");
            String said = said(event.data(), event.subject());
            return said.isEmpty() ? line : line + "  " + said;
        }
        String reason = "unreadable: " + ((ListedRecord.Unreadable) record.content()).reason();
        return (coloured ? DIM + when + PLAIN : when) + "  " + where + "  "
                + (coloured ? RED + reason + PLAIN : reason);
    }

    private static String said(JsonNode data, Optional<String> subject) {
        StringBuilder text = new StringBuilder();
        append(text, data, subject);
        // A ledger's entry has line breaks, and terminal control characters must not be printed.
        String line = text.toString().replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
    }

    private static void append(StringBuilder text, JsonNode node, Optional<String> subject) {
        if (text.length() > LONGEST) {
            return;
        }
        if (node.isObject()) {
            String separator = "";
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                JsonNode value = field.getValue();
                boolean said = value.isTextual() && subject.equals(Optional.of(value.textValue()));
                if (!value.isNull() && !said) {
                    text.append(separator).append(field.getKey()).append(' ');
                    nested(text, value, subject);
                    separator = ", ";
                }
            }
        } else if (node.isArray()) {
            String separator = "";
            for (JsonNode each : node) {
                text.append(separator);
                nested(text, each, subject);
                separator = ", ";
            }
        } else {
            String value = node.asText();
            boolean digest = value.length() == DIGEST_DIGITS && value.matches("[0-9a-f]+");
            text.append(digest ? value.substring(0, SHOWN_DIGITS) + "…" : value);
        }
    }

    private static void nested(StringBuilder text, JsonNode value, Optional<String> subject) {
        boolean bracketed = value.isContainerNode();
        text.append(bracketed ? "[" : "");
        append(text, value, subject);
        text.append(bracketed ? "]" : "");
    }
}
