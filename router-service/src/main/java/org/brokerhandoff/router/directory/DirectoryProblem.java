package org.brokerhandoff.router.directory;

/**
 * Something wrong in {@code brokers.yaml}.
 *
 * @param place JSON pointer into the file
 * @param rule what has to hold there
 * @param found what stands there instead, short
 */
public record DirectoryProblem(String place, String rule, String found) {
    @Override
    public String toString() {
        return place + ": " + rule + "; found " + found;
    }
}
