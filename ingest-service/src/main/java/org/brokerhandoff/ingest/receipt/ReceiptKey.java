package org.brokerhandoff.ingest.receipt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.schemas.Digests;

/**
 * An Ed25519 key that signs receipts. Cannot be printed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037: Ed25519 in JOSE</a>
 */
final class ReceiptKey {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final SigningKey key;
    private final String x;
    private final String id;
    private final String protectedHeader;

    ReceiptKey(SigningKey key) {
        this.key = key;
        this.x = BASE64URL.encodeToString(key.publicKey());
        // The thumbprint of RFC 7638: these members, in this order, without blanks.
        this.id = BASE64URL.encodeToString(Digests.sha256("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}")
                .bytes());
        this.protectedHeader = encoded(JsonNodeFactory.instance
                .objectNode()
                .put("alg", "EdDSA")
                .put("kid", id)
                .toString());
    }

    /** The capability of a signup's receipt: derived from the key for that signup alone, so that nothing needs to be stored. */
    byte[] capability(UUID signupId) {
        return key.secretFor("broker-handoff receipt capability " + signupId);
    }

    /** The key's thumbprint. */
    String id() {
        return id;
    }

    /** The public half, as a key set has it (RFC 7517). */
    ObjectNode publicJwk() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", x)
                .put("kid", id)
                .put("use", "sig")
                .put("alg", "EdDSA");
    }

    /** A detached JWS over {@code payload} (RFC 7515, appendix F): header, two dots, signature. */
    String detachedSignature(byte[] payload) {
        String signed = protectedHeader + '.' + BASE64URL.encodeToString(payload);
        return protectedHeader + ".." + BASE64URL.encodeToString(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String encoded(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "ReceiptKey[" + id + "]";
    }
}
