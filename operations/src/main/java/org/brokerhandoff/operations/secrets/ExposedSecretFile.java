package org.brokerhandoff.operations.secrets;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A secret file that is readable by others, or not a file. The message names the rule and the actual state. */
public final class ExposedSecretFile extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;

    ExposedSecretFile(Path file, String reason) {
        super(file + " refused: " + reason);
        this.reason = reason;
    }

    /** The problem, as words that follow "refused: "; does not name the file. */
    public String reason() {
        return reason;
    }
}
