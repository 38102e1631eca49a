package org.brokerhandoff.router.directory;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the directory in its one normal form (RFC 3986, 6.2.2 and 6.2.3): scheme and host in lower case, the host in ASCII, no
 * default port, a path that is never empty and has no dot segments, percent-encoding only where it is needed and in capitals. The query
 * is kept: a broker may know its client by it.
 *
 * <p>Pure. Problems name what is wrong and quote nothing: path and query may hold a token.
 */
public sealed interface BrokerAddress {
    /** Most characters, before and after. */
    int MOST_CHARACTERS = 512;

    /** In normal form. */
    record Valid(URI uri) implements BrokerAddress {}

    /**
     * Not an address.
     *
     * @param rule to complete "must …"
     * @param found what is there instead
     */
    record Invalid(String rule, String found) implements BrokerAddress {}

    /** The normal form of {@code text}. */
    static BrokerAddress of(String text) {
        return new Reader().read(text);
    }

    /** What may be shown and published of an address: scheme, host and port. */
    static String origin(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    /** The address of something below: {@code below} is added to the path, and the query stays behind it. */
    static URI below(URI address, String below) {
        String path = address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return URI.create(origin(address) + (path.endsWith("/") ? path : path + "/") + below + query);
    }

    /** The same address with {@code parameter}, {@code name=value}, at the end of its query. */
    static URI withQuery(URI address, String parameter) {
        return URI.create(address + (address.getRawQuery() == null ? "?" : "&") + parameter);
    }

    /** The reading, part by part. */
    final class Reader {
        private static final Pattern PARTS =
                Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);
        private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\]]*]|[^:]*)(?::([0-9]*))?");
        private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
        private static final Pattern IPV4 =
                Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.|$)){4}");
        private static final Pattern NUMERIC_LABEL = Pattern.compile("[0-9]+|0[xX][0-9A-Fa-f]*");
        private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
        /** Letters for which the standards of 2003 and 2008 name different hosts, and signs that cannot be seen. */
        private static final Pattern AMBIGUOUS =
                Pattern.compile("[\\u00DF\\u03C2\\u1E9E\\u034F\\u1806\\u180B-\\u180D\\uFE00-\\uFE0F]|\\p{Cf}");

        private static final int MOST_HOST_CHARACTERS = 253;
        private static final int MOST_PORT = 65_535;
        private static final String UNRESERVED = "-._~";
        private static final String PATH_SIGNS = "!$&'()*+,;=:@/";
        private static final String QUERY_SIGNS = PATH_SIGNS + "?";

        private Optional<Invalid> refused = Optional.empty();

        private Reader() {}

        /** Remembers the first problem; what is returned is not used any more. */
        private String refuse(String rule, String found) {
            refused = refused.or(() -> Optional.of(new Invalid(rule, found)));
            return "";
        }

        private BrokerAddress read(String text) {
            String normal = normal(text);
            if (refused.isEmpty() && normal.length() > MOST_CHARACTERS) {
                refuse("be an address of at most " + MOST_CHARACTERS + " characters when encoded", "more");
            }
            return refused.isPresent() ? refused.get() : new Valid(URI.create(normal));
        }

        private String normal(String text) {
            if (text.length() > MOST_CHARACTERS) {
                return refuse("be an address of at most " + MOST_CHARACTERS + " characters", "more");
            }
            if (WebhookSecret.isIn(text)) {
                return refuse("be an address without a secret in it", "a secret");
            }
            Matcher parts = PARTS.matcher(text);
            if (!parts.matches()) {
                return refuse("be an absolute address: https://host/path", "another form");
            }
            String scheme = parts.group(1).toLowerCase(Locale.ROOT);
            if (!scheme.equals("https") && !scheme.equals("http")) {
                return refuse("be an https address", "another scheme");
            }
            if (parts.group(5) != null) {
                return refuse("have no fragment: fragments are never sent", "\"#\"");
            }
            String authority = parts.group(2);
            if (authority.contains("@")) {
                return refuse("have no user information; secrets belong in files", "\"@\"");
            }
            Matcher hostAndPort = HOST_AND_PORT.matcher(authority);
            if (!hostAndPort.matches()) {
                return refuse("have a host and, optionally, a port", "another form");
            }
            String query =
                    parts.group(4) == null ? "" : "?" + encoded(parts.group(4).substring(1), QUERY_SIGNS);
            return scheme + "://" + host(hostAndPort.group(1)) + port(scheme, hostAndPort.group(2))
                    + path(parts.group(3)) + query;
        }

        private String host(String host) {
            if (host.startsWith("[")) {
                return ipv6(host.substring(1, host.length() - 1));
            }
            if (AMBIGUOUS.matcher(host).find()) {
                return refuse(
                        "have its host in ASCII (\"xn--…\"): it has a letter that standards treat differently, or an invisible one",
                        "such a letter");
            }
            String ascii;
            try {
                ascii = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            } catch (IllegalArgumentException | IndexOutOfBoundsException notName) {
                return refuse("have a host name, in ASCII (\"xn--…\") if necessary", "another host");
            }
            if (ascii.endsWith(".")) {
                ascii = ascii.substring(0, ascii.length() - 1);
            }
            String[] labels = ascii.split("\\.", -1);
            for (String label : labels) {
                if (!LABEL.matcher(label).matches() || ascii.length() > MOST_HOST_CHARACTERS) {
                    return refuse("have a host name or an IP address", "another host");
                }
            }
            if (NUMERIC_LABEL.matcher(labels[labels.length - 1]).matches()
                    && !IPV4.matcher(ascii).matches()) {
                // Some libraries read 127.1, 0177.0.0.1 or 2130706433 as an address.
                return refuse("have an IPv4 address as four decimal numbers", "another form of one");
            }
            return ascii;
        }

        private String ipv6(String text) {
            if (text.contains("%")) {
                return refuse("have no zone in an IPv6 address: it has a meaning on one host only", "\"%\"");
            }
            if (!IPV6.matcher(text).matches() || !text.contains(":")) {
                return refuse("have an IPv6 address in brackets", "something else there");
            }
            try {
                // A literal is never looked up.
                InetAddress address = InetAddress.getByName("[" + text + "]");
                return address instanceof Inet6Address
                        ? "[" + compressed(address.getAddress()) + "]"
                        : address.getHostAddress();
            } catch (UnknownHostException notAddress) {
                return refuse("have an IPv6 address in brackets", "something else there");
            }
        }

        /** As RFC 5952 writes it: the first longest run of two or more zero groups is left out. */
        private static String compressed(byte[] bytes) {
            int[] groups = new int[8];
            for (int i = 0; i < groups.length; i++) {
                groups[i] = ((bytes[2 * i] & 0xFF) << 8) | (bytes[2 * i + 1] & 0xFF);
            }
            int from = -1;
            int length = 1;
            for (int i = 0; i < groups.length; i++) {
                int run = 0;
                while (i + run < groups.length && groups[i + run] == 0) {
                    run++;
                }
                if (run > length) {
                    from = i;
                    length = run;
                }
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < groups.length; i++) {
                if (i == from) {
                    text.append("::");
                    i += length - 1;
                } else {
                    text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                            .append(Integer.toHexString(groups[i]));
                }
            }
            return text.toString();
        }

        private String port(String scheme, @Nullable String digits) {
            if (digits == null || digits.isEmpty()) {
                return "";
            }
            int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
            if (port < 1 || port > MOST_PORT) {
                return refuse("have a port from 1 to " + MOST_PORT, "another");
            }
            return port == (scheme.equals("https") ? 443 : 80) ? "" : ":" + port;
        }

        private String path(String raw) {
            Deque<String> kept = new ArrayDeque<>();
            String[] segments = encoded(raw.isEmpty() ? "/" : raw, PATH_SIGNS).split("/", -1);
            for (int i = 1; i < segments.length; i++) {
                boolean last = i == segments.length - 1;
                boolean dots = segments[i].equals(".") || segments[i].equals("..");
                if (segments[i].equals("..")) {
                    kept.pollLast();
                }
                if (!dots || last) {
                    kept.addLast(dots ? "" : segments[i]);
                }
            }
            return "/" + String.join("/", kept);
        }

        /** Percent-encoding in normal form; characters outside ASCII as their UTF-8 bytes (RFC 3987, 3.1). */
        private String encoded(String text, String signs) {
            StringBuilder encoded = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int character = text.codePointAt(at);
                int next = at + Character.charCount(character);
                if (character == '%') {
                    next = at + 3;
                    int octet = next <= text.length() ? octet(text.substring(at + 1, next)) : -1;
                    if (octet < ' ' || octet == 0x7F) {
                        return refuse("have \"%\" before two hexadecimal digits of a printable byte", "another \"%\"");
                    }
                    append(encoded, octet, isUnreserved(octet));
                } else if (isUnreserved(character) || signs.indexOf(character) >= 0) {
                    encoded.append((char) character);
                } else if (character < 0x80
                        || Character.isISOControl(character)
                        || (next == at + 1 && Character.isSurrogate((char) character))
                        || Character.isWhitespace(character)
                        || Character.getType(character) == Character.FORMAT) {
                    return refuse("have only characters that an address may have", "another");
                } else {
                    for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                        append(encoded, each & 0xFF, false);
                    }
                }
                at = next;
            }
            return encoded.toString();
        }

        private static void append(StringBuilder encoded, int octet, boolean plain) {
            if (plain) {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", octet));
            }
        }

        private static int octet(String digits) {
            int high = Character.digit(digits.charAt(0), 16);
            int low = Character.digit(digits.charAt(1), 16);
            return high < 0 || low < 0 || digits.codePoints().anyMatch(digit -> digit > 0x7F) ? -1 : (high << 4) | low;
        }

        private static boolean isUnreserved(int character) {
            return (character < 0x80 && Character.isLetterOrDigit(character)) || UNRESERVED.indexOf(character) >= 0;
        }
    }
}
