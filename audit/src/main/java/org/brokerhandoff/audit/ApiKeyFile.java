package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/** A file whose first line is an API key. */
final class ApiKeyFile {
    private ApiKeyFile() {}

    /**
     * The key.
     *
     * @throws UncheckedIOException if the file cannot be read, or is readable by others
     */
    static String read(Path file) {
        try {
            return SecretFile.readFirstLine(file);
        } catch (ExposedSecretFile e) {
            throw new UncheckedIOException(e.getMessage(), new IOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read as a key", e);
        }
    }
}
