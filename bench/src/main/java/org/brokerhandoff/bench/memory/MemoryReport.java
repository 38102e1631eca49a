package org.brokerhandoff.bench.memory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the search of several processes came to, as text and as one JSON object. */
public final class MemoryReport {
    private final int signups;
    private final int keys;
    private final boolean withParts;
    private final Map<SearchedProcess, MemoryFindings> findings = new LinkedHashMap<>();

    /**
     * Empty.
     *
     * @param signups number of people that were searched for
     * @param keys number of their keys that were searched for
     * @param withParts whether keys were kept in parts
     */
    public MemoryReport(int signups, int keys, boolean withParts) {
        this.signups = signups;
        this.keys = keys;
        this.withParts = withParts;
    }

    /** Adds the findings in a process. */
    public void add(SearchedProcess process, MemoryFindings found) {
        findings.put(process, found);
    }

    /** The controls that were not found, each with its process; empty if the search can be trusted. */
    public List<String> blindSpots() {
        List<String> missing = new ArrayList<>();
        findings.forEach((process, found) ->
                process.missing(found).forEach(kind -> missing.add(process.name() + " " + label(kind))));
        return missing;
    }

    /** Whether no person, no key and no part of a key was found. */
    public boolean clean() {
        return tolerable(0);
    }

    /** Whether no process had more than {@code people} people, and none a key or a part of one. */
    public boolean tolerable(long people) {
        return findings.values().stream()
                .allMatch(found -> found.count(Subject.Kind.PERSON) <= people
                        && found.count(Subject.Kind.KEY) == 0
                        && found.count(Subject.Kind.PART) == 0);
    }

    private static String label(Subject.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace("control_", "");
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        findings.forEach((process, found) -> append(text, process, found));
        return text.toString();
    }

    private void append(StringBuilder text, SearchedProcess process, MemoryFindings found) {
        int number = process.processes().size();
        String name = process.name() + (number > 1 ? " (" + number + " processes)" : "");
        text.append(String.format(
                Locale.ROOT, "%n%-26s %10s %10s %10s%s%n", name, "MiB", "people", "keys", column("parts")));
        for (RegionKind region : RegionKind.values()) {
            if (found.bytes(region) > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-24s %10.1f %10d %10d%s%n",
                        region.label(),
                        found.bytes(region) / 1048576.0,
                        found.count(region, Subject.Kind.PERSON),
                        found.count(region, Subject.Kind.KEY),
                        column(String.valueOf(found.count(region, Subject.Kind.PART)))));
            }
        }
        List<String> controls = process.controls().stream()
                .sorted()
                .map(kind -> label(kind) + (found.count(kind) > 0 ? " yes" : " NO"))
                .toList();
        text.append(String.format(
                Locale.ROOT,
                "  %-24s %10s %10d %10d%s   of %d and %d%s; controls found: %s%n",
                "anywhere",
                "",
                found.count(Subject.Kind.PERSON),
                found.count(Subject.Kind.KEY),
                column(String.valueOf(found.count(Subject.Kind.PART))),
                signups,
                keys,
                withParts ? ", three parts each" : "",
                String.join(", ", controls)));
        forms(text, found, Subject.Kind.PERSON, "");
        forms(text, found, Subject.Kind.KEY, "key as ");
        forms(text, found, Subject.Kind.PART, "part as ");
        found.descriptions().forEach(line -> text.append(line).append('\n'));
    }

    private String column(String value) {
        return withParts ? String.format(Locale.ROOT, " %10s", value) : "";
    }

    private static void forms(StringBuilder text, MemoryFindings found, Subject.Kind kind, String prefix) {
        found.forms(kind)
                .forEach((form, count) ->
                        text.append(String.format(Locale.ROOT, "    %-28s %8d places%n", prefix + form, count)));
    }

    /** One object. */
    public String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("signups", signups);
        all.put("keys", keys);
        all.put("blind", !blindSpots().isEmpty());
        findings.forEach((process, found) -> all.put(process.name(), values(process, found)));
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and texts can be written", e);
        }
    }

    private Map<String, Object> values(SearchedProcess process, MemoryFindings found) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("processes", process.processes().size());
        values.put("people", found.count(Subject.Kind.PERSON));
        values.put("keys", found.count(Subject.Kind.KEY));
        if (withParts) {
            values.put("parts", found.count(Subject.Kind.PART));
            values.put("keysFromParts", found.keysFromParts());
        }
        values.put("unreadableBytes", found.unreadableBytes());
        Map<String, Object> regions = new LinkedHashMap<>();
        for (RegionKind region : RegionKind.values()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("bytes", found.bytes(region));
            each.put("people", found.count(region, Subject.Kind.PERSON));
            each.put("keys", found.count(region, Subject.Kind.KEY));
            if (withParts) {
                each.put("parts", found.count(region, Subject.Kind.PART));
            }
            regions.put(region.label(), each);
        }
        values.put("regions", regions);
        return values;
    }
}
