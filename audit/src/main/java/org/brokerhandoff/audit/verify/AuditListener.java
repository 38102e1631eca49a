package org.brokerhandoff.audit.verify;

/** Receives what an audit reads and judges, for figures besides its verdict. May be called by several threads. */
public interface AuditListener {
    /** Ignores everything. */
    AuditListener NONE = new AuditListener() {
        @Override
        public void read(KeptRecord record) {
            // Not needed.
        }

        @Override
        public void judged(Standing signup) {
            // Not needed.
        }
    };

    /** A record was read; those of one partition of a topic come in order, including repeats. */
    void read(KeptRecord record);

    /** A signup was judged; each comes once. */
    void judged(Standing signup);
}
