package org.brokerhandoff.bench.memory;

/**
 * A search subject.
 *
 * @param kind its kind
 * @param number its number within the kind
 */
public record Subject(Kind kind, int number) {
    /** Kinds of subjects, including positive controls. */
    public enum Kind {
        /** A person: any of their values. */
        PERSON,
        /** A data key that was destroyed. */
        KEY,
        /** A text that is certainly in the process. If it is not found, the search does not work. */
        CONTROL_TEXT,
        /** A key that is certainly in the process. */
        CONTROL_KEY;

        boolean control() {
            return this == CONTROL_TEXT || this == CONTROL_KEY;
        }
    }
}
