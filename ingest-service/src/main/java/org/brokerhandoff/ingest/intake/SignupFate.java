package org.brokerhandoff.ingest.intake;

/** What the log says became of a signup whose custody slot is gone. */
public enum SignupFate {
    /** The log does not know it. */
    UNKNOWN,
    /** It was taken up: handed over, refused by brokers, or withdrawn. */
    TAKEN_UP,
    /**
     * The id is used up, without a hand-off: its key was destroyed at its expiry or because its record could not be read, whether
     * its consent had been published or not; or its consent stands there and its key is lost.
     */
    SPENT
}
