package org.brokerhandoff.custody;

import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads slots consistently while others change them: the state word, then the fields, then the word again. An occupied
 * slot's id, expiry and checksum do not change, so it is enough that the generation is the same; for the rest the whole
 * word must be.
 */
final class SlotReader {
    private static final Logger LOG = LoggerFactory.getLogger(SlotReader.class);

    private final SlotRegion region;
    private final KeyWrap keyWrap;

    SlotReader(SlotRegion region, KeyWrap keyWrap) {
        this.region = region;
        this.keyWrap = keyWrap;
    }

    Optional<DataKey> key(SlotReference slot, UUID signupId) {
        byte[] unopened = null;
        while (region.has(slot.slot())) {
            long before = region.word(slot.slot());
            if (!StateWord.live(before) || StateWord.generation(before) != slot.generation()) {
                return Optional.empty();
            }
            UUID id = signupId(slot.slot());
            long expiryMillis = region.field(slot.slot(), SlotLayout.EXPIRY);
            long checksum = region.field(slot.slot(), SlotLayout.CHECKSUM);
            byte[] keyArea = region.keyArea(slot.slot());
            VarHandle.acquireFence(); // the word is read again after the fields
            long after = region.word(slot.slot());
            if (!StateWord.live(after)
                    || StateWord.generation(after) != slot.generation()
                    || !id.equals(signupId)
                    || checksum != SlotLayout.checksum(slot.slot(), slot.generation(), id, expiryMillis)) {
                return Optional.empty();
            }
            Optional<DataKey> key = keyWrap.unwrap(keyArea, slot, signupId, expiryMillis);
            if (key.isPresent()) {
                return key;
            }
            // It may have been rewrapped since it was read, and its former epoch been destroyed: then
            // it reads differently.
            if (Arrays.equals(keyArea, unopened)) {
                LOG.error("{} has a key that cannot be unwrapped (epoch {})", slot, KeyWrap.epoch(keyArea));
                return Optional.empty();
            }
            unopened = keyArea;
        }
        return Optional.empty();
    }

    Optional<SlotView> read(SlotReference slot) {
        return sound(slot.slot()).filter(view -> view.reference().equals(slot));
    }

