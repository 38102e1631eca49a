package org.brokerhandoff.ingest.http;

import java.util.Optional;
import java.util.function.Consumer;

/** The request header {@code Idempotency-Key}, and the response header that marks a replayed answer. */
final class IdempotencyKeys {
    static final String REPLAYED = "Idempotency-Replayed";

    private static final String HEADER = "Idempotency-Key";
    private static final int MOST_CHARACTERS = 255;

    private IdempotencyKeys() {}

    /** Calls {@code work} with the request's key, or answers its fault. */
    static void with(Exchange exchange, Consumer<String> work) {
        Optional<String> key = Optional.ofNullable(exchange.header(HEADER));
        if (key.isEmpty()) {
            exchange.problem(400, "idempotency-key-missing");
        } else if (!visibleAscii(key.get())) {
            exchange.problem(400, "idempotency-key-invalid");
        } else {
            work.accept(key.get());
        }
    }

    private static boolean visibleAscii(String key) {
        if (key.isEmpty() || key.length() > MOST_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            // A comma may be where a proxy joined two headers, that is, two keys.
            if (key.charAt(i) <= ' ' || key.charAt(i) >= 0x7F || key.charAt(i) == ',') {
                return false;
            }
        }
        return true;
    }
}
