package org.brokerhandoff.website.http;

import io.vertx.core.Future;

/** Shows a page. */
interface PageHandler {
    /** Answers a request. */
    Future<Void> handle(WebRequest request);
}
