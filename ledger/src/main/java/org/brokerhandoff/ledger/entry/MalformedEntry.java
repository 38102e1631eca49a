package org.brokerhandoff.ledger.entry;

/** Bytes that are not a leaf, or a text that is not an entry. The message names the rule and, for a text, the line. */
public final class MalformedEntry extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedEntry(String message) {
        super(message);
    }
}
