package org.brokerhandoff.custody.cells.rules;

/** What a cell has under a handle. */
public enum CellContent {
    /** A share. */
    SHARE,
    /** Zeros: the share was destroyed, or may not be put there. */
    ZEROS,
    /** Nothing: never put there, lost in a restart, or expired. */
    NOTHING,
    /** The cell has not answered, or is not fit. */
    UNKNOWN
}
