package org.brokerhandoff.audit.verify;

/** Hears of what an audit reads and judges, for figures beside its verdict. Several threads may tell it. */
public interface AuditListener {
    /** Is told nothing. */
    AuditListener NONE = new AuditListener() {
        @Override
        public void read(KeptRecord record) {
            // Figures are of no interest.
        }

        @Override
        public void judged(Standing signup) {
            // Figures are of no interest.
        }
    };

    /** A record was read; those of one partition of a topic come in their order, repeats among them. */
    void read(KeptRecord record);

    /** All that the log says of a signup was judged; each comes once. */
    void judged(Standing signup);
}
