package org.brokerhandoff.router.directory;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Scheme {@code v1}: HMAC-SHA256 under {@code whsec_} and 24 to 64 bytes in base64, which the broker has as well. */
final class HmacSecret implements WebhookSecret {
    static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    private final SecretKeySpec key;
    // A new Mac for each signature costs more than the signature. After doFinal it holds nothing of the body any more.
    private final ThreadLocal<Mac> macs = ThreadLocal.withInitial(this::newMac);

    private HmacSecret(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    static Optional<WebhookSecret> parse(String base64) {
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            return key.length >= LEAST_BYTES && key.length <= MOST_BYTES
                    ? Optional.of(new HmacSecret(key))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    @Override
    public String scheme() {
        return "v1";
    }

    @Override
    public String sign(byte[] prefix, byte[] body, int length) {
        Mac mac = macs.get();
        mac.update(prefix);
        mac.update(body, 0, length);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
    }

    private Mac newMac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "HmacSecret[redacted]";
    }
}
