package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request in progress, and its report: exactly one, when it is decided. Confined to its event loop. */
final class Call {
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final int LARGEST_BODY_BYTES = 256 * 1024;

    private final HttpServerRequest request;
    private final String kind;
    private final Exchange.Listener observer;
    private final long firstByteNanos = System.nanoTime();
    private final Instant firstByteAt = Instant.now();
    private @Nullable UUID signupId;
    private Exchange.Signed signed = Exchange.Signed.NOT_CHECKED;
    private String signature = "";
    private boolean reported;

    /** An arriving body. Nearly all arrive in one buffer, which is then copied only once. */
    private static final class Incoming {
        private @Nullable Buffer pieces;
        private int length;
        private boolean tooLarge;

        void add(Buffer chunk) {
            length += chunk.length();
            pieces = pieces == null
                    ? chunk
                    : Buffer.buffer(length).appendBuffer(pieces).appendBuffer(chunk);
        }

        byte[] bytes() {
            return pieces == null ? ByteArrayBuilder.NO_BYTES : pieces.getBytes();
        }
    }

    Call(HttpServerRequest request, String kind, Exchange.Listener observer) {
        this.request = request;
        this.kind = kind;
        this.observer = observer;
        // A reply that names its request lets the router reuse the connection.
        String id = request.getHeader(REQUEST_ID);
        if (id != null) {
            request.response().putHeader(REQUEST_ID, id);
        }
    }

    /** When its head had arrived, by {@link System#nanoTime}. */
    long firstByteNanos() {
        return firstByteNanos;
    }

    /** When its head had arrived. */
    Instant firstByteAt() {
        return firstByteAt;
    }

    @Nullable
    String header(CharSequence name) {
        return request.getHeader(name);
    }

    /** Records the signup that the request names, for the report. */
    void concerns(@Nullable UUID signup) {
        signupId = signup;
    }

    /** Records the result of the signature check, for the report. */
    void signatureFound(Exchange.Signed verdict, String found) {
        signed = verdict;
        signature = found;
    }

    /** Passes on the complete body; a larger one than allowed is read to its end and dropped. */
    void readBody(Consumer<byte[]> complete, Runnable tooLarge) {
        Incoming incoming = new Incoming();
        request.handler(chunk -> {
            if (incoming.length + chunk.length() <= LARGEST_BODY_BYTES) {
                incoming.add(chunk);
            } else if (!incoming.tooLarge) {
                incoming.tooLarge = true;
                tooLarge.run();
            }
        });
        request.endHandler(end -> {
            if (!incoming.tooLarge) {
                complete.accept(incoming.bytes());
            }
        });
    }

    /** Reports the answer, unless something was reported before. */
    void report(String answer) {
        if (!reported) {
            reported = true;
            observer.seen(new Exchange(firstByteAt, kind, Optional.ofNullable(signupId), answer, signed, signature));
        }
    }

    /** Reports and answers; does nothing more if the connection is gone. */
    void reply(int status, String body) {
        report(status + " " + StatusBody.status(body));
        HttpServerResponse response = request.response();
        if (!response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(body);
        }
    }

    /** Reports, and closes the connection instead of answering. */
    void closeConnection() {
        report("connection closed");
        request.connection().close();
    }

    HttpServerResponse response() {
        return request.response();
    }
}
