package org.brokerhandoff.ingest.authentication;

import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Identifies the caller by the {@code Authorization} header. Without I/O, so that strangers cost little. Thread-safe. */
public final class Callers {
    private static final String SCHEME = "Bearer ";
    private static final int MOST_CHARACTERS = 512;

    private final Supplier<ApiKeys> keys;
    private final BiPredicate<UUID, String> capabilities;

    /**
     * Callers with one of {@code keys}, or with a capability.
     *
     * @param keys the keys in force, read for each request
     * @param capabilities whether a token is the capability of that signup's receipt
     */
    public Callers(Supplier<ApiKeys> keys, BiPredicate<UUID, String> capabilities) {
        this.keys = keys;
        this.capabilities = capabilities;
    }

    /** The API key that a request presents. */
    public Optional<ApiKey> withKey(@Nullable String authorization) {
        return token(authorization).flatMap(keys.get()::authenticate);
    }

    /** The API key, or the holder of that signup's receipt, that a request presents. */
    public Optional<Caller> actingOn(UUID signupId, @Nullable String authorization) {
        return token(authorization)
                .flatMap(token -> capabilities.test(signupId, token)
                        ? Optional.of(new ReceiptHolder(signupId))
                        : keys.get().authenticate(token));
    }

    private static Optional<String> token(@Nullable String authorization) {
        return authorization == null
                        || authorization.length() > MOST_CHARACTERS
                        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.empty()
                : Optional.of(authorization.substring(SCHEME.length()).strip());
    }
}
