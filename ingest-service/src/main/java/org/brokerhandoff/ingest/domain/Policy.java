package org.brokerhandoff.ingest.domain;

import java.time.Instant;
import org.brokerhandoff.event.DocumentKind;

/**
 * One language of one version of a document that the operator publishes. Once published it never changes.
 *
 * @param kind what document it is
 * @param version the version
 * @param language language of the text, BCP 47
 * @param sha256 SHA-256 of the text, 64 lower-case hexadecimal digits
 * @param effectiveAt from when it is in effect, and consents may name a privacy policy
 * @param publishedAt when it became known to this system
 */
public record Policy(
        DocumentKind kind, String version, String language, String sha256, Instant effectiveAt, Instant publishedAt) {
    /** Whether {@code other} says the same of the same text; when it was published does not count. */
    public boolean samePublicationAs(Policy other) {
        return kind == other.kind
                && version.equals(other.version)
                && language.equals(other.language)
                && sha256.equals(other.sha256)
                && effectiveAt.equals(other.effectiveAt);
    }
}
