package org.brokerhandoff.audit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.brokerhandoff.ledger.evidence.LeafPromise;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;

/** Answers in the form of ingest's signed ones, made here, since only the form is shared. */
public final class Receipts {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final SigningKey key;

    /** With a new key. */
    public Receipts() {
        try {
            this.key = SigningKey.parse("receipt", SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    /** The body of a 202. */
    public static String body(UUID signupId, LeafPromise leaf) {
        return "{\"signupId\":\"" + signupId + "\",\"status\":\"RECEIVED\",\"leaf\":{\"ledger\":\"" + leaf.ledger()
                + "\",\"topic\":\"" + leaf.place().topic() + "\",\"partition\":"
                + leaf.place().partition() + ",\"offset\":" + leaf.place().offset() + ",\"appendedAt\":\""
                + leaf.appendedAt() + "\",\"hash\":\"" + leaf.hash() + "\",\"committedBy\":\"" + leaf.committedBy()
                + "\"}}";
    }

    /** The header's value for {@code body}. */
    public String signature(String body) {
        String header = BASE64URL.encodeToString("{\"alg\":\"EdDSA\",\"kid\":\"k\"}".getBytes(StandardCharsets.UTF_8));
        String signed = header + "." + BASE64URL.encodeToString(body.getBytes(StandardCharsets.UTF_8));
        return header + ".." + BASE64URL.encodeToString(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The key set. */
    public String keySet() {
        return "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\""
                + BASE64URL.encodeToString(key.publicKey()) + "\"}]}";
    }
}
