package org.brokerhandoff.custody.cells.fitness;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent beside a cell's engine has found of the engine's memory, as it stands in the cell: {@code RUN swap=BOOLEAN coreDumps=BOOLEAN}.
 *
 * @param runId of the engine that was looked at
 * @param swap whether its memory may be swapped to a disk in clear, or that is not known
 * @param coreDumps whether a crash leaves an image of its memory, or that is not known
 */
public record HostReport(String runId, boolean swap, boolean coreDumps) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{40}) swap=(true|false) coreDumps=(true|false)");

    /** As it is written. */
    public String text() {
        return runId + " swap=" + swap + " coreDumps=" + coreDumps;
    }

    /** What {@link #text} has written; empty if it is something else. */
    public static Optional<HostReport> parse(String text) {
        Matcher report = FORM.matcher(text);
        return report.matches()
                ? Optional.of(new HostReport(
                        report.group(1), Boolean.parseBoolean(report.group(2)), Boolean.parseBoolean(report.group(3))))
                : Optional.empty();
    }
}
