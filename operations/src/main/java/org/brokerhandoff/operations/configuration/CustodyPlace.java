package org.brokerhandoff.operations.configuration;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Location of the signups' keys.
 *
 * @param cellsFile the YAML file with the addresses of the cells; empty if the keys are in the slot file
 */
public record CustodyPlace(Optional<Path> cellsFile) {
    private static final String CELLS = "cells:";

    static final Kind<CustodyPlace> KIND = new Kind<>(
            "file, or cells: followed by the path of a YAML file",
            text -> text.equals("file")
                    ? Optional.of(new CustodyPlace(Optional.empty()))
                    : Optional.of(text)
                            .filter(value -> value.startsWith(CELLS) && value.length() > CELLS.length())
                            .flatMap(value -> Kind.path().parse(value.substring(CELLS.length())))
                            .map(path -> new CustodyPlace(Optional.of(path))));
}
