package org.brokerhandoff.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads an event stream as a website's backend does, on a separate thread, and records every entry with its position. */
final class EventStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final List<String> head = new ArrayList<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile String position = "";
    private volatile boolean ended;

    /** An entry, and the position after it. */
    record Told(String position, JsonNode entry) {
        String type() {
            return entry.path("type").asText();
        }

        String id() {
            return entry.path("id").asText();
        }

        String signup() {
            return entry.at("/data/signupId").asText();
        }
    }

    private EventStream(Socket socket) {
        this.socket = socket;
    }

    /** Opens a stream, from a position in the address or from now on; returns when the response head has arrived. */
    static EventStream open(int port, String secret, Optional<String> after) {
        return open(port, secret, after, Optional.empty());
    }

    static EventStream open(int port, String secret, Optional<String> after, Optional<String> lastEventId) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            EventStream stream = new EventStream(socket);
            String query = after.map(text -> "?after=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                    .orElse("");
            socket.getOutputStream()
                    .write(("GET /v1/events" + query + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n"
                                    + lastEventId
                                            .map(id -> "Last-Event-ID: " + id + "\r\n")
                                            .orElse("")
                                    + "Authorization: Bearer " + secret + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                stream.head.add(line);
            }
            Thread reading = new Thread(() -> stream.read(lines), "event-stream");
            reading.setDaemon(true);
            reading.start();
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Chunk sizes are between the lines, and are not fields of a stream. */
    private void read(BufferedReader lines) {
        try {
            String id = "";
            Optional<String> data = Optional.empty();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("0")) {
                    // The last chunk: the answer has ended.
                    return;
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = Optional.of(line.substring(6));
                } else if (line.isEmpty() && !id.isEmpty()) {
                    if (data.isPresent()) {
                        told.add(new Told(id, JSON.readTree(data.get())));
                    }
                    position = id;
                    data = Optional.empty();
                }
            }
        } catch (IOException broken) {
            // As the end.
        } finally {
            ended = true;
        }
    }

    int status() {
        return Integer.parseInt(head.get(0).substring(9, 12));
    }

    String header(String name) {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).strip())
                .orElse("");
    }

    List<Told> told() {
        return told;
    }

    /** The entries of a signup, by type. */
    List<String> types(String signup) {
        return told.stream()
                .filter(each -> each.signup().equals(signup))
                .map(Told::type)
                .toList();
    }

    /** The last position that was complete. */
    String position() {
        return position;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
