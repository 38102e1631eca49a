package org.brokerhandoff.ledger.evidence;

/** Bytes that are not a bundle, or one of a version unknown to this program. */
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

    /** Whether a newer program may be able to read it, so that it is undecided; otherwise it is not evidence. */
    public boolean isNewer() {
        return newer;
    }
}
