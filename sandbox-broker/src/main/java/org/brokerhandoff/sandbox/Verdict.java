package org.brokerhandoff.sandbox;

/** What became of one handoff, as the broker sees it. */
public enum Verdict {
    /** Taken, for the first time. */
    ACCEPTED,
    /** Taken at an earlier arrival already. */
    DUPLICATE,
    /** Rejected for a business reason (409 or 422). */
    REFUSED,
    /** Neither taken nor refused: an error status, a redirect, a dropped connection. */
    FAILED
}
