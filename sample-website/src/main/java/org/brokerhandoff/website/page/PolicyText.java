package org.brokerhandoff.website.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * A published document in one language.
 *
 * @param version its version
 * @param sha256 the digest of its text, in hexadecimal
 * @param effective since when it is in force, as people read it
 * @param effectiveIso the same as ISO 8601
 * @param blocks its text
 */
public record PolicyText(
        String version, String sha256, String effective, String effectiveIso, List<DocumentBlock> blocks) {
    /** Copies the list. */
    public PolicyText {
        blocks = List.copyOf(blocks);
    }

    /** The document that ingest's answer describes. */
    public static PolicyText of(JsonNode document, Language language) {
        Instant effectiveAt = Instant.parse(document.path("effectiveAt").asText());
        return new PolicyText(
                document.path("version").asText(),
                document.path("sha256").asText(),
                language.date(effectiveAt),
                effectiveAt.toString(),
                DocumentBlock.of(document.path("text").asText()));
    }
}
