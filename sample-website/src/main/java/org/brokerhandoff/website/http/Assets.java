package org.brokerhandoff.website.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Style sheet, script and icon, all from this site. */
final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            "site.css", "text/css; charset=utf-8",
            "site.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final Map<String, Buffer> files = new LinkedHashMap<>();
    private final String version;

    Assets() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : TYPES.keySet().stream().sorted().toList()) {
                byte[] content = read(name);
                digest.update(content);
                files.put(name, Buffer.buffer(content));
            }
            version = HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Stands in their addresses, so that browsers may keep them until they change. */
    String version() {
        return version;
    }

    /** Answers with a file; false if there is none with this name. */
    boolean serve(HttpServerRequest request, String name) {
        Buffer file = files.get(name);
        if (file == null) {
            return false;
        }
        var unused = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, Objects.requireNonNull(TYPES.get(name)))
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
                .end(file);
        return true;
    }

    private static byte[] read(String name) {
        String path = "/org/brokerhandoff/website/assets/" + name;
        try (InputStream file = Objects.requireNonNull(Assets.class.getResourceAsStream(path), path)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is part of this module", e);
        }
    }
}
