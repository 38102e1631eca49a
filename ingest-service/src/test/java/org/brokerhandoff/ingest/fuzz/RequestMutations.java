package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/** Mutations of valid requests. Deterministic for given random numbers. */
public final class RequestMutations {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "§", "PROPFIND");

    /** Replacements of a path segment; {@code §} becomes the canary, {@code S} the original segment. */
    private static final List<String> SEGMENTS = List.of(
            "§",
            "..",
            ".",
            "%2e%2e",
            "S%2F§",
            "S%2f..",
            "%00",
            "S%00",
            "%C3%A6§",
            "%FF§",
            "%ED%A0%80",
            "%zz§",
            "%",
            "æ§",
            "S;v=§",
            "S,S",
            "S ",
            "S%20",
            "+S",
            "*",
            "null",
            "0",
            "-1",
            "00000000-0000-0000-0000-000000000000",
            "0199d2a4-7c31-7abc-8def-0123456789ab",
            "5b1d4c0e-9f4a-4b6e-8a53-0c2f0a6f7e11",
            "1-1-1-1-1",
            "{S}",
            "urn:uuid:S",
            "S" + "§".repeat(20),
            "x".repeat(3000),
            "x".repeat(4096),
            "%41".repeat(1000),
            "",
            "S/§",
            "S/",
            "S//",
            "S\\§",
            "S'\"<§>",
            "S|§",
            "S#§");

    private static final List<String> QUERIES = List.of(
            "",
            "§=§",
            "§",
            "kind=§",
            "kind=privacy&kind=privacy",
            "kind=cookies&language=§",
            "kind=",
            "kind=PRIVACY",
            "language=§",
            "language=nb&language=§",
            "language=",
            "language=" + "x".repeat(36),
            "language=nb-NO-x-§",
            "language=%ZZ",
            "language=%FF",
            "language=%00",
            "language=nb%20§",
            "language=%E2%80%AE",
            "language=i-klingon",
            "language=zh-Hant-TW",
            "language=de-1996",
            "language=x-§",
            "%FF=1",
            "%=%",
            "&&&===",
            ";;;",
            "kind=privacy;language=nb",
            "kind[]=privacy",
            "?",
            "a=b#§",
            "x".repeat(3000),
            "x".repeat(5000),
            "a=1&".repeat(500));

    /** Header lines. */
    private static final List<String> HEADERS = List.of(
            "Accept: §",
            "Accept: application/ld+json",
            "Accept: application/ld+json;q=0",
            "Accept: application/ld+json; q=0.000",
            "Accept: ,;,=;q=§",
            "Accept: " + "a/b,".repeat(500),
            "Accept-Language: §",
            "Accept-Encoding: gzip, §",
            "Idempotency-Key:",
            "Idempotency-Key: § §",
            "Idempotency-Key: §,§",
            "Idempotency-Key: æ§",
            "Idempotency-Key: \u0001§",
            "Idempotency-Key: " + "k".repeat(255),
            "Idempotency-Key: " + "k".repeat(256),
            "Idempotency-Key: §%00",
            "Authorization: Bearer §",
            "Authorization: Bearer  § §",
            "Authorization: Basic QzpD",
            "Authorization: Bearer",
            "Authorization: Bearer hcap_" + "A".repeat(43),
            "Authorization: Bearer " + "§".repeat(60),
            "Authorization: bearer\t§",
            "Authorization: æ §",
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json;§",
            "Content-Type: application/problem+json",
            "Content-Type: APPLICATION/JSON",
            "Content-Type: §",
            "Content-Type:",
            "Content-Type: multipart/form-data; boundary=§",
            "Content-Encoding: gzip",
            "Content-Encoding: §",
            "Content-Encoding: identity",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: §",
            "Content-Length: §",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 999999999999",
            "Content-Length: 4",
            "Content-Length: 0",
            "Expect: §",
            "Host: §",
            "Host: a b §",
            "Host:",
            "Host: [::1]:99999§",
            "X-§: §",
            "§: §",
            "§ §: 1",
            "X-Forwarded-For: §",
            "X-Forwarded-Host: §",
            "Forwarded: for=§",
            "Origin: https://§.example",
            "Cookie: §=§",
            "Range: bytes=0-1",
            "If-None-Match: \"§\"",
            "If-Modified-Since: §",
            "Upgrade: §",
            "Upgrade: h2c",
            "Upgrade: websocket",
            "Connection: Upgrade, HTTP2-Settings",
            "Connection: §",
            "X-HTTP-Method-Override: DELETE",
            "traceparent: 00-§-§-01",
            "X-Long: " + "§".repeat(1000),
            "X-Null: \u0000§",
            "no colon §",
            " folded: §");

    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    private final JsonMutations json;
    private final String canary;
    private final Random random;

    public RequestMutations(ApiDescription description, String canary, Random random) {
        this.json = new JsonMutations(description, canary, random);
        this.canary = canary;
        this.random = random;
    }

    /** Mutates {@code draft}, a valid request for {@code operation}, in one to three ways. */
    public void change(RequestDraft draft, ApiOperation operation, JsonNode body) {
        boolean hasBody = !body.isMissingNode();
        int changes = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(hasBody ? 12 : 6)) {
                case 0 -> path(draft, operation);
                case 1 -> draft.target = draft.path() + "?" + canaried(pick(QUERIES));
                case 2, 3 -> headerLine(draft, canaried(pick(HEADERS)));
                case 4 -> protocol(draft);
                case 5 -> size(draft, hasBody);
                case 6 -> bytes(draft);
                default -> draft.json(json.mutated(body, operation.requestSchema()));
            }
        }
    }

    private void path(RequestDraft draft, ApiOperation operation) {
        String[] now = draft.path().split("/", -1);
        String[] template = operation.path().split("/", -1);
        if (now.length < 2) {
            // An earlier mutation has removed the path.
            return;
        }
        int at = 1 + random.nextInt(now.length - 1);
        for (int i = 1; i < template.length && i < now.length; i++) {
            if (PARAMETER.matcher(template[i]).matches() && random.nextInt(3) > 0) {
                at = i;
            }
        }
        String segment = now[at];
        String changed = switch (random.nextInt(8)) {
            case 0 -> segment.toUpperCase(Locale.ROOT);
            case 1 -> encoded(segment);
            default -> canaried(pick(SEGMENTS)).replace("S", segment);
        };
        now[at] = new String(changed.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String path = String.join("/", now);
        draft.target = switch (random.nextInt(20)) {
            case 0 -> "http://" + canary + path;
            case 1 -> "/" + path;
            case 2 -> path + "/";
            case 3 -> path.substring(1);
            default -> path;
        };
    }

    /** Every character percent-encoded. */
    private static String encoded(String segment) {
        StringBuilder encoded = new StringBuilder();
        segment.chars().forEach(character -> encoded.append(String.format(Locale.ROOT, "%%%02x", character)));
        return encoded.toString();
    }

    private void headerLine(RequestDraft draft, String line) {
        String bytes = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int colon = line.indexOf(':');
        if (colon > 0 && random.nextInt(5) > 0) {
            draft.without(line.substring(0, colon));
        }
        draft.headers.add(random.nextInt(draft.headers.size() + 1), bytes);
        // A length that is not the body's leaves the service waiting for the rest.
        draft.ends = true;
    }

    private void protocol(RequestDraft draft) {
        switch (random.nextInt(6)) {
            case 0 ->
                draft.version =
                        pick(List.of("HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/9.9", "HTTP/1", "§", "HTTP/1.1 §"));
            case 1 -> draft.without("Authorization");
            case 2 -> draft.without(pick(List.of("Content-Type", "Idempotency-Key")));
            case 3 -> {
                if (!draft.headers.isEmpty()) {
                    draft.headers.add(draft.headers.get(random.nextInt(draft.headers.size())));
                }
            }
            default -> draft.method = canaried(pick(METHODS));
        }
        draft.version = canaried(draft.version);
    }

    private void size(RequestDraft draft, boolean hasBody) {
        switch (random.nextInt(hasBody ? 5 : 3)) {
            case 0 -> {
                draft.header("X-Large", canary + "x".repeat(8192));
                draft.ends = true;
            }
            case 1 -> draft.json("\"" + canary + "\"");
            case 2 -> draft.json("[\"" + canary.repeat(2000) + "\"]");
            case 3 -> draft.json(" ".repeat(16 * 1024) + new String(draft.body, StandardCharsets.UTF_8));
            default -> chunked(draft);
        }
    }

    private void chunked(RequestDraft draft) {
        if (draft.has("Transfer-Encoding") || draft.has("Content-Length")) {
            return;
        }
        String chunk = new String(draft.body, StandardCharsets.ISO_8859_1);
        String size = Integer.toHexString(chunk.length());
        String whole = size + "\r\n" + chunk + "\r\n0\r\n\r\n";
        String sent = switch (random.nextInt(5)) {
            case 0 -> whole.replace(size, "zz" + canary);
            case 1 -> whole.substring(0, whole.length() / 2);
            case 2 -> size + ";" + canary + "=1\r\n" + chunk + "\r\n0\r\nX-Trailer: " + canary + "\r\n\r\n";
            default -> whole;
        };
        draft.header("Transfer-Encoding", "chunked");
        draft.body = sent.getBytes(StandardCharsets.ISO_8859_1);
        draft.ends = true;
    }

    /** What is no JSON, or no UTF-8. */
    private void bytes(RequestDraft draft) {
        byte[] body = draft.body;
        if (body.length == 0) {
            return;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        int at = random.nextInt(body.length);
        draft.body = switch (random.nextInt(14)) {
            case 0 -> Arrays.copyOf(body, at);
            case 1 -> with(body, at, (byte) random.nextInt(256));
            case 2 -> with(body, at, (byte) 0xff);
            case 3 -> with(body, at, (byte) 0xc0);
            case 4 -> with(body, at, (byte) 0);
            case 5 -> with(body, at, (byte) '"');
            case 6 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
            case 7 -> text.getBytes(StandardCharsets.UTF_16LE);
            case 8 -> (text + canary).getBytes(StandardCharsets.UTF_8);
            case 9 -> (text + text).getBytes(StandardCharsets.UTF_8);
            case 10 -> text.replace('"', '\'').getBytes(StandardCharsets.UTF_8);
            case 11 -> ("/* " + canary + " */" + text).getBytes(StandardCharsets.UTF_8);
            case 12 -> text.replaceFirst(":", ":NaN,\"" + canary + "\":").getBytes(StandardCharsets.UTF_8);
            default -> text.replaceFirst("}", ",}").getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] with(byte[] body, int at, byte value) {
        byte[] changed = body.clone();
        changed[at] = value;
        return changed;
    }

    private String canaried(String text) {
        return text.replace("§", canary);
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
