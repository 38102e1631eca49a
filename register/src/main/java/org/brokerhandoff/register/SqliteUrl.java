package org.brokerhandoff.register;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * SQLite files as JDBC URLs. The driver takes the text after {@code jdbc:sqlite:} as a literal path, up to a question mark, which starts its
 * parameters; only after {@code file:} it is a URI, with percent-encoding as in SQLite's documentation.
 */
public final class SqliteUrl {
    static final String PREFIX = "jdbc:sqlite:";
    private static final String URI = "file:";

    private SqliteUrl() {}

    /** The URL of a file, with any path. */
    public static String of(Path file) {
        String path = file.toString();
        return path.indexOf('?') < 0
                ? PREFIX + path
                : PREFIX + URI + escaped(file.toAbsolutePath().toString());
    }

    /**
     * The file of a URL.
     *
     * @throws IllegalArgumentException if it names no file; the message does not repeat the URL
     */
    static Path file(String url) {
        String rest = url.substring(PREFIX.length());
        int parameters = rest.indexOf('?');
        String name = parameters < 0 ? rest : rest.substring(0, parameters);
        if (name.isBlank() || name.startsWith(":")) {
            throw new IllegalArgumentException("the register needs a file: jdbc:sqlite:<file>");
        }
        try {
            return Path.of(name.startsWith(URI) ? unescaped(withoutAuthority(name.substring(URI.length()))) : name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "the register's file has a name that this system, or this locale, does not support: use UTF-8", e);
        }
    }

    /** {@code file:///a} is the file {@code /a}. */
    private static String withoutAuthority(String path) {
        return path.startsWith("//") ? path.substring(Math.max(2, path.indexOf('/', 2))) : path;
    }

    private static String escaped(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b != '%' && b != '?' && b != '#';
            text.append(plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
        }
        return text.toString();
    }

    private static String unescaped(String path) {
        byte[] from = path.getBytes(StandardCharsets.UTF_8);
        byte[] to = new byte[from.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            boolean escape = from[i] == '%'
                    && i + 2 < from.length
                    && HexFormat.isHexDigit(from[i + 1])
                    && HexFormat.isHexDigit(from[i + 2]);
            to[length++] = escape
                    ? (byte) (HexFormat.fromHexDigit(from[i + 1]) << 4 | HexFormat.fromHexDigit(from[i + 2]))
                    : from[i];
            i += escape ? 2 : 0;
        }
        return new String(to, 0, length, StandardCharsets.UTF_8);
    }
}
