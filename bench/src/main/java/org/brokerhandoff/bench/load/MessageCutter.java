package org.brokerhandoff.bench.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Splits the bytes of one connection into HTTP/1.1 messages (RFC 9112) that have a {@code Content-Length}, or no body. A complete HTTP stack
 * costs several times as much, and a generator and a stub must not dominate the measurement. Not thread-safe.
 */
final class MessageCutter {
    private static final int ROOM = 4096;
    private static final String LENGTH = "\r\ncontent-length:";

    private final Listener listener;
    private byte[] bytes = new byte[ROOM];
    private int filled;
    private int bodyStart;
    private int end;
    private String head = "";

    /** Receives the messages of one connection, in order. */
    interface Listener {
        /** The first byte of a message has arrived. */
        void begun();

        /**
         * A message has arrived.
         *
         * @param head start line and fields
         * @param body the body, decoded as ISO 8859-1: only its ASCII parts are of interest
         */
        void complete(String head, String body);
    }

    MessageCutter(Listener listener) {
        this.listener = listener;
    }

    /** Adds received bytes. */
    void take(Buffer arrived) {
        int length = arrived.length();
        if (filled + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, filled + length));
        }
        if (filled == 0 && length > 0) {
            listener.begun();
        }
        arrived.getBytes(bytes, filled);
        filled += length;
        while (cut()) {
            if (filled > 0) {
                listener.begun();
            }
        }
    }

    private boolean cut() {
        if (bodyStart == 0 && !findHead()) {
            return false;
        }
        if (filled < end) {
            return false;
        }
        String body = new String(bytes, bodyStart, end - bodyStart, StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, end, bytes, 0, filled - end);
        filled -= end;
        bodyStart = 0;
        listener.complete(head, body);
        return filled > 0;
    }

    private boolean findHead() {
        for (int at = 3; at < filled; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n' && bytes[at - 3] == '\r') {
                bodyStart = at + 1;
                head = new String(bytes, 0, bodyStart, StandardCharsets.ISO_8859_1);
                end = bodyStart + field(head, LENGTH).map(Integer::parseInt).orElse(0);
                return true;
            }
        }
        return false;
    }

    /**
     * The value of a field.
     *
     * @param name the name in lower case, between {@code "\r\n"} and {@code ":"}
     */
    static Optional<String> field(String head, String name) {
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + name.length();
        return Optional.of(head.substring(from, head.indexOf('\r', from)).strip());
    }
}
