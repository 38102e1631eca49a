package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.util.Optional;

/** Store of the texts of published documents, by digest. */
public interface TextStore {
    /**
     * Stores a text; when it returns, the text is durable. Idempotent. Blocks, for {@code limit} at most.
     *
     * @param sha256 the text's digest, 64 lower-case hexadecimal digits
     * @param text in UTF-8
     * @throws RuntimeException if that cannot be confirmed in time; the text may be stored nevertheless
     */
    void keep(String sha256, byte[] text, Duration limit);

    /**
     * The text with this digest, if any process stored it before the call. Blocks, for {@code limit} at most.
     *
     * @throws RuntimeException if that cannot be determined in time
     */
    Optional<byte[]> find(String sha256, Duration limit);
}
