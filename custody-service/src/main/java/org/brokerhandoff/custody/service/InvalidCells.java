package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.util.List;

/** The file of cells has problems; the message lists all of them. */
public final class InvalidCells extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidCells(Path file, List<String> problems) {
        super("the cells file " + file + " is not valid:\n  " + String.join("\n  ", problems));
    }
}
