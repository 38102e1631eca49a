package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A response as received over the connection.
 *
 * @param headers a line each
 */
public record RawAnswer(int status, List<String> headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MILLIS = 25_000;

    /**
     * Sends {@code request} and reads its response, without interim ones (1xx).
     *
     * @param ends whether the client closes its output, so that nothing more can follow
     * @throws IOException if no answer comes
     */
    public static RawAnswer to(int port, byte[] request, boolean ends) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(MILLIS);
            try {
                socket.getOutputStream().write(request);
                if (ends) {
                    socket.shutdownOutput();
                }
            } catch (IOException refusedEarly) {
                // The response may have arrived all the same.
                if (socket.isInputShutdown()) {
                    throw refusedEarly;
                }
            }
            InputStream input = socket.getInputStream();
            boolean head =
                    new String(request, 0, Math.min(5, request.length), StandardCharsets.ISO_8859_1).equals("HEAD ");
            for (; ; ) {
                List<String> lines = new ArrayList<>();
                for (String line = line(input); !line.isEmpty(); line = line(input)) {
                    lines.add(line);
                }
                int status = Integer.parseInt(lines.get(0).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
                if (status >= 200) {
                    RawAnswer answer = new RawAnswer(status, lines.subList(1, lines.size()), "");
                    return new RawAnswer(status, answer.headers(), head ? "" : answer.read(input));
                }
            }
        }
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new IOException("the connection ended within the head, after: " + line);
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private String read(InputStream input) throws IOException {
        if (mediaType().equals("text/event-stream")) {
            return beginning(input);
        }
        Optional<String> length = header("Content-Length");
        byte[] bytes = length.isPresent() ? input.readNBytes(Integer.parseInt(length.get())) : input.readAllBytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A stream is read up to its first position. */
    private static String beginning(InputStream input) throws IOException {
        StringBuilder lines = new StringBuilder();
        while (lines.indexOf("\nid: ") < 0) {
            lines.append(line(input)).append('\n');
        }
        return lines.toString();
    }

    public Optional<String> header(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .findFirst()
                .map(line -> line.substring(start.length()).strip());
    }

    /** Without its parameters. */
    public String mediaType() {
        String whole = header("Content-Type").orElse("");
        int end = whole.indexOf(';');
        return end < 0 ? whole : whole.substring(0, end);
    }

    /** The body, or missing if it is no JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    public String code() {
        return json().path("code").asText();
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + body;
    }
}
