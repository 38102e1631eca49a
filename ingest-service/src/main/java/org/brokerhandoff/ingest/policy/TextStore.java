package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.util.Optional;

/** Where the texts of published documents are kept, each by its digest. */
public interface TextStore {
    /**
     * Keeps a text; when it returns, the text cannot be lost. A repeat changes nothing. Blocks, for {@code limit} at most.
     *
     * @param sha256 the text's digest, 64 lower-case hexadecimal digits
     * @param text in UTF-8
     * @throws RuntimeException if that cannot be told in time; the text may be kept all the same
     */
    void keep(String sha256, byte[] text, Duration limit);

    /**
     * The text with this digest, if it was kept before the call, by whichever process. Blocks, for {@code limit} at most.
     *
     * @throws RuntimeException if that cannot be told in time
     */
    Optional<byte[]> find(String sha256, Duration limit);
}
