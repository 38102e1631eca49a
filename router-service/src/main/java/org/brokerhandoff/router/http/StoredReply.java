package org.brokerhandoff.router.http;

import io.netty.handler.codec.DateFormatter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Distinguishes a cached reply, or one made before its question, from one that the broker made for it. Pure.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9111.html">RFC 9111 (Age), RFC 9211 (Cache-Status)</a>
 */
final class StoredReply {
    /** HTTP dates are in whole seconds, and some servers make one a second. */
    private static final Duration DATE_TOLERANCE = Duration.ofSeconds(2);

    private static final int TRANSFORMED = 203;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;

    /** 110 to 119 say that a stored reply is used though it may be stale. */
    private static final Pattern STALE_WARNING = Pattern.compile("(^|,)\\s*11[0-9]\\s.*");

    private static final Pattern STORED_WORD =
            Pattern.compile("hit|stale|updating|revalidated|fwd-status=304", Pattern.CASE_INSENSITIVE);

    private static final Pattern SOME_HITS = Pattern.compile("[1-9]");
    /** Varnish: of this request, and of the one whose reply it had kept. */
    private static final Pattern TWO_NUMBERS = Pattern.compile("\\s*[0-9]+\\s+[0-9]+\\s*");

    private StoredReply() {}

    /** Whether a reply, of whatever method, says that it was kept before. */
    static boolean isStored(MultiMap headers) {
        List<String> ages = headers.getAll(HttpHeaders.AGE);
        boolean aged = ages.stream().anyMatch(age -> !age.strip().equals("0"));
        return aged || ages.size() > 1 || fromCache(headers);
    }

    /**
     * Whether an answer may be older than its question, so that it proves nothing.
     *
     * @param askedAt when the question was made
     */
    static boolean provesNothing(int status, MultiMap headers, Instant askedAt) {
        // By its very presence: then the origin has neither made nor confirmed the answer for this question.
        return headers.contains(HttpHeaders.AGE)
                || status == TRANSFORMED
                || status == PARTIAL
                || status == NOT_MODIFIED
                || fromCache(headers)
                || headers.getAll(HttpHeaders.DATE).stream().anyMatch(date -> olderThan(date, askedAt));
    }

    private static boolean olderThan(String date, Instant askedAt) {
        Date parsed = date.isBlank() ? null : DateFormatter.parseHttpDate(date.strip());
        return parsed == null || parsed.toInstant().isBefore(askedAt.minus(DATE_TOLERANCE));
    }

    private static boolean fromCache(MultiMap headers) {
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue();
            if (name.equals("warning")) {
                if (STALE_WARNING.matcher(value).find()) {
                    return true;
                }
            } else if (name.equals("x-varnish")) {
                if (TWO_NUMBERS.matcher(value).matches()) {
                    return true;
                }
            } else if (name.endsWith("cache-hits")) {
                if (SOME_HITS.matcher(value).find()) {
                    return true;
                }
            } else if (name.contains("cache") && !name.equals("cache-control") && !name.endsWith("lookup")) {
                if (STORED_WORD.matcher(value).find()) {
                    return true;
                }
            }
        }
        return false;
    }
}
