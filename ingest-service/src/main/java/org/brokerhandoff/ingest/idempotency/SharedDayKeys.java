package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * The keys of days that ingest services of several hosts share: each is made of a secret, which is in a file of every host, and of a salt, which
 * is in the database until the day after. So neither the database and its dumps nor the file alone links a digest to a website's key.
 */
public final class SharedDayKeys implements KeyDigest.Maker {
    private static final int LEAST_CHARACTERS = 32;

    private final byte[] secret;

    private SharedDayKeys(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Reads the secret, the first line of {@code file}.
     *
     * @throws IdempotencyFailed if it cannot be read, others can read it, or it is too short
     */
    public static SharedDayKeys read(Path file) {
        String secret;
        try {
            secret = SecretFile.readFirstLine(file);
        } catch (IOException | RuntimeException e) {
            throw new IdempotencyFailed(
                    "idempotencyKeyFile of the cells file has to name a file that its owner alone may read, with the secret in its first line: "
                            + file,
                    e);
        }
        if (secret.length() < LEAST_CHARACTERS) {
            throw new IdempotencyFailed("the secret in " + file + " has less than " + LEAST_CHARACTERS + " characters");
        }
        return new SharedDayKeys(secret.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public KeyDigest under(byte[] salt) {
        byte[] key = DayKeys.mac(secret).doFinal(salt);
        var day = DayKeys.mac(key);
        return (client, idempotencyKey) -> {
            ByteBuffer digest = ByteBuffer.wrap(DayKeys.digest(day, client, idempotencyKey));
            return new UUID(digest.getLong(), digest.getLong());
        };
    }
}
