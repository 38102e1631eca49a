package org.brokerhandoff.operations.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * An error after RFC 9457, with a stable {@code code} for programs. It names places in the request, never values: an error response must not
 * echo personal data.
 *
 * @param type URI of the kind of problem; {@code about:blank} if status and code suffice
 * @param title short, for people, the same for every occurrence
 * @param status HTTP status, 400 to 599
 * @param code stable, for programs, such as {@code consent-superseded}
 * @param errors the individual errors, if several places of the request can be wrong; may be empty
 */
public record Problem(String type, String title, int status, String code, List<Violation> errors) {

    /** Media type of the body. */
    public static final String CONTENT_TYPE = "application/problem+json";

    public Problem {
        requireNonNull(type, "type");
        requireNonNull(title, "title");
        requireNonNull(code, "code");
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be from 400 to 599, found " + status);
        }
        errors = List.copyOf(errors);
    }

    /**
     * One error in the request.
     *
     * @param pointer JSON pointer (RFC 6901) to the place, such as {@code /person/email}
     * @param code stable, for programs
     * @param detail for people; never a value from the request
     */
    public record Violation(String pointer, String code, String detail) {
        public Violation {
            requireNonNull(pointer, "pointer");
            requireNonNull(code, "code");
            requireNonNull(detail, "detail");
        }
    }

    /** A problem without a type of its own; its title is the standard phrase of the status. */
    public static Problem of(int status, String code) {
        return of(status, code, List.of());
    }

    public static Problem of(int status, String code, List<Violation> errors) {
        return new Problem("about:blank", HttpResponseStatus.valueOf(status).reasonPhrase(), status, code, errors);
    }

    /** The body; {@code errors} is omitted if empty. */
    public String toJson() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("title", title)
                .put("status", status)
                .put("code", code);
        if (!errors.isEmpty()) {
            var list = json.putArray("errors");
            for (Violation error : errors) {
                list.addObject()
                        .put("pointer", error.pointer())
                        .put("code", error.code())
                        .put("detail", error.detail());
            }
        }
        return json.toString();
    }

    /** Answers with this problem; headers set before, such as {@code Retry-After}, are kept. */
    public Future<Void> send(HttpServerResponse response) {
        return response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
                .end(toJson());
    }
}
