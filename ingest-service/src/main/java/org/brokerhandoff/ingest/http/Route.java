package org.brokerhandoff.ingest.http;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import org.brokerhandoff.ingest.authentication.Scope;

/**
 * One method of one path.
 *
 * @param path as OpenAPI writes it; {@code {id}} stands for one segment
 * @param scope who may call it
 * @param body what the request's body has to be
 */
record Route(HttpMethod method, String path, Scope scope, Body body, Endpoint endpoint) {
    private static final String PARAMETER = "{id}";

    /** What a request's body has to be. */
    enum Body {
        /** A JSON document. */
        JSON,
        /** Not looked at. */
        IGNORED
    }

    /** Does the route's work. */
    interface Endpoint {
        void handle(Exchange exchange);
    }

    /** The path's parameter, empty text if it has none; absent if {@code requested} is another path. */
    Optional<String> match(String requested) {
        int parameter = path.indexOf(PARAMETER);
        if (parameter < 0) {
            return requested.equals(path) ? Optional.of("") : Optional.empty();
        }
        int after = path.length() - parameter - PARAMETER.length();
        if (requested.length() <= parameter + after
                || !requested.regionMatches(0, path, 0, parameter)
                || !requested.regionMatches(requested.length() - after, path, path.length() - after, after)) {
            return Optional.empty();
        }
        String value = requested.substring(parameter, requested.length() - after);
        return value.indexOf('/') < 0 ? Optional.of(value) : Optional.empty();
    }
}
