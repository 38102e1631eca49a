package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import org.brokerhandoff.website.ingest.IngestReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals of ingest that no person can mend: a fault of this website, or of its key. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int CONFLICT = 409;

    private Refusals() {}

    static Future<Void> unexpected(Replies replies, WebRequest request, IngestReply reply) {
        if (reply.status() == CONFLICT) {
            // The form's token is spent: what was sent with it is gone, and a new form can be sent.
            return replies.message(request, 403, "forbidden");
        }
        LOG.error(
                "ingest answered {} {}",
                reply.status(),
                reply.json().path("code").asText());
        return replies.message(request, 500, "failed");
    }
}
