package org.brokerhandoff.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks the signatures of receipts, and of answers that promise a place in the ledger: a JWS without its payload (RFC 7515, appendix F),
 * EdDSA with Ed25519 (RFC 8037), over the body's bytes as they were sent.
 */
public final class ReceiptVerifier {
    /** What stands before the 32 bytes of an Ed25519 public key in X.509's form (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, PublicKey> keys;

    private ReceiptVerifier(Map<String, PublicKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * A verifier for the keys of {@code GET /.well-known/jwks.json}. Keys of other kinds are passed over.
     *
     * @throws IllegalArgumentException if it is no key set
     */
    public static ReceiptVerifier of(byte[] keySet) {
        Map<String, PublicKey> keys = new LinkedHashMap<>();
        try {
            for (JsonNode key : JSON.readTree(keySet).path("keys")) {
                if ("OKP".equals(key.path("kty").asText())
                        && "Ed25519".equals(key.path("crv").asText())) {
                    keys.put(key.path("kid").asText(), publicKey(key.path("x").asText()));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("not a key set", e);
        }
        return new ReceiptVerifier(keys);
    }

    private static PublicKey publicKey(String x) throws GeneralSecurityException {
        byte[] raw = Base64.getUrlDecoder().decode(x);
        if (raw.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has " + KEY_BYTES + " bytes");
        }
        byte[] encoded = new byte[X509_PREFIX.length + KEY_BYTES];
        System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, KEY_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Whether the answer is signed by one of the keys, and not changed since. */
    public boolean holds(Answer answer) {
        return answer.signature()
                .map(signature -> holds(answer.body(), signature))
                .orElse(false);
    }

    /**
     * Whether {@code signature} is of one of the keys over {@code body}.
     *
     * @param body the bytes as they were sent; one that is formatted again does not hold
     * @param signature value of the header {@code handoff-receipt-signature}
     */
    public boolean holds(byte[] body, String signature) {
        String[] parts = signature.strip().split("\\.", -1);
        if (parts.length != 3 || !parts[1].isEmpty()) {
            return false;
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            PublicKey key = keys.get(header.path("kid").asText());
            // A header that wants more to be understood (crit) is not of the form that ingest signs.
            if (key == null
                    || !"EdDSA".equals(header.path("alg").asText())
                    || header.has("crit")
                    || header.has("b64")) {
                return false;
            }
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            String signed =
                    parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(body);
            check.update(signed.getBytes(StandardCharsets.US_ASCII));
            return check.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
