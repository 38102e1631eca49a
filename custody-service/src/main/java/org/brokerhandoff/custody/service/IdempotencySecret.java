package org.brokerhandoff.custody.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.KeyedDigest;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * The secret of all ingest services, which a file of each of their hosts has. The key of a day is made of it and of a salt, which is in the
 * database until the day after. So neither the database and its dumps nor the file alone links a digest to a website's key.
 */
public final class IdempotencySecret implements KeyDigest.Maker {
    private static final int LEAST_CHARACTERS = 32;

    private final byte[] secret;

    private IdempotencySecret(byte[] secret) {
        this.secret = secret;
    }

    /** What came of reading it. */
    public sealed interface Reading {
        /** It can be used; whether it is that of the others, the database knows. */
        record Usable(IdempotencySecret secret) implements Reading {}

        /** There is no such file. */
        record Missing() implements Reading {}

        /**
         * The file cannot be used.
         *
         * @param rule what it has to be
         * @param found what it is instead; nothing of its content
         */
        record Refused(String rule, String found) implements Reading {}
    }

    /** Reads it, the first line of {@code file}. */
    public static Reading read(Path file) {
        String secret;
        try {
            secret = SecretFile.readFirstLine(file);
        } catch (NoSuchFileException e) {
            return new Reading.Missing();
        } catch (ExposedSecretFile e) {
            return new Reading.Refused("be readable by the service's user alone", e.reason());
        } catch (AccessDeniedException e) {
            return new Reading.Refused("be readable by the service's user", "no permission to read it");
        } catch (IOException e) {
            return new Reading.Refused(
                    "have the secret in its first line", e.getClass().getSimpleName());
        }
        if (secret.length() < LEAST_CHARACTERS) {
            return new Reading.Refused(
                    "have at least " + LEAST_CHARACTERS + " characters in its first line",
                    secret.length() + " characters");
        }
        return new Reading.Usable(new IdempotencySecret(secret.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public KeyDigest under(byte[] salt) {
        KeyedDigest day = KeyedDigest.of(secret, salt);
        return (client, key) -> {
            ByteBuffer digest = ByteBuffer.wrap(day.bytes(client, key));
            return new UUID(digest.getLong(), digest.getLong());
        };
    }
}
