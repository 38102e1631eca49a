package org.brokerhandoff.router;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy as companies have one, by {@code CONNECT} or SOCKS5: connects to what it is asked for, and keeps every byte that it could see. */
final class TunnelProxy implements AutoCloseable {
    private static final int SOCKS_VERSION = 5;
    private static final int SOCKS_NONE_NEEDED = 0;
    private static final int SOCKS_PASSWORD = 2;
    private static final int SOCKS_NO_METHOD = 0xff;
    private static final int SOCKS_ADDRESS_V4 = 1;
    private static final int SOCKS_NAME = 3;

    /** Names and ports, in the order in which they were asked for. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Map<String, Integer> routes = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ServerSocket listening;
    private final String scheme;
    private final Optional<String> login;

    /**
     * A proxy that listens.
     *
     * @param scheme {@code http} or {@code socks5}
     * @param login {@code user:password}, if it lets only one user through
     */
    TunnelProxy(String scheme, Optional<String> login) throws IOException {
        this.scheme = scheme;
        this.login = login;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                open.add(client);
                start(() -> serve(client));
            }
        });
    }

    /** Where {@code nameAndPort} is: a port of this machine. What has no route is refused. */
    void route(String nameAndPort, int port) {
        routes.put(nameAndPort, port);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** All that went through it in either direction, and what it was told before, a character for each byte. */
    String seen() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // The side that is done closes; the other end notices.
                    }
                },
                "tunnel-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            Optional<Socket> broker = scheme.equals("http") ? connect(client) : socks(client);
            if (broker.isPresent()) {
                try (Socket other = broker.get()) {
                    open.add(other);
                    start(() -> relay(other, client));
                    relay(client, other);
                }
            }
        }
    }

    private void relay(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8192];
        InputStream in = from.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            note(buffer, length);
            to.getOutputStream().write(buffer, 0, length);
        }
        to.shutdownOutput();
    }

    private void note(byte[] bytes, int length) {
        synchronized (seen) {
            seen.write(bytes, 0, length);
        }
    }

    private Optional<Socket> to(String nameAndPort) throws IOException {
        asked.add(nameAndPort);
        Integer port = routes.get(nameAndPort);
        return port == null ? Optional.empty() : Optional.of(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private Optional<Socket> connect(Socket client) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return Optional.empty();
            }
            read.append((char) next);
        }
        String head = read.toString();
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        note(bytes, bytes.length);
        if (!head.startsWith("CONNECT ")) {
            answer(client, "405 X");
            return Optional.empty();
        }
        if (login.isPresent()) {
            String expected = "proxy-authorization: Basic "
                    + Base64.getEncoder().encodeToString(login.get().getBytes(StandardCharsets.UTF_8)) + "\r\n";
            if (!head.contains(expected)) {
                answer(client, "407 X");
                return Optional.empty();
            }
        }
        Optional<Socket> broker = to(head.split(" ", 3)[1]);
        answer(client, broker.isPresent() ? "200 X" : "403 X");
        return broker;
    }

    private static void answer(Socket client, String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RFC 1928, and RFC 1929 for the login. */
    private Optional<Socket> socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        int method = login.isPresent() ? SOCKS_PASSWORD : SOCKS_NONE_NEEDED;
        boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(method) >= 0;
        out.write(new byte[] {SOCKS_VERSION, (byte) (offered ? method : SOCKS_NO_METHOD)});
        if (!offered) {
            return Optional.empty();
        }
        if (login.isPresent()) {
            in.readByte();
            String user = text(in.readNBytes(in.readUnsignedByte()));
            String password = text(in.readNBytes(in.readUnsignedByte()));
            boolean right = login.get().equals(user + ":" + password);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return Optional.empty();
            }
        }
        in.readNBytes(3);
        int kind = in.readUnsignedByte();
        byte[] host = in.readNBytes(kind == SOCKS_NAME ? in.readUnsignedByte() : kind == SOCKS_ADDRESS_V4 ? 4 : 16);
        String name =
                kind == SOCKS_NAME ? text(host) : InetAddress.getByAddress(host).getHostAddress();
        note(host, host.length);
        Optional<Socket> broker = to(name + ":" + in.readUnsignedShort());
        // 2: not allowed by the rules.
        out.write(
                new byte[] {SOCKS_VERSION, (byte) (broker.isPresent() ? 0 : 2), 0, SOCKS_ADDRESS_V4, 0, 0, 0, 0, 0, 0});
        return broker;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
