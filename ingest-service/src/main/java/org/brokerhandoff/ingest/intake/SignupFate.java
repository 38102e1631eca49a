package org.brokerhandoff.ingest.intake;

/** State of a signup whose custody slot is gone, by the log. */
public enum SignupFate {
    /** The log does not know it. */
    UNKNOWN,
    /** It was taken by the router: handed over, refused by brokers, or withdrawn. */
    TAKEN_UP,
    /**
     * The id is used up, without a hand-off: its key was destroyed at its expiry or because its record could not be read, whether or not its
     * consent had been published; or its consent is published and its key is lost.
     */
    SPENT
}
