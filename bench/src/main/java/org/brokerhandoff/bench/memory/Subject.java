package org.brokerhandoff.bench.memory;

/**
 * A search subject.
 *
 * @param kind its kind
 * @param number its number within the kind
 */
public record Subject(Kind kind, int number) {
    /** Number of parts of a key. */
    static final int PARTS = 3;

    /** Kinds of subjects, including positive controls. */
    public enum Kind {
        /** A person: any of their values. */
        PERSON,
        /** A data key that was destroyed. */
        KEY,
        /** One of the three parts of a data key that was destroyed; a cell keeps two of them. */
        PART,
        /** A text that is certainly in the process. If it is not found, the search does not work. */
        CONTROL_TEXT,
        /** A key that is certainly in the process. */
        CONTROL_KEY,
        /** A part of a key that is certainly in the process. */
        CONTROL_PART;

        boolean control() {
            return this == CONTROL_TEXT || this == CONTROL_KEY || this == CONTROL_PART;
        }
    }

    /**
     * A part of a key.
     *
     * @param key number of the key
     * @param part 0, 1 or 2
     */
    public static Subject part(Kind kind, int key, int part) {
        return new Subject(kind, key * PARTS + part);
    }
}
