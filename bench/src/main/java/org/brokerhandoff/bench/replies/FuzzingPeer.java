package org.brokerhandoff.bench.replies;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;

/**
 * A broker over HTTP/1.1 that reads requests correctly and answers each in one of many ways, most of them wrong, in pieces of any size. Its
 * actions are derived from a seed and the number of the connection.
 */
final class FuzzingPeer implements AutoCloseable {
    private static final String UNASKED = "unasked";
    private static final int LONGEST_PAUSE_MILLIS = 15;

    private final ServerSocket listening;
    private final long seed;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "fuzzing-peer");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    /** Requests that were answered correctly, on connections with nothing else. */
    private final Set<String> honest;

    FuzzingPeer(ServerSocketFactory sockets, long seed, Set<String> honest) throws IOException {
        this.listening = sockets.createServerSocket(0, 512, InetAddress.getLoopbackAddress());
        this.seed = seed;
        this.honest = honest;
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    long connections() {
        return connections.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                Random random = new Random(seed * 31 + connections.getAndIncrement());
                threads.execute(() -> serve(socket, random));
            } catch (IOException closed) {
                // Checked above.
            }
        }
    }

    private void serve(Socket socket, Random random) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Connection connection = new Connection(socket, random);
            if (random.nextInt(50) == 0) {
                connection.write(new Reply(200, "{\"status\":\"accepted\"}", UNASKED, "").text());
            }
            while (connection.answer()) {
                // The next request.
            }
        } catch (IOException gone) {
            // The client has closed it, as it should.
        } finally {
            open.remove(socket);
        }
    }

    /** One connection; confined to its thread. */
    private final class Connection {
        private final Socket socket;
        private final Random random;
        private final InputStream in;
        private final OutputStream out;
        /** The previous reply, which may be repeated. */
        private String former = "";

        Connection(Socket socket, Random random) throws IOException {
            this.socket = socket;
            this.random = random;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** Reads a request and reacts to it. */
        boolean answer() throws IOException {
            String head = readHead();
            int length =
                    header(head, "content-length").isEmpty() ? 0 : Integer.parseInt(header(head, "content-length"));
            boolean early = random.nextInt(40) == 0;
            String id = header(head, "webhook-id");
            String token = id.indexOf('/') < 0 ? id : id.substring(0, id.indexOf('/'));
            String echo = random.nextInt(4) == 0 ? "" : header(head, "x-request-id");
            Reply reply = Reply.random(random, token, echo);
            if (early) {
                write(reply.text());
            }
            in.readNBytes(length);
            boolean again = early || act(reply);
            former = reply.text();
            return again;
        }

        private boolean act(Reply reply) throws IOException {
            String text = reply.text();
            String body = reply.body();
            String second = Reply.random(random, reply.token(), reply.echo()).text();
            switch (random.nextInt(26)) {
                case 0, 1, 2, 3 -> {
                    write(random.nextBoolean() ? text : reply.chunked(random));
                    honest.add(reply.token());
                }
                case 4 -> {
                    for (int i = random.nextInt(40); i >= 0; i--) {
                        write(Reply.interim(random));
                    }
                    pause();
                    write(text);
                }
                case 5 -> write(Reply.interim(random) + text);
                case 6 -> write(text + text);
                case 7 -> write(text + second);
                case 8 -> {
                    write(text);
                    pause();
                    write(second);
                }
                case 9 -> write(former + text);
                case 10 -> {
                    write(text);
                    pause();
                    write(former);
                }
                case 11 -> write(text + noise());
                case 12 -> {
                    write(text);
                    pause();
                    write(noise());
                }
                case 13 -> write(noise());
                case 14 -> write(damaged(text));
                case 15 ->
                    write(reply.head("HTTP/1.1 " + reply.status(), "content-length: " + random.nextInt(60)) + body);
                case 16 -> {
                    write(text.substring(0, random.nextInt(text.length())));
                    return close();
                }
                case 17 -> {
                    return close();
                }
                case 18 -> {
                    write(reply.head("HTTP/1." + random.nextInt(2) + " " + reply.status()) + body);
                    return close();
                }
                case 19 ->
                    write(reply.head(
                                    "HTTP/1.0 " + reply.status(),
                                    "connection: keep-alive",
                                    "content-length: " + body.length())
                            + body);
                case 20 ->
                    write(reply.head(
                                    "HTTP/1.1 " + (random.nextBoolean() ? 204 : 304),
                                    "content-length: " + body.length())
                            + body);
                case 21 -> write(reply.head("HTTP/1.1 101", "upgrade: websocket", "connection: upgrade") + text);
                case 22 ->
                    write(reply.head(
                                    (random.nextBoolean() ? "HTTP/2.0 " : "HTTP/9.9 ") + reply.status(),
                                    "content-length: " + body.length())
                            + body);
                case 23 ->
                    write(reply.head(
                                    "HTTP/1.1 " + reply.status(),
                                    "content-length: " + body.length(),
                                    "transfer-encoding: chunked")
                            + reply.chunked(random)
                                    .substring(reply.chunked(random).indexOf("\r\n\r\n") + 4));
                case 24 -> {
                    write(text);
                    pause();
                    write(new Reply(408, body, UNASKED, "").text());
                    return close();
                }
                default -> {
                    if (random.nextInt(4) == 0) {
                        // No further bytes: the client has to time out.
                        return true;
                    }
                    write(reply.head(
                                    "HTTP/1.1 " + reply.status(),
                                    "x-more: " + "x".repeat(random.nextInt(40_000)),
                                    "content-length: " + body.length())
                            + body);
                }
            }
            return true;
        }

        private boolean close() throws IOException {
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
            return false;
        }

        private String noise() {
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            return random.nextInt(3) == 0 ? "\r\n" : new String(noise, StandardCharsets.ISO_8859_1);
        }

        private String damaged(String text) {
            StringBuilder damaged = new StringBuilder(text);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
            }
            return damaged.toString();
        }

        private void pause() {
            try {
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** In one piece, or in several. */
        void write(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            int at = 0;
            while (at < bytes.length) {
                int length = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length - at) : bytes.length - at;
                out.write(bytes, at, length);
                out.flush();
                at += length;
                if (at < bytes.length && random.nextInt(8) == 0) {
                    pause();
                }
            }
        }

        private String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int matched = 0;
            while (matched < 4) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("closed");
                }
                head.write(next);
                matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static String header(String head, String name) {
        int start = head.indexOf("\r\n" + name + ": ");
        return start < 0 ? "" : head.substring(start + name.length() + 4, head.indexOf("\r\n", start + 2));
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
