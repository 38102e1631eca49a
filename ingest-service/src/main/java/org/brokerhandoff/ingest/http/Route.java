package org.brokerhandoff.ingest.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ingest.accept.DocumentTexts;
import org.brokerhandoff.ingest.authentication.Scope;

/**
 * One method of one path.
 *
 * @param path as OpenAPI writes it; a name in braces stands for one segment
 * @param scope scope required of the key; none: public, no key needed
 * @param forReceiptHolders whether the capability of the receipt of the signup in the path suffices, too
 * @param body the kind of body that the request must have
 */
record Route(
        HttpMethod method,
        String path,
        Optional<Scope> scope,
        boolean forReceiptHolders,
        Body body,
        Endpoint endpoint) {
    /** A signup has a few hundred bytes. */
    private static final int USUAL_BODY_BYTES = 16 * 1024;
    /** JSON may need up to six bytes for one byte of text. */
    private static final int DOCUMENT_BODY_BYTES = 2 * DocumentTexts.MOST_BYTES + USUAL_BODY_BYTES;

    /** A route that requires a key with {@code scope}. */
    Route(HttpMethod method, String path, Scope scope, Body body, Endpoint endpoint) {
        this(method, path, Optional.of(scope), false, body, endpoint);
    }

    /** A route about a signup, for its website and for the holder of its receipt. */
    static Route ofSignup(HttpMethod method, String path, Body body, Endpoint endpoint) {
        return new Route(method, path, Optional.of(Scope.WEBSITE), true, body, endpoint);
    }

    /** A public route to read what is published. */
    static Route published(String path, Endpoint endpoint) {
        return new Route(HttpMethod.GET, path, Optional.empty(), false, Body.IGNORED, endpoint);
    }

    /** Maximum size of the request's body in bytes. */
    int mostBodyBytes() {
        return body == Body.DOCUMENT ? DOCUMENT_BODY_BYTES : USUAL_BODY_BYTES;
    }

    /** Whether a body must be JSON. */
    boolean takesJson() {
        return body == Body.JSON || body == Body.DOCUMENT;
    }

    /** Kind of body. */
    enum Body {
        /** JSON. */
        JSON,
        /** JSON that contains the text of a document. */
        DOCUMENT,
        /** JSON or nothing. */
        OPTIONAL_JSON,
        /** Ignored. */
        IGNORED
    }

    /** Handler of the route. */
    interface Endpoint {
        void handle(Exchange exchange);
    }

    /** The path's parameters, in their order; absent if {@code requested} does not match. */
    Optional<List<String>> match(String requested) {
        List<String> parameters = new ArrayList<>(0);
        int at = 0;
        int from = 0;
        while (from < path.length()) {
            int opening = path.indexOf('{', from);
            int literal = (opening < 0 ? path.length() : opening) - from;
            if (!requested.regionMatches(at, path, from, literal)) {
                return Optional.empty();
            }
            at += literal;
            from += literal;
            if (opening >= 0) {
                int slash = requested.indexOf('/', at);
                int end = slash < 0 ? requested.length() : slash;
                if (end == at) {
                    return Optional.empty();
                }
                parameters.add(requested.substring(at, end));
                at = end;
                from = path.indexOf('}', from) + 1;
            }
        }
        return at == requested.length() ? Optional.of(parameters) : Optional.empty();
    }
}
