package org.brokerhandoff.ingest.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request before it is sent, fully mutable. Texts stand for bytes, one character each (ISO 8859-1). */
public final class RequestDraft {
    /** An HTTP method. */
    public String method;
    /** Path and query. */
    public String target;
    /** The request line's end. */
    public String version = "HTTP/1.1";
    /** Lines, without {@code Host} and the body's length if these are correct. */
    public final List<String> headers = new ArrayList<>();
    /** If empty, nothing is sent, not even its length. */
    public byte[] body = new byte[0];
    /** Whether the client closes its output after the request. */
    public boolean ends;

    public RequestDraft(String method, String target) {
        this.method = method;
        this.target = target;
    }

    /** Adds a header, or replaces one with this name. */
    public RequestDraft header(String name, String value) {
        without(name);
        headers.add(name + ": " + value);
        return this;
    }

    public RequestDraft without(String name) {
        headers.removeIf(line -> named(line, name));
        return this;
    }

    private static boolean named(String line, String name) {
        return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
    }

    public boolean has(String name) {
        return headers.stream().anyMatch(line -> named(line, name));
    }

    public RequestDraft json(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return header("Content-Type", "application/json");
    }

    /** The path, without scheme, authority and query, and without the spaces around it that RFC 9112 lets a server ignore. */
    public String path() {
        String path = target.strip().replaceFirst("^http://[^/]*", "");
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** The request as it is sent. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(' ')
                .append(version)
                .append("\r\n");
        if (!has("Host")) {
            head.append("Host: 127.0.0.1\r\n");
        }
        if (body.length > 0 && !has("Content-Length") && !has("Transfer-Encoding")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    @Override
    public String toString() {
        String text = new String(bytes(), StandardCharsets.UTF_8).replaceAll("(.{1,9}?)\\1{40,}", "$1…");
        return (text.length() > 1500 ? text.substring(0, 1500) + "…" : text) + (ends ? "\n  (end)" : "");
    }
}
