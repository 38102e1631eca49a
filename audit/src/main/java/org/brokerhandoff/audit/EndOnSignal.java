package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C (or SIGTERM) into the ordinary end of otherwise endless work: the work is stopped, its output is flushed, and the process
 * exits with 0.
 */
final class EndOnSignal {
    private static final long LONGEST_WAIT_SECONDS = 5;

    private EndOnSignal() {}

    /**
     * Runs {@code work}.
     *
     * @param stop makes the work return soon; called by another thread
     * @param out the work's output
     */
    static void during(Runnable work, Runnable stop, PrintWriter out) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> end(stop, ended, out), "end-on-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            work.run();
        } finally {
            ended.countDown();
            forget(hook);
        }
    }

    private static void end(Runnable stop, CountDownLatch ended, PrintWriter out) {
        stop.run();
        try {
            var unused = ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.flush();
        // The exit code of a JVM ended by a signal is the signal's, unless a hook exits first.
        Runtime.getRuntime().halt(0);
    }

    private static void forget(Thread hook) {
        try {
            var unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is already running.
            return;
        }
    }
}
