package org.brokerhandoff.sandbox;

/** Outcome of one handoff, for the broker. */
public enum Verdict {
    /** Accepted, for the first time. */
    ACCEPTED,
    /** Accepted at an earlier arrival already. */
    DUPLICATE,
    /** Rejected for a business reason (409 or 422). */
    REFUSED,
    /** Neither accepted nor refused: an error status, a redirect, a dropped connection. */
    FAILED
}
