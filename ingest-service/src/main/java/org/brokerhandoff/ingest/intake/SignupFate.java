package org.brokerhandoff.ingest.intake;

/** What the log says became of a signup whose custody slot is gone. */
public enum SignupFate {
    /** Nothing: it was never published, or its consent at most. */
    UNKNOWN,
    /** It was taken up: handed on, refused by brokers, or withdrawn. */
    TAKEN_UP,
    /** Its key was destroyed at its expiry, without a hand-off. */
    EXPIRED
}
