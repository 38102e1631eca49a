package org.brokerhandoff.router.directory;

/**
 * Something wrong in {@code brokers.yaml}.
 *
 * @param line line of the file, from 1; 0 if it is not known
 * @param place JSON pointer into the file
 * @param rule what has to hold there
 * @param found what stands there instead, short
 */
public record DirectoryProblem(int line, String place, String rule, String found) {
    /** One whose line is not known yet. */
    DirectoryProblem(String place, String rule, String found) {
        this(0, place, rule, found);
    }

    @Override
    public String toString() {
        return (line == 0 ? "" : "line " + line + ", ") + place + ": " + rule + "; found " + found;
    }
}
