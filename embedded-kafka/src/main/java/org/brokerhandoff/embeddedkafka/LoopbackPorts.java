package org.brokerhandoff.embeddedkafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds TCP ports on 127.0.0.1 that a broker can take now and take again after a restart. */
public final class LoopbackPorts {

    // Below the range from which the kernel gives ports to outgoing connections: while the broker is down, a client
    // that keeps trying could otherwise be given the broker's own port, connect to itself and so block the restart.
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /** A port that is free now. */
    public static int free() throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("found no free port between " + LOWEST + " and " + HIGHEST);
    }

    /** Whether a listener could have this port on 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
