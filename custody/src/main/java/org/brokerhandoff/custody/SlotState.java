package org.brokerhandoff.custody;

/** State of a slot in its life cycle. */
public enum SlotState {
    /** Holds nothing and may be used. */
    FREE,
    /** Being written by {@code hold}. */
    CLAIMED,
    /** Holds a key; no broker was offered the person's data. */
    HELD,
    /** Holds a key; a broker may have been sent the person's data. */
    OFFERED,
    /** The key is being overwritten; the overwriting is not yet known to be on the medium. */
    ERASING,
    /** The key was overwritten, synced and read back as zero; waits for its purge event. */
    ERASED
}
