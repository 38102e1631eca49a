package org.brokerhandoff.audit.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which generations of which slots have had a purge, over all partitions. A bit for each: a slot's generations follow one another, so that
 * millions of signups fit.
 */
final class SlotUses {
    private final CustodyStarts starts;
    private final Map<Word, Long> purged = new HashMap<>();

    /** 64 generations of one slot, in the time between two starts of services. */
    private record Word(int slot, int number, int starts) {}

    SlotUses(CustodyStarts starts) {
        this.starts = starts;
    }

    /** Takes in that the key of a slot's generation was destroyed; whether that is known of another signup already. */
    boolean taken(int slot, int generation, long keyErasedAtMillis) {
        OptionalInt before = starts.before(keyErasedAtMillis);
        if (!starts.oneSlotFile() || before.isEmpty()) {
            return false;
        }
        Word word = new Word(slot, generation >> 6, before.getAsInt());
        long bit = 1L << (generation & 63);
        long known = purged.getOrDefault(word, 0L);
        purged.put(word, known | bit);
        return (known & bit) != 0;
    }
}
