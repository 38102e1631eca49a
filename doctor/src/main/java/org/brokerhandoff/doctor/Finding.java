package org.brokerhandoff.doctor;

/**
 * What a check found.
 *
 * @param check what was looked at, such as {@code kafka}
 * @param severity how much it matters
 * @param found what was seen; never a secret's content
 * @param remedy what to do; empty if there is nothing to do
 */
record Finding(String check, Severity severity, String found, String remedy) {
    /** How much a finding matters. */
    enum Severity {
        /** As it should be. */
        FINE("ok"),
        /** It works, and could be better or is worth knowing. */
        ADVICE("advice"),
        /** Something does not work, or a promise is not kept. */
        WRONG("WRONG");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** For people. */
        String word() {
            return word;
        }
    }

    static Finding fine(String check, String found) {
        return new Finding(check, Severity.FINE, found, "");
    }

    static Finding advice(String check, String found, String remedy) {
        return new Finding(check, Severity.ADVICE, found, remedy);
    }

    static Finding wrong(String check, String found, String remedy) {
        return new Finding(check, Severity.WRONG, found, remedy);
    }
}
