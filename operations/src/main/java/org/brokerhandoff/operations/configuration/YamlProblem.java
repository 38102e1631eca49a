package org.brokerhandoff.operations.configuration;

/**
 * Something in a YAML file that {@link StrictYaml} does not take.
 *
 * @param line where it stands, from 1
 * @param place JSON pointer into the file as far as it was read; names that may be a secret in the wrong place are not shown
 * @param rule what has to hold there, to complete "must …"
 * @param found what stands there instead, in words; never the value
 */
public record YamlProblem(int line, String place, String rule, String found) {
    @Override
    public String toString() {
        return "line " + line + ", " + (place.isEmpty() ? "/" : place) + ": must " + rule + "; found " + found;
    }
}
