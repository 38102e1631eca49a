package org.brokerhandoff.ingest.authentication;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** The API keys that may call. Immutable; thread-safe. */
public final class ApiKeys {
    private final List<Entry> entries;

    /** A key and the SHA-256 digest of its secret. */
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    record Entry(byte[] sha256, ApiKey key) {}

    ApiKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads a key file; its form is that of {@link ApiKeysFile}.
     *
     * @throws InvalidApiKeys with all problems together
     */
    public static ApiKeys load(Path file) {
        return ApiKeysFile.parse(file, ApiKeysFile.text(file));
    }

    /**
     * The key whose secret is {@code secret}. Takes the same time for any input: every digest is compared, each in constant time.
     */
    public Optional<ApiKey> authenticate(String secret) {
        byte[] digest = sha256(secret.getBytes(StandardCharsets.UTF_8));
        ApiKey found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.sha256(), digest)) {
                found = entry.key();
            }
        }
        return Optional.ofNullable(found);
    }

    /** The key of that id. */
    public Optional<ApiKey> named(String id) {
        return entries.stream()
                .map(Entry::key)
                .filter(key -> key.id().equals(id))
                .findFirst();
    }

    /** Number of keys. */
    public int size() {
        return entries.size();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
