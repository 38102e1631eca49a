package org.brokerhandoff.router.directory;

import java.util.List;

/** What reading a directory file came to. */
public sealed interface ParsedDirectory {
    /** A valid directory. */
    record Valid(BrokerDirectory directory) implements ParsedDirectory {}

    /** An invalid one, with all its problems. */
    record Invalid(List<DirectoryProblem> problems) implements ParsedDirectory {}
}
