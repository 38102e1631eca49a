package org.brokerhandoff.bench;

import java.io.IOException;

/** Stops processes and lets them continue, as a machine does that is suspended or has no time for them. */
final class ProcessSignals {
    private ProcessSignals() {}

    /** {@code SIGSTOP}: the process does nothing more, and keeps its connections. */
    static void stop(long pid) throws IOException, InterruptedException {
        send("STOP", pid);
    }

    /** {@code SIGCONT}. */
    static void proceed(long pid) throws IOException, InterruptedException {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " " + pid + " ended with " + code);
        }
    }
}
