package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DocumentKind;

/** A published version of a document in one language; fields as in {@code PolicyPublished}. */
public record PublishedPolicy(
        DocumentKind kind, String version, String language, Digest digest, Instant effectiveAt, Instant publishedAt) {}
