package org.brokerhandoff.router.directory;

import java.util.List;
import java.util.stream.Collectors;

/** The broker directory cannot be used; the message lists all its problems. */
public final class InvalidDirectory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With all problems of the directory. */
    public InvalidDirectory(List<DirectoryProblem> problems) {
        super(problems.stream()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining(
                        "\n", "the broker directory has " + problems.size() + " problem(s):\n", "")));
    }
}
