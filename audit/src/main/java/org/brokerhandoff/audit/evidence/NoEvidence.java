package org.brokerhandoff.audit.evidence;

/** No evidence can be made; says why. This does not mean that the log is faulty, unless the message says so. */
public final class NoEvidence extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean contradicts;

    private NoEvidence(String message, boolean contradicts) {
        super(message);
        this.contradicts = contradicts;
    }

    static NoEvidence missing(String what) {
        return new NoEvidence(what, false);
    }

    static NoEvidence contradiction(String what) {
        return new NoEvidence(what, true);
    }

    /** Whether topics and ledger contradict each other. */
    public boolean isContradiction() {
        return contradicts;
    }
}
