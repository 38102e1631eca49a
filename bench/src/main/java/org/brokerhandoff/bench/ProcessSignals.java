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

    /** As {@link #stop}, of one of many processes, such as a database's for a connection, which may have ended since they were listed. */
    static void stopIfThere(long pid) throws IOException, InterruptedException {
        sendIfThere("STOP", pid);
    }

    /** As {@link #proceed}, where that one may have ended. */
    static void proceedIfThere(long pid) throws IOException, InterruptedException {
        sendIfThere("CONT", pid);
    }

    private static void sendIfThere(String signal, long pid) throws IOException, InterruptedException {
        try {
            send(signal, pid);
        } catch (IOException e) {
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                throw e;
            }
        }
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
