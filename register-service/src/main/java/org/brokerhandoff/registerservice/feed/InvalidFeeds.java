package org.brokerhandoff.registerservice.feed;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.brokerhandoff.router.directory.DirectoryProblem;

/** The file with the feeds is invalid; the message lists all problems. */
public final class InvalidFeeds extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidFeeds(Path file, List<DirectoryProblem> problems) {
        super(
                file + " has " + problems.size() + " problem(s):\n"
                        + problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n")),
                null,
                false,
                false);
    }
}
