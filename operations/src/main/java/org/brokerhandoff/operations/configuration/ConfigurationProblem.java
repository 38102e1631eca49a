package org.brokerhandoff.operations.configuration;

/**
 * One problem of the environment.
 *
 * @param name the variable
 * @param rule the rule, to complete "must …"
 * @param found the actual content, in words; for a secret or unknown variable never its value
 */
public record ConfigurationProblem(String name, String rule, String found) {

    @Override
    public String toString() {
        return name + " must " + rule + "; found " + found;
    }
}
