package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import org.brokerhandoff.website.form.FormBody;

/** Takes a form whose token fits the browser's session. */
interface FormHandler {
    /**
     * Handles a form, and answers.
     *
     * @param form overwritten when the future completes
     * @param token new for each time that the form was shown
     */
    Future<Void> handle(WebRequest request, FormBody form, String token);
}
