package org.brokerhandoff.custody.cells.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which starts of which cells have confirmed to have overwritten their share of a key.
 *
 * @param byCell run id of the engine, by the cell's number
 */
public record CellRuns(SortedMap<Integer, String> byCell) {
    /** None. */
    public static final CellRuns NONE = new CellRuns(new TreeMap<>());

    /** Copies the map. */
    public CellRuns {
        byCell = new TreeMap<>(byCell);
    }

    /** These and one more. */
    public CellRuns with(int cell, String runId) {
        SortedMap<Integer, String> more = new TreeMap<>(byCell);
        more.put(cell, runId);
        return new CellRuns(more);
    }

    /** These, and those of others where these have none: the first confirmation of a cell stays. */
    public CellRuns and(CellRuns others) {
        SortedMap<Integer, String> both = new TreeMap<>(others.byCell);
        both.putAll(byCell);
        return new CellRuns(both);
    }

    /** As {@code 0=RUN,2=RUN}. */
    public String text() {
        return byCell.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    }

    /** What {@link #text} has written. */
    public static CellRuns parse(String text) {
        Map<Integer, String> runs = Arrays.stream(text.split(","))
                .filter(each -> !each.isEmpty())
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> Integer.valueOf(each[0]), each -> each[1]));
        return new CellRuns(new TreeMap<>(runs));
    }
}
