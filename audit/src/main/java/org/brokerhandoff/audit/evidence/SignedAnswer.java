package org.brokerhandoff.audit.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.LeafPromise;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.VerifierKey;

/**
 * An answer of ingest to a signup or withdrawal, verified as signed by one of the operator's keys: a detached JWS (RFC 7515, appendix F; RFC
 * 8037) over the body's bytes.
 *
 * @param promise that the ledger will have the event
 */
public record SignedAnswer(UUID signupId, LeafPromise promise) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();
    private static final int PUBLIC_KEY_BYTES = 32;

    /** Not such an answer, or not signed by these keys; the message says why and quotes nothing of it. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean unreadable;

        private Invalid(String message, boolean unreadable) {
            super(message);
            this.unreadable = unreadable;
        }

        /** Whether it could not be judged, as opposed to having a wrong signature. */
        public boolean isUnreadable() {
            return unreadable;
        }
    }

    /**
     * Reads an answer.
     *
     * @param body as it was received
     * @param jws value of its header {@code handoff-receipt-signature}
     * @param keySet the operator's keys (RFC 7517), as {@code /.well-known/jwks.json} answers them
     */
    public static SignedAnswer read(byte[] body, String jws, byte[] keySet) throws Invalid {
        String[] parts = jws.strip().split("\\.", -1);
        if (parts.length != 3 || !parts[1].isEmpty()) {
            throw unreadable("the signature is not a detached JWS");
        }
        String signed = parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(body);
        try {
            VerifierKey key = key(JSON.readTree(BASE64URL.decode(parts[0])), JSON.readTree(keySet));
            if (!key.signed(signed.getBytes(StandardCharsets.US_ASCII), BASE64URL.decode(parts[2]))) {
                throw new Invalid("the answer is not the one that the key signed", false);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable("signature or key set is not a JWS, or not JSON");
        }
        return parsed(body);
    }

    private static VerifierKey key(JsonNode header, JsonNode keySet) throws Invalid {
        for (JsonNode key : keySet.path("keys")) {
            if (header.path("alg").asText().equals("EdDSA")
                    && header.path("kid").equals(key.path("kid"))
                    && key.path("crv").asText().equals("Ed25519")) {
                byte[] bytes = BASE64URL.decode(key.path("x").asText());
                if (bytes.length == PUBLIC_KEY_BYTES) {
                    return new VerifierKey("receipt", KeyType.ED25519, bytes);
                }
            }
        }
        throw unreadable("the key set does not have the key of the signature");
    }

    private static SignedAnswer parsed(byte[] body) throws Invalid {
        try {
            JsonNode json = JSON.readTree(body);
            JsonNode leaf =
                    Optional.ofNullable(json.get("leaf")).orElseThrow(() -> unreadable("the answer promises no leaf"));
            return new SignedAnswer(
                    UUID.fromString(json.path("signupId").asText()),
                    new LeafPromise(
                            leaf.path("ledger").asText(),
                            new Leaf.Place(
                                    leaf.path("topic").asText(),
                                    leaf.path("partition").asInt(-1),
                                    leaf.path("offset").asLong(-1)),
                            Instant.parse(leaf.path("appendedAt").asText()),
                            Hash.parse(leaf.path("hash").asText()),
                            Instant.parse(leaf.path("committedBy").asText())));
        } catch (JsonProcessingException e) {
            throw unreadable("the answer is not JSON");
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw unreadable("the answer has no id, or no leaf of the form that it should have");
        }
    }

    private static Invalid unreadable(String why) {
        return new Invalid(why, true);
    }
}
