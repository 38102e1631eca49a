package org.brokerhandoff.audit;

/** Receives the progress of a verification. Called by several threads. */
public interface VerifyProgress {
    /** Reports nothing. */
    VerifyProgress NONE = new VerifyProgress() {
        @Override
        public void begins(long records, int partitions) {}

        @Override
        public void read(long records) {}

        @Override
        public void judged(int partition) {}

        @Override
        public void beginsAnew(String why) {}
    };

    /** This many records are about to be read. */
    void begins(long records, int partitions);

    /** This many more were read. */
    void read(long records);

    /** The signups of a partition were judged. */
    void judged(int partition);

    /** The state is unusable, and everything is verified. */
    void beginsAnew(String why);
}
