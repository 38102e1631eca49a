package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows on one line of a terminal how many records were read, the rate, and the remaining time; then which partitions are judged. */
final class TerminalProgress implements VerifyProgress {
    private static final long PAUSE_NANOS = 500_000_000;
    private static final int BAR = 30;

    /** Prefix, on a terminal or not, of the reason why a state is not used. */
    static final String ANEW = "everything is verified, not only what is new since the state: ";

    private final PrintWriter terminal;
    private final LongSupplier nanos;
    private long total;
    private int partitions;
    private long beganNanos;
    private long shownNanos;
    private long read;
    private int judged;

    /** On {@code terminal}, timed by {@code nanos}, such as {@link System#nanoTime}. */
    TerminalProgress(PrintWriter terminal, LongSupplier nanos) {
        this.terminal = terminal;
        this.nanos = nanos;
    }

    @Override
    public synchronized void begins(long records, int ofPartitions) {
        total = records;
        partitions = ofPartitions;
        beganNanos = nanos.getAsLong();
        shownNanos = beganNanos - PAUSE_NANOS;
        read = 0;
        judged = 0;
        read(0);
    }

    @Override
    public synchronized void read(long records) {
        read += records;
        long now = nanos.getAsLong();
        if (now - shownNanos >= PAUSE_NANOS) {
            shownNanos = now;
            show(reading(read, total, (now - beganNanos) / 1e9));
        }
    }

    @Override
    public synchronized void judged(int partition) {
        judged++;
        show("judged " + judged + " of " + partitions + " partitions");
    }

    @Override
    public synchronized void beginsAnew(String why) {
        show("");
        terminal.println(ANEW + why);
        terminal.flush();
    }

    /** Clears the line. */
    synchronized void end() {
        show("");
    }

    private void show(String line) {
        terminal.print("\r" + line + "\u001b[K");
        terminal.flush();
    }

    static String reading(long read, long total, double seconds) {
        double part = total == 0 ? 1 : Math.min(1, (double) read / total);
        int full = (int) (BAR * part);
        String line = String.format(
                Locale.ROOT, "[%s%s] %,d of %,d records", "=".repeat(full), " ".repeat(BAR - full), read, total);
        if (read == 0 || seconds <= 0) {
            return line;
        }
        double rate = read / seconds;
        return line + String.format(Locale.ROOT, ", %,d/s, %s left", (long) rate, left((total - read) / rate));
    }

    private static String left(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return whole < 60 ? whole + " s" : (whole + 30) / 60 + " min";
    }
}
