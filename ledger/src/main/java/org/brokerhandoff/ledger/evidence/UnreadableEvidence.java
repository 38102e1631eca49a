package org.brokerhandoff.ledger.evidence;

/** Bytes that are no bundle, or one of a version that this program does not know. */
public final class UnreadableEvidence extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean newer;

    private UnreadableEvidence(String message, boolean newer) {
        super(message);
        this.newer = newer;
    }

    static UnreadableEvidence malformed(String message) {
        return new UnreadableEvidence(message, false);
    }

    static UnreadableEvidence newer() {
        return new UnreadableEvidence("made by a newer version of this program", true);
    }

    /** Whether a newer program may be able to read it, so that nothing is known of it; otherwise it is no evidence. */
    public boolean isNewer() {
        return newer;
    }
}
