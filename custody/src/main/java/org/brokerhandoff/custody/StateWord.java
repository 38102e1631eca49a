package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * The 64 bits of a slot on which every change of state is one compare-and-set:
 * {@code state 4 | reason 3 | recorded 1 | attempt 8 | broker 24 | generation 24}, highest bits first. While the slot has a key, the three
 * bits of the reason count its prolongations instead, from 7 on to 1; 0: it has none.
 */
final class StateWord {
    static final int FREE = 0;
    static final int CLAIMED = 1;
    static final int HELD = 2;
    /**
     * Offered, but the sync that makes it durable is not known to have happened. Without this a process killed between
     * the change and its sync would leave a slot that looks safely offered; the next attempt would skip the sync, and a
     * power cut after it could turn the slot back to "never offered" although a broker has the data.
     */
    static final int OFFERING = 3;

    static final int OFFERED = 4;
    static final int ERASING = 5;
    static final int ERASED = 6;
    /** Held, and no broker may be offered it. */
    static final int RESTRICTED = 7;
    /** Offered, and no further attempt may start. */
    static final int OFFER_RESTRICTED = 8;

    static final int MAXIMUM_GENERATION = 0xFF_FFFF;
    static final int MAXIMUM_ATTEMPT = 255;

    private static final int STATE_SHIFT = 60;
    private static final int REASON_SHIFT = 57;
    private static final int REASON_BITS = 7;
    private static final long RECORDED = 1L << 56;
    private static final int ATTEMPT_SHIFT = 48;
    private static final int BROKER_SHIFT = 24;
    private static final long BITS_24 = 0xFF_FFFFL;

    private StateWord() {}

    static int state(long word) {
        return (int) (word >>> STATE_SHIFT);
    }

    static int generation(long word) {
        return (int) (word & BITS_24);
    }

    static int attempt(long word) {
        return (int) (word >>> ATTEMPT_SHIFT) & 0xFF;
    }

    static BrokerTag broker(long word) {
        return new BrokerTag((int) (word >>> BROKER_SHIFT & BITS_24));
    }

    static Optional<EraseReason> reason(long word) {
        return live(word) ? Optional.empty() : EraseReason.ofCode((int) (word >>> REASON_SHIFT) & REASON_BITS);
    }

    /** Whether a slot with a key was prolonged: until when, its field says. */
    static boolean prolonged(long word) {
        return live(word) && (word >>> REASON_SHIFT & REASON_BITS) != 0;
    }

    /** Prolonged again: another word than before, so that a change decided by the earlier one fails. */
    static long prolong(long liveWord) {
        long next = (liveWord >>> REASON_SHIFT & REASON_BITS) % REASON_BITS + 1;
        return (liveWord & ~((long) REASON_BITS << REASON_SHIFT)) | next << REASON_SHIFT;
    }

    static boolean recorded(long word) {
        return (word & RECORDED) != 0;
    }

    /** Whether the slot belongs to a signup: its fields are filled and fixed. */
    static boolean occupied(long word) {
        int state = state(word);
        return state >= HELD && state <= OFFER_RESTRICTED;
    }

    /** Whether the slot has a key to give. */
    static boolean live(long word) {
        int state = state(word);
        return (state >= HELD && state <= OFFERED) || restricted(word);
    }

    /** Whether the slot has a key that may not be used for another attempt. */
    static boolean restricted(long word) {
        int state = state(word);
        return state == RESTRICTED || state == OFFER_RESTRICTED;
    }

    /** A state this version does not write: the file is damaged, or newer. */
    static boolean unknown(long word) {
        return state(word) > OFFER_RESTRICTED;
    }

    /** The state as the outside sees it; only for words that are not {@link #unknown}. */
    static SlotState visibleState(long word) {
        return switch (state(word)) {
            case FREE -> SlotState.FREE;
            case CLAIMED -> SlotState.CLAIMED;
            case HELD, RESTRICTED -> SlotState.HELD;
            case OFFERING, OFFERED, OFFER_RESTRICTED -> SlotState.OFFERED;
            case ERASING -> SlotState.ERASING;
            case ERASED -> SlotState.ERASED;
            default -> throw new IllegalArgumentException("state " + state(word));
        };
    }

    static long free(long word) {
        return word & BITS_24;
    }

    /** The claim of a free slot's next generation; 0 is left out, so that a slot never used is told from any used one. */
    static long claimed(long freeWord) {
        int generation = generation(freeWord);
        return withState(generation == MAXIMUM_GENERATION ? 1 : generation + 1, CLAIMED);
    }

    static long held(long claimedWord) {
        return withState(claimedWord, HELD);
    }

    /** Offered to a broker for the first time, or to the next one. */
    static long offering(long word, BrokerTag broker) {
        long cleared = nextAttempt(word) & ~(BITS_24 << BROKER_SHIFT);
        return withState(cleared | (long) broker.value() << BROKER_SHIFT, OFFERING);
    }

    /** One attempt more at the same broker. */
    static long nextAttempt(long word) {
        return attempt(word) == MAXIMUM_ATTEMPT ? word : word + (1L << ATTEMPT_SHIFT);
    }

    static long offered(long offeringWord) {
        return withState(offeringWord, OFFERED);
    }

    /**
     * Restricted, from any state that has a key. That an offer was not known to be synced is forgotten: an offer after
     * the restriction was lifted syncs the word as it is then.
     */
    static long restrict(long liveWord) {
        int state = state(liveWord);
        return withState(liveWord, state == HELD || state == RESTRICTED ? RESTRICTED : OFFER_RESTRICTED);
    }

    /** As it was before the restriction. */
    static long lifted(long restrictedWord) {
        return withState(restrictedWord, state(restrictedWord) == RESTRICTED ? HELD : OFFERED);
    }

    static long erasing(long word, EraseReason reason) {
        return (withState(word, ERASING) & ~((long) REASON_BITS << REASON_SHIFT))
                | (long) reason.code() << REASON_SHIFT;
    }

    static long erased(long erasingWord) {
        return withState(erasingWord, ERASED);
    }

    static long withRecorded(long word) {
        return word | RECORDED;
    }

    static boolean equalButForRecorded(long a, long b) {
        return (a | RECORDED) == (b | RECORDED);
    }

    private static long withState(long word, int state) {
        return (word & ~(0xFL << STATE_SHIFT)) | (long) state << STATE_SHIFT;
    }
}
