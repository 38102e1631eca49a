package org.brokerhandoff.custody.cells.cell;

/** What came of bringing a share to a cell. */
public enum PutOutcome {
    /** It has it. */
    TAKEN,
    /** It has something under that handle: the share, or zeros; or no room. */
    REFUSED,
    /** It did not answer in time, has no connection, or is not fit. */
    UNANSWERED
}
