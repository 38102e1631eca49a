package org.brokerhandoff.router.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.brokerhandoff.router.Certificates;

/** A socket that does with each connection what the test says. */
final class HostileReceiver implements AutoCloseable {
    /** What is done with one connection; it is closed afterwards. */
    interface Manners {
        void treat(Socket socket) throws IOException;
    }

    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket listening;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private HostileReceiver(ServerSocket listening, Manners manners) {
        this.listening = listening;
        Thread accepting = new Thread(() -> accept(manners), "hostile-receiver");
        accepting.setDaemon(true);
        accepting.start();
    }

    static HostileReceiver plain(Manners manners) throws IOException {
        return new HostileReceiver(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), manners);
    }

    static HostileReceiver tls(Certificates.Issued certificate, List<String> protocols, Manners manners)
            throws IOException, GeneralSecurityException {
        return tls(certificate, protocols, InetAddress.getLoopbackAddress(), manners);
    }

    static HostileReceiver tls(
            Certificates.Issued certificate, List<String> protocols, InetAddress address, Manners manners)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", certificate.key(), new char[0], new Certificate[] {certificate.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket listening =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, address);
        listening.setEnabledProtocols(protocols.toArray(String[]::new));
        return new HostileReceiver(listening, manners);
    }

    private void accept(Manners manners) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread treating = new Thread(() -> treat(manners, socket), "hostile-connection");
                treating.setDaemon(true);
                treating.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void treat(Manners manners, Socket socket) {
        try (socket) {
            manners.treat(socket);
        } catch (IOException gaveUp) {
            // The other side has had enough, which is what the test waits for.
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Reads a whole request: its head and as many bytes as it announces. */
    static String request(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.append((char) next);
        }
        int at = head.indexOf("content-length: ");
        if (at >= 0) {
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            in.readNBytes(length);
        }
        return head.toString();
    }

    /** Reads a request, and answers with these bytes. */
    static Manners answering(String answer) {
        return socket -> {
            request(socket);
            write(socket, answer);
            // Left to the client to close, as a server that keeps connections alive does.
            socket.getInputStream().read();
        };
    }

    /** Reads a request, and answers with {@code start} and then with {@code more} again and again. */
    static Manners endless(String start, String more, long pauseMillis) {
        return socket -> {
            request(socket);
            write(socket, start);
            while (true) {
                write(socket, more);
                if (pauseMillis > 0) {
                    pause(pauseMillis);
                }
            }
        };
    }

    /** Closes with a reset in place of an orderly end. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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
