package org.brokerhandoff.website.form;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hidden values of forms that show that a form was made for this browser's session: a random number and its HMAC-SHA-256 with the session's id, by a
 * key that lives as long as the process. A form's token is also the idempotency key of what is sent with it, so that a form that is sent
 * twice counts once.
 */
public final class FormTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int RANDOM_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];

    /** Tokens under a fresh key. */
    public FormTokens() {
        random.nextBytes(key);
    }

    /** A new token for a form that is shown in {@code session}. */
    public String next(String session) {
        byte[] number = new byte[RANDOM_BYTES];
        random.nextBytes(number);
        String text = base64(number);
        return text + "." + authentication(session, text);
    }

    /** A new id of a session: 256 random bits. */
    public String newSession() {
        byte[] id = new byte[32];
        random.nextBytes(id);
        return base64(id);
    }

    /** Whether {@code token} was made for {@code session} by this process. */
    public boolean fits(String token, String session) {
        int dot = token.indexOf('.');
        return dot > 0
                && MessageDigest.isEqual(
                        token.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
                        authentication(session, token.substring(0, dot)).getBytes(StandardCharsets.UTF_8));
    }

    private String authentication(String session, String number) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(session.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return base64(mac.doFinal(number.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
