package org.brokerhandoff.custody;

/** The steps between a slot's allocation and its release, and of a rotation, where crash tests stop the process. */
interface FaultPoints {
    /** The one for production: does nothing. */
    FaultPoints NONE = step -> {};

    /** What has just become true. */
    enum Step {
        CLAIMED,
        FIELDS_WRITTEN,
        HELD,
        HOLD_SYNCED,
        OFFERING,
        OFFER_SYNCED,
        RESTRICTED,
        RESTRICTION_SYNCED,
        LIFTED,
        PROLONGATION_WRITTEN,
        PROLONGED,
        PROLONGATION_SYNCED,
        ERASING,
        KEY_OVERWRITTEN,
        ERASURE_SYNCED,
        ERASED,
        FREED,
        CHUNK_WRITTEN,
        CHUNK_SYNCED,
        EPOCH_KEY_WRITTEN,
        EPOCH_KEY_SYNCED,
        EPOCH_PUBLISHED,
        REWRAP_BEGUN,
        REWRAP_WORD_WRITTEN,
        REWRAPPED,
        REWRAP_SYNCED,
        EPOCH_KEY_OVERWRITTEN,
        EPOCH_KEY_DESTROYED
    }

    /** Called when {@code step} is reached; a test may never return from it. */
    void reached(Step step);
}
