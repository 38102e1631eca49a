package org.brokerhandoff.quickstart;

import java.io.PrintStream;
import java.util.Locale;

/** Progress for a person: one line that changes on a terminal, a line now and then elsewhere. */
public final class ProgressLine {
    private static final long QUIET_PERIOD_MILLIS = 3_000;

    private final PrintStream out;
    private final boolean terminal;
    private final long startedMillis = System.currentTimeMillis();
    private long lastMillis;
    private boolean open;

    /** Progress on {@code out}. */
    public ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A step that is reported for good. */
    public synchronized void step(String text) {
        finishLine();
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.currentTimeMillis() - startedMillis) / 1000.0, text);
        out.flush();
    }

    /** A state that the next one replaces. */
    public synchronized void now(String text) {
        if (terminal) {
            out.printf(
                    Locale.ROOT, "\r%6.1f s  %s\u001b[K", (System.currentTimeMillis() - startedMillis) / 1000.0, text);
            out.flush();
            open = true;
        } else if (System.currentTimeMillis() - lastMillis >= QUIET_PERIOD_MILLIS) {
            lastMillis = System.currentTimeMillis();
            step(text);
        }
    }

    private void finishLine() {
        if (open) {
            out.print("\r\u001b[K");
            open = false;
        }
    }
}
