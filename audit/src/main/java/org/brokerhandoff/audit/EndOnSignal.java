package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C (or SIGTERM) the ordinary end of work that would otherwise continue forever: it is told to stop, what it wrote goes out, and the
 * process ends with 0.
 */
final class EndOnSignal {
    private static final long LONGEST_WAIT_SECONDS = 5;

    private EndOnSignal() {}

    /**
     * Does {@code work}.
     *
     * @param stop tells the work to return soon; called by another thread
     * @param out what the work writes to
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
        // The exit code of a JVM that a signal ends is the signal's, unless a hook ends it first.
        Runtime.getRuntime().halt(0);
    }

    private static void forget(Thread hook) {
        try {
            var unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs already.
            return;
        }
    }
}
