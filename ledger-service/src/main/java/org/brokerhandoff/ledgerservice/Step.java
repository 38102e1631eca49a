package org.brokerhandoff.ledgerservice;

/** The arrows between the steps of a round: where the process may die, and what exists then. */
enum Step {
    /** (a) The kept topics are read; nothing is written. */
    READ,
    /** (b) The entry is computed; nothing is written. */
    COMPUTED,
    /** (c) The entry is in the topic. */
    PUBLISHED,
    /** (d) Entry and tiles are in the folder. */
    WRITTEN,
    /** (e) The folder says that this size may be signed. */
    MAY_BE_SIGNED,
    /** (f) The checkpoint is signed and with its copies elsewhere, not yet in the topic. */
    COPIED,
    /** (f) The checkpoint is in the topic, not yet in the folder. */
    SIGNED,
    /** (f) Witnesses have been asked; what they cosigned is nowhere yet. */
    WITNESSED;

    /** Receives each arrow that a round passes. */
    interface Observer {
        /** Observes nothing. */
        Observer NONE = step -> {};

        void passed(Step step);
    }
}
