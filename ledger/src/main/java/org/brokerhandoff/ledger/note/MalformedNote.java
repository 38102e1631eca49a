package org.brokerhandoff.ledger.note;

/** A text that violates its format. The message names the rule, and quotes nothing received from a peer. */
public final class MalformedNote extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedNote(String message) {
        super(message);
    }
}
