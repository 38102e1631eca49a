package org.brokerhandoff.custody.preflight;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What an examination found.
 *
 * @param slotFile the slot file
 * @param fileSystem what it lives on
 * @param swap whether memory of this process may reach a disk in clear by way of swap, or that could not be told
 * @param coreDumps the same by way of core dumps
 * @param canary what became of the canary
 * @param findings all of them
 */
public record Examination(
        Path slotFile,
        FileSystem fileSystem,
        boolean swap,
        boolean coreDumps,
        CanaryResult canary,
        List<Finding> findings) {
    /** Copies the findings. */
    public Examination {
        findings = List.copyOf(findings);
    }

    /** The highest level that purges may claim: the lowest that any finding permits. */
    public PurgeCeiling highest() {
        return findings.stream().map(Finding::permits).reduce(PurgeCeiling.ERASED, PurgeCeiling::and);
    }

    /** The names of the findings that are not as they should be, for where there is room for names only. */
    public List<FindingName> concerns() {
        return findings.stream()
                .filter(finding -> finding.severity() != Severity.FINE)
                .map(Finding::name)
                .distinct()
                .toList();
    }

    /** For people: a line per finding with aligned columns, below it what it means unless it is fine. Ends with a line break. */
    public String render() {
        int widest = findings.stream()
                .mapToInt(finding -> finding.name().name().length())
                .max()
                .orElse(1);
        return findings.stream().map(finding -> line(finding, widest)).collect(Collectors.joining())
                + "purges may claim up to " + highest() + "\n";
    }

    private static String line(Finding finding, int widest) {
        String first = String.format(
                Locale.ROOT,
                "%-7s  %-" + widest + "s  %-11s  %s\n",
                finding.severity().word(),
                finding.name(),
                finding.permits(),
                finding.found());
        return finding.severity() == Severity.FINE ? first : first + " ".repeat(9) + finding.meaning() + "\n";
    }
}
