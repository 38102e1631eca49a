package org.brokerhandoff.ingest.authentication;

import java.nio.file.Path;
import java.util.List;

/** The key file is invalid; the message lists all its problems, one a line, and no digest. */
public final class InvalidApiKeys extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidApiKeys(Path file, List<String> problems) {
        super("the API keys in " + file + " are not valid:\n  " + String.join("\n  ", problems));
    }
}
