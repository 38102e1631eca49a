package org.brokerhandoff.operations.configuration;

/**
 * One thing that is wrong with the environment.
 *
 * @param name the variable
 * @param rule what would be right, to complete "must …"
 * @param found what is there, in words; for a secret or unknown variable never its value
 */
public record ConfigurationProblem(String name, String rule, String found) {

    @Override
    public String toString() {
        return name + " must " + rule + "; found " + found;
    }
}
