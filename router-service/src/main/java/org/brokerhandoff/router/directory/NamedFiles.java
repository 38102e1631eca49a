package org.brokerhandoff.router.directory;

import java.util.Optional;

/** The files that a directory names: secrets, certificates and keys. */
@FunctionalInterface
public interface NamedFiles {
    /** The text of a file by its name in the directory; empty if it cannot be read. */
    Optional<String> text(String name);

    /** Why a file, which holds a secret, is not private to this service; empty if it is. */
    default Optional<String> exposure(String name) {
        return Optional.empty();
    }
}
