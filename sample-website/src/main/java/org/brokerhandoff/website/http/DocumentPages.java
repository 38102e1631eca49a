package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.brokerhandoff.website.ingest.IngestClient;

/** The privacy policy, and the text of any published document as it was published. */
final class DocumentPages {
    private final IngestClient ingest;
    private final Documents documents;
    private final Replies replies;

    DocumentPages(IngestClient ingest, Documents documents, Replies replies) {
        this.ingest = ingest;
        this.documents = documents;
        this.replies = replies;
    }

    Future<Void> privacy(WebRequest request) {
        return documents
                .current(Documents.Kind.PRIVACY, request.language())
                .compose(policy -> policy.isPresent()
                        ? replies.page(request, 200, "document", Map.of("policy", policy.get()))
                        : replies.message(request, 503, "unavailable"));
    }

    /** The bytes that have this digest. */
    Future<Void> text(HttpServerRequest request, String sha256) {
        return ingest.text(sha256).compose(reply -> {
            if (!reply.successful()) {
                return request.response()
                        .setStatusCode(reply.mayWorkLater() ? 503 : 404)
                        .end();
            }
            return request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .end(reply.body());
        });
    }
}
