package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.event.Digest;

/** A published version of the privacy policy in one language; fields as in {@code PolicyPublished}. */
public record PublishedPolicy(
        String version, String language, Digest digest, Instant effectiveAt, Instant publishedAt) {}
