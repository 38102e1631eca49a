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
 * @param scope what a key has to have to call it; none: everybody may, without a key
 * @param forReceiptHolders whether who shows the capability of the receipt of the signup in the path may call it, too
 * @param body what the request's body has to be
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
    /** JSON may write a character of a text with up to six. */
    private static final int DOCUMENT_BODY_BYTES = 2 * DocumentTexts.MOST_BYTES + USUAL_BODY_BYTES;

    /** A route that asks for a key with {@code scope}. */
    Route(HttpMethod method, String path, Scope scope, Body body, Endpoint endpoint) {
        this(method, path, Optional.of(scope), false, body, endpoint);
    }

    /** A route about a signup, for its website and for who holds its receipt. */
    static Route ofSignup(HttpMethod method, String path, Body body, Endpoint endpoint) {
        return new Route(method, path, Optional.of(Scope.WEBSITE), true, body, endpoint);
    }

    /** A route to read what is published, for everybody. */
    static Route published(String path, Endpoint endpoint) {
        return new Route(HttpMethod.GET, path, Optional.empty(), false, Body.IGNORED, endpoint);
    }

    /** Most bytes that the request's body may have. */
    int mostBodyBytes() {
        return body == Body.DOCUMENT ? DOCUMENT_BODY_BYTES : USUAL_BODY_BYTES;
    }

    /** Whether a body has to be JSON. */
    boolean takesJson() {
        return body == Body.JSON || body == Body.DOCUMENT;
    }

    /** What a request's body has to be. */
    enum Body {
        /** JSON. */
        JSON,
        /** JSON with the text of a document in it. */
        DOCUMENT,
        /** JSON or nothing. */
        OPTIONAL_JSON,
        /** Not looked at. */
        IGNORED
    }

    /** Does the route's work. */
    interface Endpoint {
        void handle(Exchange exchange);
    }

    /** The path's parameters, in their order; absent if {@code requested} is another path. */
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
