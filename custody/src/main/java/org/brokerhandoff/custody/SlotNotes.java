package org.brokerhandoff.custody;

import java.util.UUID;
import java.util.function.LongPredicate;

/**
 * Notes in a slot in use, and its release. None of this is synced: it survives the death of a process, since the page belongs to the
 * kernel, but a power cut may lose it.
 */
final class SlotNotes {
    private final SlotRegion region;
    private final SlotReader reader;

    SlotNotes(SlotRegion region, SlotReader reader) {
        this.region = region;
        this.reader = reader;
    }

    /** As {@link KeyCustody#position}. */
    void position(SlotReference slot, UUID signupId, LogPosition position) {
        while (reader.occupiedWord(slot, signupId) != 0) {
            long before = region.field(slot.slot(), SlotLayout.POSITION);
            if (LogPosition.decoded(before)
                    .filter(known -> !position.isNewerThan(known))
                    .isPresent()) {
                // Ingest may be late: the router has perhaps parked the record already that ingest tells of.
                return;
            }
            if (region.changeField(slot.slot(), SlotLayout.POSITION, before, position.encoded())) {
                if (reader.occupiedWord(slot, signupId) == 0) {
                    // The slot was given to someone else between the check and the write: it is not their position.
                    region.changeField(slot.slot(), SlotLayout.POSITION, position.encoded(), LogPosition.NONE);
                }
                return;
            }
        }
    }

    /** As {@link KeyCustody#recorded}. */
    void recorded(SlotReference slot, UUID signupId) {
        changeOccupied(slot, signupId, word -> true, false);
    }

    /** As {@link KeyCustody#free}. */
    boolean free(SlotReference slot, UUID signupId) {
        // One whose state alone says that it is erased is left to the sweep, which destroys what it holds.
        return changeOccupied(
                slot,
                signupId,
                word -> StateWord.state(word) == StateWord.ERASED && region.keyOverwritten(slot.slot()),
                true);
    }

    private boolean changeOccupied(SlotReference slot, UUID signupId, LongPredicate allowed, boolean free) {
        while (true) {
            long word = reader.occupiedWord(slot, signupId);
            if (word == 0 || !allowed.test(word)) {
                return false;
            }
            long next = free ? StateWord.free(word) : StateWord.withRecorded(word);
            if (next == word || region.changeWord(slot.slot(), word, next)) {
                return true;
            }
        }
    }
}
