package org.brokerhandoff.ingest.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * The receipt keys: the first signs, all are published. During a rotation the new key is published for some time before it signs, so that
 * cached copies of the key set have it; the old one stays published as long as its receipts must be verifiable.
 */
public final class ReceiptKeys {
    /** Prefix by which secret scanners, and readers of a log, recognise the token. */
    private static final String CAPABILITY_PREFIX = "hcap_";

    private static final int CAPABILITY_CHARACTERS = CAPABILITY_PREFIX.length() + 43;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final List<ReceiptKey> keys;

    private ReceiptKeys(List<ReceiptKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * The keys in {@code files}, each an unencrypted PKCS#8 private key in PEM form; no files, no keys.
     *
     * @throws InvalidReceiptKeys with all problems together
     */
    public static ReceiptKeys read(List<Path> files) {
        List<ReceiptKey> keys = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Path file : files) {
            try {
                ReceiptKey key = new ReceiptKey(SigningKey.parse("receipt", SecretFile.read(file)));
                if (!ids.add(key.id())) {
                    problems.add(file + " has the key of an earlier file");
                }
                keys.add(key);
            } catch (ExposedSecretFile | MalformedNote e) {
                problems.add(file + ": " + e.getMessage());
            } catch (IOException e) {
                problems.add(file + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidReceiptKeys(problems);
        }
        return new ReceiptKeys(keys);
    }

    /** Whether there is a key. */
    public boolean canSign() {
        return !keys.isEmpty();
    }

    /** A detached JWS over a receipt's bytes; absent if there is no key. */
    public Optional<String> signature(byte[] receipt) {
        return keys.stream().findFirst().map(key -> key.detachedSignature(receipt));
    }

    /**
     * The capability that a signup's receipt carries; absent if there is no key. Its holder acts as the person, so it is a secret. It stays
     * valid as long as the key that it was made with is among these.
     */
    public Optional<String> capability(UUID signupId) {
        return keys.stream()
                .findFirst()
                .map(key -> CAPABILITY_PREFIX + BASE64URL.encodeToString(key.capability(signupId)));
    }

    /** Whether {@code token} is a capability of that signup's receipt. Constant time for any token of the right form. */
    public boolean isCapability(UUID signupId, String token) {
        if (token.length() != CAPABILITY_CHARACTERS || !token.startsWith(CAPABILITY_PREFIX)) {
            return false;
        }
        byte[] shown;
        try {
            shown = Base64.getUrlDecoder().decode(token.substring(CAPABILITY_PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        boolean known = false;
        for (ReceiptKey key : keys) {
            known |= MessageDigest.isEqual(key.capability(signupId), shown);
        }
        return known;
    }

    /** The key set (RFC 7517), as JSON. */
    public String keySet() {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        ArrayNode all = set.putArray("keys");
        keys.forEach(key -> all.add(key.publicJwk()));
        return set.toString();
    }
}
