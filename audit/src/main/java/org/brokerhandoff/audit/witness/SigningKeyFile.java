package org.brokerhandoff.audit.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/** A signing key of this program: PKCS#8 PEM, in a file readable only by its owner. */
public final class SigningKeyFile {
    private SigningKeyFile() {}

    /**
     * The key, under {@code name}.
     *
     * @throws UncheckedIOException if the file cannot be read, is readable by others, or has no key
     */
    public static SigningKey read(Path file, String name) {
        try {
            return SigningKey.parse(name, SecretFile.read(file));
        } catch (ExposedSecretFile | MalformedNote e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), new IOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be read as a key: " + e.getClass().getSimpleName(), e);
        }
    }
}
