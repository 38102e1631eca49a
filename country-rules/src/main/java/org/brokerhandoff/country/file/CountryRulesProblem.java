package org.brokerhandoff.country.file;

/**
 * Something wrong in {@code countries.yaml}.
 *
 * @param line line of the file, from 1; 0 if it is not known
 * @param place JSON pointer into the file
 * @param rule what has to hold there
 * @param found what stands there instead, short
 */
public record CountryRulesProblem(int line, String place, String rule, String found) {
    @Override
    public String toString() {
        return (line == 0 ? "" : "line " + line + ", ") + place + ": " + rule + "; found " + found;
    }
}
