package org.brokerhandoff.client;

import java.util.Arrays;
import java.util.UUID;

/**
 * One form that a person sent: its body, and the idempotency key that stays the same however often it is sent. Make one for each form and
 * close it when it was answered; the bytes are overwritten then. Cannot be printed.
 */
public final class Submission implements AutoCloseable {
    private final String idempotencyKey;
    private final byte[] body;

    private Submission(String idempotencyKey, byte[] body) {
        this.idempotencyKey = idempotencyKey;
        this.body = body;
    }

    /**
     * A submission under a new random key.
     *
     * @param body JSON in UTF-8; belongs to the submission from now on, and is overwritten when that is closed
     */
    public static Submission of(byte[] body) {
        return of(UUID.randomUUID().toString(), body);
    }

    /**
     * A submission under a key that was made with the form, so that a form that is sent twice is one signup.
     *
     * @param idempotencyKey 1 to 255 visible ASCII characters without a comma; random, and never made from the person
     * @param body as the other
     * @throws IllegalArgumentException if the key has another form
     */
    public static Submission of(String idempotencyKey, byte[] body) {
        if (!idempotencyKey.matches("[!-+\\--~]{1,255}")) {
            throw new IllegalArgumentException(
                    "an idempotency key is 1 to 255 visible ASCII characters without a comma");
        }
        return new Submission(idempotencyKey, body);
    }

    /** The same in every sending; keep it with the form to send again after a crash. */
    public String idempotencyKey() {
        return idempotencyKey;
    }

    byte[] body() {
        return body;
    }

    @Override
    public void close() {
        Arrays.fill(body, (byte) 0);
    }

    @Override
    public String toString() {
        return "Submission[" + idempotencyKey + "]";
    }
}
