package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.policy.Document;
import org.brokerhandoff.ingest.policy.Documents;
import org.brokerhandoff.schemas.LanguageTags;

/** {@code GET /v1/policies/current} and {@code GET /v1/policies/{sha256}}: what is published, for everybody. */
final class DocumentEndpoints {
    /** A digest identifies one text. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    /** The document in force changes, so clients revalidate each time. */
    private static final String ALWAYS_ASK = "no-cache";

    private final Documents documents;

    DocumentEndpoints(Documents documents) {
        this.documents = documents;
    }

    void current(Exchange exchange) {
        Optional<DocumentKind> kind;
        Optional<String> language;
        try {
            kind = exchange.query("kind")
                    .map(name -> WireNames.named(DocumentKind.class, name))
                    .orElse(Optional.of(DocumentKind.PRIVACY));
            Optional<String> named = exchange.query("language");
            language = named.flatMap(LanguageTags::canonical);
            if (kind.isEmpty() || language.isPresent() != named.isPresent()) {
                throw new Exchange.InvalidQuery();
            }
        } catch (Exchange.InvalidQuery e) {
            exchange.problem(400, "invalid-query");
            return;
        }
        exchange.whenDone(documents.current(kind.get(), language), (found, failure) -> {
            if (found == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else if (found.isEmpty()) {
                exchange.problem(404, "unknown-document");
            } else {
                exchange.content("application/json", ALWAYS_ASK, Buffer.buffer(json(found.get())));
            }
        });
    }

    private static String json(Document document) {
        ObjectNode json = DocumentJson.of(document.policy());
        document.text().ifPresent(text -> json.put("text", new String(text, StandardCharsets.UTF_8)));
        return json.toString();
    }

    void text(Exchange exchange) {
        exchange.whenDone(documents.text(exchange.parameter()), (found, failure) -> {
            if (found == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else if (found.isEmpty()) {
                exchange.problem(404, "unknown-document");
            } else {
                exchange.content("text/plain; charset=utf-8", FOR_EVER, Buffer.buffer(found.get()));
            }
        });
    }
}
