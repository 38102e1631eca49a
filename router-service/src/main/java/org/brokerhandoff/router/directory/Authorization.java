package org.brokerhandoff.router.directory;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A header that a broker's endpoint wants on every request, such as {@code Authorization}. Its value comes from a secret file; it is not
 * published, and cannot be printed.
 *
 * @param header the header's name
 * @param value what it says
 */
public record Authorization(String header, String value) {
    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
    /** Visible ASCII, and spaces between it: a line break would begin another header. */
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]{0,4094}[!-~])?");

    /** What HTTP itself or this system decides. */
    private static final Set<String> RESERVED = Set.of(
            "accept",
            "accept-encoding",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "http2-settings",
            "idempotency-key",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    /** Whether a header of this name may be asked for. */
    static boolean mayBe(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return TOKEN.matcher(header).matches()
                && !RESERVED.contains(name)
                && !name.startsWith("webhook-")
                && !name.startsWith("proxy-");
    }

    /** The value that a secret file holds, less the line break at its end; empty if it cannot be a header's. */
    static Optional<String> value(String content) {
        return Optional.of(content.strip()).filter(text -> VALUE.matcher(text).matches());
    }

    @Override
    public String toString() {
        return "Authorization[" + header + "]";
    }
}
