package org.brokerhandoff.router.directory;

import java.util.List;

/** What reading a directory file came to. */
public sealed interface ParsedDirectory {
    /**
     * A valid directory.
     *
     * @param directory the directory
     * @param notices settings that were read but have no effect yet, a sentence each
     */
    record Valid(BrokerDirectory directory, List<String> notices) implements ParsedDirectory {}

    /** An invalid one, with all its problems. */
    record Invalid(List<DirectoryProblem> problems) implements ParsedDirectory {}
}
