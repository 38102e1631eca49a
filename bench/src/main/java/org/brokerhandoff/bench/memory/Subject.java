package org.brokerhandoff.bench.memory;

/**
 * What is searched for.
 *
 * @param kind what sort of thing it is
 * @param number which one of its kind
 */
public record Subject(Kind kind, int number) {
    /** Sorts of things to be found, or known to be there. */
    public enum Kind {
        /** A person: any of their values. */
        PERSON,
        /** A data key that was destroyed. */
        KEY,
        /** A text that is in the process for certain. If it is not found, the search is blind. */
        CONTROL_TEXT,
        /** A key that is in the process for certain. */
        CONTROL_KEY;

        boolean control() {
            return this == CONTROL_TEXT || this == CONTROL_KEY;
        }
    }
}
