package org.brokerhandoff.ledgerservice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/** The files with the log's keys. */
final class KeyFiles {
    private KeyFiles() {}

    /**
     * The keys in {@code files}, with the name {@code origin}, in order.
     *
     * @throws UncheckedIOException if a file cannot be read, is readable by others, or contains no such key; the message names file and rule
     */
    static List<SigningKey> read(String origin, List<Path> files) {
        List<SigningKey> keys = new ArrayList<>();
        for (Path file : files) {
            try {
                keys.add(SigningKey.parse(origin, SecretFile.read(file)));
            } catch (ExposedSecretFile e) {
                throw new UncheckedIOException(LedgerSettings.KEY_FILES + ": " + e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        LedgerSettings.KEY_FILES + ": " + file + " cannot be read: "
                                + e.getClass().getSimpleName(),
                        e);
            } catch (MalformedNote e) {
                throw new UncheckedIOException(
                        LedgerSettings.KEY_FILES + ": " + file + ": " + e.getMessage(),
                        new IOException(e.getClass().getSimpleName()));
            }
        }
        if (keys.stream().map(KeyFiles::verifierKey).distinct().count() < keys.size()) {
            throw new UncheckedIOException(
                    LedgerSettings.KEY_FILES + " lists a key twice", new IOException("a key is listed twice"));
        }
        return keys;
    }

    /** The public half, as in policies and entries. */
    static String verifierKey(SigningKey key) {
        return key.verifierKey(KeyType.ED25519).toString();
    }

    /**
     * Generates a key readable only by the file's owner.
     *
     * @return its public half
     * @throws UncheckedIOException if the file exists or cannot be written
     */
    static VerifierKey make(String origin, Path file) {
        try {
            SecretFile.create(file, SigningKey.newPem());
            return read(origin, List.of(file)).get(0).verifierKey(KeyType.ED25519);
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(file + " already exists; a key is never overwritten", e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be written: " + e.getClass().getSimpleName(), e);
        }
    }
}
