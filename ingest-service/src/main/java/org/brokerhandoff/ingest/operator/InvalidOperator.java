package org.brokerhandoff.ingest.operator;

import java.nio.file.Path;
import java.util.List;

/** The operator's file is invalid; the message has all problems, each with its line and place. */
public final class InvalidOperator extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidOperator(Path file, List<String> problems) {
        super("the operator in " + file + " is not valid:\n  " + String.join("\n  ", problems));
    }
}
