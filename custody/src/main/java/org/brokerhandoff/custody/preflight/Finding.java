package org.brokerhandoff.custody.preflight;

/**
 * One thing that an examination found.
 *
 * @param name what it is
 * @param found what was seen that says so: paths, options and numbers of the host
 */
public record Finding(FindingName name, String found) {
    /** How much it matters. */
    public Severity severity() {
        return name.severity();
    }

    /** The highest level that purges may claim with it. */
    public PurgeCeiling permits() {
        return name.permits();
    }

    /** What it means. */
    public String meaning() {
        return name.meaning();
    }
}
