package org.brokerhandoff.ingest.authentication;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A newly generated key: the only time its secret exists outside the website.
 *
 * @param secret what the website sends as bearer token
 * @param line its line in the key file
 */
public record NewApiKey(String secret, String line) {
    private static final int SECRET_BYTES = 32;

    /**
     * A new random key of 256 bits.
     *
     * @param owner its owner, if that is not its id
     */
    public static NewApiKey make(String id, Optional<String> owner, List<Scope> scopes, SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        // The prefix lets secret scanners recognise a key committed to a repository.
        String secret = "handoff_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String digest = HexFormat.of().formatHex(ApiKeys.sha256(secret.getBytes(StandardCharsets.UTF_8)));
        String names = String.join(", ", scopes.stream().map(Scope::wireName).toList());
        return new NewApiKey(
                secret,
                "  - {id: " + id + owner.map(name -> ", owner: " + name).orElse("") + ", scopes: [" + names
                        + "], sha256: \"" + digest + "\"}");
    }

    /** Does not print the secret. */
    @Override
    public String toString() {
        return "NewApiKey[redacted]";
    }
}
