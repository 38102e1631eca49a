package org.brokerhandoff.audit.live;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.schemas.Digests;

/**
 * Access control. With a key: its holders, as a bearer token or, for browsers, as the password of basic authentication with any user name.
 * Without: clients on this host that use its own name, so that no other page can read through a browser here.
 */
final class Access {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Optional<byte[]> keyDigest;

    private Access(Optional<byte[]> keyDigest) {
        this.keyDigest = keyDigest;
    }

    static Access withKey(String key) {
        return new Access(Optional.of(digest(key)));
    }

    static Access onThisHost() {
        return new Access(Optional.empty());
    }

    /** Whether {@code host}, an address to listen on, is reachable only from this host. */
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** Decision on a request. */
    enum Answer {
        /** Allowed. */
        ALLOWED,
        /** Unauthenticated. */
        UNAUTHENTICATED,
        /** Addressed to another name than this host's. */
        MISDIRECTED
    }

    Answer to(Optional<String> authorization, Optional<String> host) {
        if (keyDigest.isEmpty()) {
            return host.map(Access::withoutPort).filter(LOOPBACK::contains).isPresent()
                    ? Answer.ALLOWED
                    : Answer.MISDIRECTED;
        }
        return authorization
                        .flatMap(Access::key)
                        .filter(key -> MessageDigest.isEqual(digest(key), keyDigest.get()))
                        .isPresent()
                ? Answer.ALLOWED
                : Answer.UNAUTHENTICATED;
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> key(String authorization) {
        int blank = authorization.indexOf(' ');
        if (blank < 0) {
            return Optional.empty();
        }
        String scheme = authorization.substring(0, blank).toLowerCase(Locale.ROOT);
        String given = authorization.substring(blank + 1).strip();
        if (scheme.equals("bearer")) {
            return Optional.of(given);
        }
        return scheme.equals("basic") ? password(given) : Optional.empty();
    }

    private static Optional<String> password(String given) {
        try {
            String pair = new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] digest(String key) {
        return Digests.sha256(key.getBytes(StandardCharsets.UTF_8)).bytes();
    }
}
