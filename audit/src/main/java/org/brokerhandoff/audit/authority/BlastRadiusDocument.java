package org.brokerhandoff.audit.authority;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.brokerhandoff.event.DataCategory;

/** Renders a {@link BlastRadius}: for people in a terminal or on a page, and for machines. */
public final class BlastRadiusDocument {
    private final BlastRadius found;

    /** The forms of {@code found}. */
    public BlastRadiusDocument(BlastRadius found) {
        this.found = found;
    }

    /** The numbers, in English; the ids are in the other forms. */
    public String text() {
        Wording words = Wording.in("en").orElseThrow();
        StringBuilder text = new StringBuilder(title(words)).append('\n');
        summary(words).forEach(line -> text.append("  ").append(line).append('\n'));
        counts(text, words.of("radius.by-country"), country(words));
        counts(text, words.of("radius.by-category"), category(words));
        counts(text, words.of("radius.by-recipient"), rows(found.byRecipient()));
        return text.append(words.of("limits"))
                .append(": ")
                .append(words.of("radius.not-said"))
                .append('\n')
                .toString();
    }

    private static void counts(StringBuilder text, String heading, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            text.append(heading).append(": ");
            text.append(rows.stream().map(row -> row.get(0) + " " + row.get(1)).collect(Collectors.joining(", ")))
                    .append('\n');
        }
    }

    /** One object, with the id of everyone affected. Ends with a line break. */
    public String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("from", found.from().toString()).put("to", found.to().toString());
        json.put("readAt", found.readAt().toString());
        json.put("signups", found.signups()).put("readable", found.readable().size());
        json.put("stillHeld", found.stillHeld()).put("sealedOnly", found.sealedOnly());
        found.byCountry().forEach(json.putObject("byCountry")::put);
        ObjectNode categories = json.putObject("byCategory");
        found.byCategory().forEach((category, count) -> categories.put(category.name(), count));
        found.byRecipient().forEach(json.putObject("byRecipient")::put);
        ArrayNode all = json.putArray("concerned");
        for (BlastRadius.Concerned each : found.readable()) {
            ObjectNode one = all.addObject();
            one.put("signupId", each.signupId().toString());
            one.put("readableFrom", each.readableFrom().toString());
            one.put("readableTo", each.readableTo().toString());
            one.put("stillHeld", each.stillHeld());
            each.country().ifPresent(country -> one.put("country", country));
            ArrayNode kinds = one.putArray("categories");
            each.categories().stream().sorted().map(DataCategory::name).forEach(kinds::add);
            each.sentTo().forEach(one.putArray("sentTo")::add);
        }
        return json.toPrettyString() + "\n";
    }

    /** A self-contained page. */
    public String html(Wording words) {
        Sheet page = new Sheet(title(words));
        page.paragraph(words.of("radius.what-it-is"));
        page.items(summary(words));
        table(page, words, "radius.by-country", "country", country(words));
        table(page, words, "radius.by-category", "category", category(words));
        table(page, words, "radius.by-recipient", "recipient", rows(found.byRecipient()));
        page.heading(words.of("radius.concerned"));
        List<List<String>> rows = new ArrayList<>();
        for (BlastRadius.Concerned each : found.readable()) {
            rows.add(List.of(
                    each.signupId().toString(),
                    each.readableFrom().toString(),
                    each.stillHeld()
                            ? words.of("radius.until-the-end")
                            : each.readableTo().toString(),
                    each.country().orElse(words.of("unknown")),
                    each.categories().stream().sorted().map(words::of).collect(Collectors.joining(", ")),
                    String.join(", ", each.sentTo())));
        }
        if (!rows.isEmpty()) {
            page.table(
                    words.of("radius.concerned.caption"),
                    List.of(
                            words.of("signup"),
                            words.of("radius.readable-from"),
                            words.of("radius.readable-to"),
                            words.of("country"),
                            words.of("category"),
                            words.of("recipient")),
                    rows);
        }
        page.heading(words.of("limits")).paragraph(words.of("radius.not-said"));
        return page.html(words.language(), words.of("from-the-log", found.readAt()));
    }

    private static void table(Sheet page, Wording words, String heading, String head, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            page.heading(words.of(heading));
            page.table(words.of(heading), List.of(words.of(head), words.of("count")), rows);
        }
    }

    private String title(Wording words) {
        return words.of("radius.title", found.from(), found.to());
    }

    private List<String> summary(Wording words) {
        return List.of(
                words.counted(
                        "radius.readable",
                        found.signups(),
                        words.number(found.readable().size())),
                words.counted("radius.still-held", found.stillHeld()),
                words.counted("radius.sealed-only", found.sealedOnly()));
    }

    private List<List<String>> country(Wording words) {
        return found.byCountry().entrySet().stream()
                .map(entry -> row(entry.getKey().isEmpty() ? words.of("unknown") : entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<List<String>> category(Wording words) {
        return found.byCategory().entrySet().stream()
                .map(entry -> row(words.of(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static List<List<String>> rows(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static List<String> row(String name, long count) {
        return List.of(name, String.valueOf(count));
    }
}