    Optional<SlotView> find(UUID signupId) {
        Optional<SlotView> erased = Optional.empty();
        long high = signupId.getMostSignificantBits();
        long low = signupId.getLeastSignificantBits();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (region.field(slot, SlotLayout.SIGNUP_ID_HIGH) == high
                    && region.field(slot, SlotLayout.SIGNUP_ID_LOW) == low) {
                Optional<SlotView> view =
                        sound(slot).filter(found -> found.signupId().equals(signupId));
                if (view.isPresent()) {
                    SlotState state = view.get().state();
                    if (state == SlotState.HELD || state == SlotState.OFFERED) {
                        return view;
                    }
                    erased = view;
                }
            }
        }
        return erased;
    }

    List<SlotView> erased() {
        List<SlotView> erased = new ArrayList<>();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (StateWord.state(region.word(slot)) == StateWord.ERASED && !damaged(slot)) {
                view(slot).filter(view -> view.state() == SlotState.ERASED).ifPresent(erased::add);
            }
        }
        return erased;
    }

    /** Whose slots are in use, those included that are damaged. */
    Set<UUID> signups() {
        Set<UUID> signups = new HashSet<>();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (StateWord.occupied(region.word(slot))) {
                // May have become someone else's since: one signup too many does no harm.
                signups.add(signupId(slot));
            }
        }
        return signups;
    }

    /** As {@link #view(int)}; empty if the checksum is wrong, because then nothing in the slot can be believed. */
    private Optional<SlotView> sound(int slot) {
        Optional<SlotView> view = view(slot);
        return view.isPresent() && damaged(slot) ? Optional.empty() : view;
    }

    /** What an occupied slot says, consistently: read again if the word changed during the reading. */
    Optional<SlotView> view(int slot) {
        if (!region.has(slot)) {
            return Optional.empty();
        }
        while (true) {
            long word = region.word(slot);
            if (!StateWord.occupied(word)) {
                return Optional.empty();
            }
            SlotView view = view(slot, word);
            VarHandle.acquireFence(); // the word is read again after the fields
            if (region.word(slot) == word) {
                return Optional.of(view);
            }
        }
    }

    /** What an occupied slot says, given its word; the caller sees to the consistency. */
    SlotView view(int slot, long word) {
        boolean erased = StateWord.state(word) == StateWord.ERASED;
        Instant expiry = Instant.ofEpochMilli(region.field(slot, SlotLayout.EXPIRY));
        return new SlotView(
                new SlotReference(slot, StateWord.generation(word)),
                StateWord.visibleState(word),
                StateWord.reason(word),
                StateWord.broker(word),
                StateWord.attempt(word),
                signupId(slot),
                expiry,
                LogPosition.decoded(region.field(slot, SlotLayout.POSITION)),
                erased ? Optional.of(Instant.ofEpochMilli(region.field(slot, SlotLayout.ERASED_AT))) : Optional.empty(),
                StateWord.recorded(word),
                StateWord.restricted(word),
                StateWord.prolonged(word) ? prolongedTo(slot).filter(expiry::isBefore) : Optional.empty());
    }

    private Optional<Instant> prolongedTo(int slot) {
        long seconds = SlotLayout.prolongedSeconds(
                region.field(slot, SlotLayout.CHECKSUM), region.field(slot, SlotLayout.PROLONGED));
        return seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
    }

    /** As {@link KeyCustody#usage}. */
    CustodyUsage usage(int maximumSlots, SyncGroup syncGroup) {
        int slots = region.refreshed();
        int live = 0;
        int restricted = 0;
        int prolonged = 0;
        int erased = 0;
        for (int slot = 0; slot < slots; slot++) {
            long word = region.word(slot);
            live += StateWord.live(word) ? 1 : 0;
            restricted += StateWord.live(word) && StateWord.restricted(word) ? 1 : 0;
            prolonged += StateWord.prolonged(word) && prolongedTo(slot).isPresent() ? 1 : 0;
            erased += StateWord.state(word) == StateWord.ERASED ? 1 : 0;
        }
        return new CustodyUsage(
                Math.min(slots, maximumSlots),
                maximumSlots,
                live,
                restricted,
                prolonged,
                erased,
                syncGroup.syncs(),
                syncGroup.changesSynced(),
                syncGroup.failed());
    }

    private UUID signupId(int slot) {
        return new UUID(region.field(slot, SlotLayout.SIGNUP_ID_HIGH), region.field(slot, SlotLayout.SIGNUP_ID_LOW));
    }

    /** The word of a slot that this signup occupies; 0, which is a free slot's, if it does not. */
    long occupiedWord(SlotReference slot, UUID signupId) {
        if (!region.has(slot.slot())) {
            return 0;
        }
        long before = region.word(slot.slot());
        if (!StateWord.occupied(before) || StateWord.generation(before) != slot.generation()) {
            return 0;
        }
        UUID id = signupId(slot.slot());
        VarHandle.acquireFence(); // the word is read again after the id
        long after = region.word(slot.slot());
        boolean same = StateWord.occupied(after) && StateWord.generation(after) == slot.generation();
        return same && id.equals(signupId) ? after : 0;
    }

    /** The word of a slot and what it said at that moment. */
    record Seen(long word, SlotView view) {}

    /** Null if the slot is not this signup's, or damaged, so that nothing it says can be believed. */
    @Nullable
    Seen seen(SlotReference slot, UUID signupId) {
        while (true) {
            long word = occupiedWord(slot, signupId);
            if (word == 0 || damaged(slot.slot())) {
                return null;
            }
            SlotView view = view(slot.slot(), word);
            if (occupiedWord(slot, signupId) == word) {
                return new Seen(word, view);
            }
        }
    }

    /**
     * Whether nothing that an occupied slot says can be believed, read consistently: its checksum is wrong, or its state is {@code
     * ERASED} and its key area is not zero, which only a damaged state word can bring about.
     */
    boolean damaged(int slot) {
        while (true) {
            long word = region.word(slot);
            if (!StateWord.occupied(word)) {
                return false;
            }
            long computed = SlotLayout.checksum(
                    slot, StateWord.generation(word), signupId(slot), region.field(slot, SlotLayout.EXPIRY));
            boolean wrong = computed != region.field(slot, SlotLayout.CHECKSUM)
                    || (StateWord.state(word) == StateWord.ERASED && !region.keyOverwritten(slot));
            VarHandle.acquireFence(); // the word is read again after the fields
            if (region.word(slot) == word) {
                return wrong;
            }
        }
    }
}
