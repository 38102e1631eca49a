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
 * An error as RFC 9457 has it, with a stable {@code code} for programs. It names places in the request, never values
 * from it: an error reply must not repeat personal data.
 *
 * @param type URI of the kind of problem; {@code about:blank} where the status and the code say it all
 * @param title short, for people, the same for every occurrence
 * @param status HTTP status, 400 to 599
 * @param code stable, for programs, such as {@code consent-superseded}
 * @param errors what is wrong where, if several places of the request can be at fault; may be empty
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
     * One thing that is wrong in the request.
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

    /** A problem that needs no type of its own; its title is the standard phrase of the status. */
    public static Problem of(int status, String code) {
        return of(status, code, List.of());
    }

    public static Problem of(int status, String code, List<Violation> errors) {
        return new Problem("about:blank", HttpResponseStatus.valueOf(status).reasonPhrase(), status, code, errors);
    }

    /** The body; {@code errors} is left out where there are none. */
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

    /** Answers with this problem; headers that were put before, such as {@code Retry-After}, stay. */
    public Future<Void> send(HttpServerResponse response) {
        return response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
                .end(toJson());
    }
}
