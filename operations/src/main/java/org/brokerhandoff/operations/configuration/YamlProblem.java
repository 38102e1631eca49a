package org.brokerhandoff.operations.configuration;

/**
 * Content of a YAML file that {@link StrictYaml} refuses.
 *
 * @param line its line, from 1
 * @param place JSON pointer into the file as far as it was read; names that may be a misplaced secret are not shown
 * @param rule the rule, to complete "must …"
 * @param found the actual content, in words; never the value
 */
public record YamlProblem(int line, String place, String rule, String found) {
    @Override
    public String toString() {
        return "line " + line + ", " + (place.isEmpty() ? "/" : place) + ": must " + rule + "; found " + found;
    }
}
