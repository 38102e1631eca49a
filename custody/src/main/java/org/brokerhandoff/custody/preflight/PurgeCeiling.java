package org.brokerhandoff.custody.preflight;

/** The highest level that purges may claim on this host; docs/purge.md has the wording of each level. */
public enum PurgeCeiling {
    /** No more than that the stored copy of the key, as the file system shows it, was overwritten. */
    UNREADABLE,
    /** In addition that no broker serves the record. */
    UNREACHABLE,
    /** In addition that no log file holds it: nothing on this host stands against any claim. */
    ERASED;

    PurgeCeiling and(PurgeCeiling other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
