package org.brokerhandoff.custody;

import java.util.Optional;

/** Why a key was destroyed; the first reason is kept. */
public enum EraseReason {
    /** The broker accepted the person's data. */
    DELIVERED(1),
    /** The person withdrew their consent. */
    WITHDRAWN(2),
    /** The hard expiry passed. */
    EXPIRED(3),
    /** Every broker that was allowed refused. */
    UNDELIVERABLE(4),
    /** The event cannot be processed. */
    INVALID(5),
    /** Two of three cells had lost their shares before any broker was offered the signup: it cannot be opened any more. Never of a slot file. */
    LOST(6);

    /** The number in the state word: part of the file format, so not the ordinal. */
    private final int code;

    EraseReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<EraseReason> ofCode(int code) {
        for (EraseReason reason : values()) {
            if (reason.code == code) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
