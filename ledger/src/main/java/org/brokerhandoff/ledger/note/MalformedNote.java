package org.brokerhandoff.ledger.note;

/** A text that is not what its format says. The message names the rule, and quotes nothing that a peer sent. */
public final class MalformedNote extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedNote(String message) {
        super(message);
    }
}
