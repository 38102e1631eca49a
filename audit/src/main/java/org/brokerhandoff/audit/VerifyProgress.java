package org.brokerhandoff.audit;

/** Hears how far a verification has come. Called by several threads. */
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

    /** So many records are about to be read. */
    void begins(long records, int partitions);

    /** So many more were read. */
    void read(long records);

    /** The signups of a partition were judged. */
    void judged(int partition);

    /** A state cannot be gone on from, and everything is verified. */
    void beginsAnew(String why);
}
