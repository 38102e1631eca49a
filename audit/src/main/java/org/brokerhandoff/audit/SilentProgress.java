package org.brokerhandoff.audit;

import java.io.PrintWriter;

/** For a run without a terminal: reports only what is worth a log line. */
record SilentProgress(PrintWriter err) implements VerifyProgress {
    @Override
    public void begins(long records, int partitions) {}

    @Override
    public void read(long records) {}

    @Override
    public void judged(int partition) {}

    @Override
    public void beginsAnew(String why) {
        err.println(TerminalProgress.ANEW + why);
        err.flush();
    }
}
