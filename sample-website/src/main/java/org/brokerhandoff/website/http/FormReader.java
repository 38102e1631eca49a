package org.brokerhandoff.website.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.website.form.FormBody;

/** Reads the form in one request's body, and overwrites what it was read from. */
final class FormReader {
    /** A message of 4,000 characters of four bytes, each percent-encoded, and the other fields. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final String TYPE = "application/x-www-form-urlencoded";

    private final HttpServerRequest request;
    private byte[] body = new byte[2048];
    private int length;
    private boolean tooLong;

    FormReader(HttpServerRequest request) {
        this.request = request;
    }

    /** Calls {@code receiver} with the form, or with nothing if the body is none. */
    void read(Consumer<Optional<FormBody>> receiver) {
        request.handler(this::chunk);
        request.exceptionHandler(broken -> overwrite());
        request.endHandler(ended -> {
            Optional<FormBody> form = form();
            overwrite();
            receiver.accept(form);
        });
        if (request.getHeader(HttpHeaders.EXPECT) != null) {
            var unused = request.response().writeContinue();
        }
    }

    private Optional<FormBody> form() {
        if (tooLong || !isForm() || BoundedHttpServer.bodyFault(request).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FormBody.parse(body, length));
        } catch (FormBody.Malformed e) {
            return Optional.empty();
        }
    }

    private boolean isForm() {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(TYPE);
    }

    private void chunk(Buffer chunk) {
        if (length + chunk.length() > MOST_BYTES) {
            // Read on, so that the browser gets an answer, but not kept. The server bounds the time.
            tooLong = true;
            overwrite();
        } else {
            if (length + chunk.length() > body.length) {
                byte[] larger = Arrays.copyOf(body, Math.max(2 * body.length, length + chunk.length()));
                overwrite();
                body = larger;
            }
            chunk.getBytes(0, chunk.length(), body, length);
            length += chunk.length();
        }
        chunk.setBytes(0, new byte[chunk.length()]);
    }

    private void overwrite() {
        Arrays.fill(body, (byte) 0);
    }
}
