package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sleep of one thread, which others may end. That costs them a read of memory while the thread does not listen: while it is
 * busy, or would do nothing yet.
 */
final class WakeableSleep {
    private volatile boolean news;
    private volatile boolean ended;
    /** The thread while it listens. */
    private volatile @Nullable Thread listener;

    /** Ends the sleep, or the next one. Any thread; does not block. */
    void wake() {
        if (!news) {
            news = true;
        }
        LockSupport.unpark(listener);
    }

    /** Ends every sleep, for good. */
    void end(Thread sleeper) {
        ended = true;
        LockSupport.unpark(sleeper);
    }

    /** Whether {@link #end} was called. */
    boolean ended() {
        return ended;
    }

    /** To be called before looking at what news are about: what comes later ends the next sleep. */
    void forgetNews() {
        news = false;
    }

    /**
     * Sleeps until there are news or {@code longest} is over, but at least for {@code deaf}, or for {@code longest} if that is shorter.
     * Returns at once when ended. An interruption ends it for good, as nothing interrupts this thread otherwise.
     */
    void sleep(Duration deaf, Duration longest) {
        long begin = System.nanoTime();
        long longestNanos = longest.toNanos();
        long deafNanos = Math.min(deaf.toNanos(), longestNanos);
        while (!ended) {
            long slept = System.nanoTime() - begin;
            if (Thread.currentThread().isInterrupted()) {
                ended = true;
            } else if (slept >= longestNanos) {
                break;
            } else if (slept < deafNanos) {
                LockSupport.parkNanos(this, deafNanos - slept);
            } else if (listener == null) {
                // Before it looks for news: who has news afterwards sees the listener.
                listener = Thread.currentThread();
            } else if (news) {
                break;
            } else {
                LockSupport.parkNanos(this, longestNanos - slept);
            }
        }
        listener = null;
    }
}
