package org.brokerhandoff.bench;

import java.io.IOException;

/** Suspends and resumes processes, as on a machine that is suspended or starved. */
final class ProcessSignals {
    private ProcessSignals() {}

    /** {@code SIGSTOP}: suspends the process, which keeps its connections. */
    static void stop(long pid) throws IOException, InterruptedException {
        send("STOP", pid);
    }

    /** {@code SIGCONT}: resumes it. */
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
