package org.brokerhandoff.operations.secrets;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A file with a secret that others may read, or that is not a file. The message names the rule and what was found. */
public final class ExposedSecretFile extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;

    ExposedSecretFile(Path file, String reason) {
        super(file + " refused: " + reason);
        this.reason = reason;
    }

    /** What is wrong, in words that follow "refused: "; does not name the file. */
    public String reason() {
        return reason;
    }
}
