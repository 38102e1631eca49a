package org.brokerhandoff.operations.configuration;

import static java.util.stream.Collectors.joining;

import java.io.Serial;
import java.util.List;

/** The environment is invalid for the service; the message lists all problems, one a line. */
public final class InvalidConfiguration extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigurationProblem> problems;

    InvalidConfiguration(Service service, List<ConfigurationProblem> problems) {
        super(problems.stream()
                .map(problem -> "  " + problem)
                .collect(joining("\n", "the configuration of " + service.commandName() + " is not valid:\n", "")));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
