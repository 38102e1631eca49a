package org.brokerhandoff.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole page under the one style sheet, which is part of it: readable without script and without style, dark and light by the reader's
 * system, narrow and wide, and on paper. It asks for nothing elsewhere; its policy allows its own style, by digest, and nothing more.
 */
public final class Page {
    /** A script that renews the parts of a page that have an id and {@code data-live}, every five seconds; served by the page's own server. */
    public static final String RENEWING_SCRIPT = read("renew.js");

    private static final String STYLE = read("page.css");
    private static final String STYLE_DIGEST = "'sha256-" + sha256(STYLE) + "'";

    /** What a page without script may do ({@code Content-Security-Policy}). */
    public static final String POLICY = "default-src 'none'; style-src " + STYLE_DIGEST + "; base-uri 'none'";

    /**
     * What a page may do that is served with a script of the same origin. For the header, which alone can forbid frames.
     */
    public static final String SERVED_POLICY = "default-src 'none'; style-src " + STYLE_DIGEST
            + "; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final String language;
    private final String title;
    private final Element body = Element.of("body");
    private Optional<String> script = Optional.empty();

    /** An empty page. {@code language} is a BCP 47 tag. */
    public Page(String language, String title) {
        this.language = language;
        this.title = title;
    }

    /** With a script, by its path on the server that serves the page; the policy is the server's to send then. */
    public Page withScript(String path) {
        script = Optional.of(path);
        return this;
    }

    /** Adds to the body. */
    public Page add(Element... elements) {
        body.add(elements);
        return this;
    }

    /** The document. Ends with a line break. */
    public String html() {
        Element head = Element.of("head")
                .add(
                        Element.of("meta").with("charset", "utf-8"),
                        Element.of("meta")
                                .with("name", "viewport")
                                .with("content", "width=device-width, initial-scale=1"),
                        Element.of("meta").with("name", "color-scheme").with("content", "light dark"),
                        Element.of("meta").with("name", "referrer").with("content", "no-referrer"));
        script.ifPresentOrElse(
                path -> head.add(Element.of("script").with("src", path).with("defer", "")),
                () -> head.add(Element.of("meta")
                        .with("http-equiv", "Content-Security-Policy")
                        .with("content", POLICY)));
        head.add(Element.of("title", title));
        // Not escaped: what stands between these tags is no markup, and has to be what was hashed.
        String markup = head.markup().replace("</head>", "<style>" + STYLE + "</style></head>");
        return "<!doctype html>\n<html lang=\"" + language + "\">\n" + markup + "\n" + body.markup() + "\n</html>\n";
    }

    private static String read(String file) {
        try (InputStream content = Objects.requireNonNull(Page.class.getResourceAsStream(file), file)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
