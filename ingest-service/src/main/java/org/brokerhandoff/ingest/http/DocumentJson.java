package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.domain.Policy;

/** The JSON form of a published document's metadata. */
final class DocumentJson {
    private DocumentJson() {}

    static ObjectNode of(Policy policy) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", WireNames.of(policy.kind()))
                .put("version", policy.version())
                .put("language", policy.language())
                .put("sha256", policy.sha256())
                .put("effectiveAt", policy.effectiveAt().toString())
                .put("publishedAt", policy.publishedAt().toString());
        json.putObject("links").put("text", "/v1/policies/" + policy.sha256());
        return json;
    }
}
