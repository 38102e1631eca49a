package org.brokerhandoff.bench.replies;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A reply to one request, as made by a peer. Header {@code retry-after} has the request's token, which the client returns with the reply: so
 * it shows to which request it belonged.
 *
 * @param token identifies the request; unique
 * @param echo the request's {@code x-request-id}, or empty if the reply does not echo it
 */
record Reply(int status, String body, String token, String echo) {
    private static final List<String> WORDS = List.of("accepted", "duplicate", "rejected", "unknown");
    private static final int[] STATUSES = {200, 200, 200, 201, 202, 400, 401, 404, 409, 410, 422, 422, 429, 500, 503};

    static Reply random(Random random, String token, String echo) {
        String body = "{\"status\":\"" + WORDS.get(random.nextInt(WORDS.size())) + "\"}";
        return new Reply(STATUSES[random.nextInt(STATUSES.length)], body, token, echo);
    }

    /** As HTTP/1.1 with a length. */
    String text() {
        return head("HTTP/1.1 " + status, "content-length: " + body.length()) + body;
    }

    /** As HTTP/1.1 in chunks. */
    String chunked(Random random) {
        StringBuilder text = new StringBuilder(head("HTTP/1.1 " + status, "transfer-encoding: chunked"));
        for (int at = 0; at < body.length(); ) {
            int end = Math.min(body.length(), at + 1 + random.nextInt(12));
            text.append(Integer.toHexString(end - at))
                    .append("\r\n")
                    .append(body, at, end)
                    .append("\r\n");
            at = end;
        }
        return text.append("0\r\n\r\n").toString();
    }

    /** With any status line and headers, and the token. */
    String head(String statusLine, String... headers) {
        StringBuilder head = new StringBuilder(statusLine)
                .append(" X\r\nretry-after: ")
                .append(token)
                .append("\r\n");
        if (!echo.isEmpty()) {
            head.append("x-request-id: ").append(echo).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    static String interim(Random random) {
        int status = random.nextInt(4) == 0 ? 100 + random.nextInt(100) : 102 + random.nextInt(3);
        return String.format(
                Locale.ROOT, "HTTP/1.1 %d Wait\r\nretry-after: interim\r\n\r\n", status == 101 ? 199 : status);
    }
}
