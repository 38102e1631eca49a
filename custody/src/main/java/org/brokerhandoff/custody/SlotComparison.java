package org.brokerhandoff.custody;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the slots in use when a file is opened with the log; used once, by one thread. */
final class SlotComparison implements PurgeHistory.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(SlotComparison.class);

    private final SlotRegion region;
    private final SlotReader reader;
    private final SlotErasure erasure;
    private final SlotFile custody;
    private final Set<UUID> live = new HashSet<>();
    private final Map<UUID, EraseReason> ended = new HashMap<>();
    private final Set<UUID> recordedWithdrawals = new HashSet<>();
    private final Set<UUID> restricted = new HashSet<>();
    private final Map<SlotReference, UUID> purged = new HashMap<>();
    private final List<CompletableFuture<Boolean>> discarding = new ArrayList<>();
    private int discarded;

    SlotComparison(SlotRegion region, SlotReader reader, SlotErasure erasure, SlotFile custody) {
        this.region = region;
        this.reader = reader;
        this.erasure = erasure;
        this.custody = custody;
    }

    /** Live slots that were purged already, and are destroyed again. */
    int discarded() {
        return discarded;
    }

    /** The signups that have a slot in use, and when each can have been received at the earliest. */
    Map<UUID, Instant> lookAtSlots(Duration longestHold) {
        Map<UUID, Instant> inUse = new HashMap<>();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (reader.damaged(slot)) {
                continue;
            }
            Optional<SlotView> view = reader.view(slot);
            if (view.isPresent()) {
                inUse.merge(
                        view.get().signupId(),
                        view.get().expiry().minus(longestHold),
                        BinaryOperator.minBy(Comparator.naturalOrder()));
                if (isLive(view.get())) {
                    live.add(view.get().signupId());
                }
            }
        }
        return inUse;
    }

    private static boolean isLive(SlotView view) {
        return view.state() == SlotState.HELD || view.state() == SlotState.OFFERED;
    }

    @Override
    public void purged(UUID signupId, int slot, int generation) {
        // A purge of an unreadable record may name any number.
        if (slot < 0 || generation <= 0 || generation > StateWord.MAXIMUM_GENERATION) {
            return;
        }
        SlotReference reference = new SlotReference(slot, generation);
        long word = reader.occupiedWord(reference, signupId);
        while (word != 0 && StateWord.state(word) != StateWord.ERASED) {
            CompletableFuture<Boolean> done = erasure.discard(slot, word);
            if (done != null) {
                discarded += StateWord.live(word) ? 1 : 0;
                discarding.add(done.whenComplete((freed, failure) -> custody.freed(slot)));
                break;
            }
            word = reader.occupiedWord(reference, signupId);
        }
        if (word != 0) {
            purged.put(reference, signupId);
        }
    }

    @Override
    public void ended(UUID signupId, EraseReason reason) {
        if (live.contains(signupId)) {
            if (reason == EraseReason.WITHDRAWN) {
                recordedWithdrawals.add(signupId);
            }
            // As the router decides: what was delivered is that, whatever else became known of it.
            ended.merge(signupId, reason, BinaryOperator.minBy(Comparator.naturalOrder()));
        }
    }

    @Override
    public void erasureRequested(UUID signupId) {
        if (live.contains(signupId)) {
            ended.merge(signupId, EraseReason.WITHDRAWN, BinaryOperator.minBy(Comparator.naturalOrder()));
        }
    }

    @Override
    public void restricted(UUID signupId) {
        if (live.contains(signupId)) {
            restricted.add(signupId);
        }
    }

    /**
     * Which of the signups that the log calls restricted are not, and when each can have been received at the earliest. Custody comes before
     * the log, so a slot whose request was read has been restricted before: now that it is not, either the file is an older copy, or the
     * restriction was lifted, after a refusal that may stand behind what was read. So the log has to be read to its end again for these.
     */
    Map<UUID, Instant> unrestricted(Duration longestHold) {
        Map<UUID, Instant> doubtful = new HashMap<>();
        int slots = restricted.isEmpty() ? 0 : region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            SlotView view = reader.damaged(slot) ? null : reader.view(slot).orElse(null);
            if (view != null && isLive(view) && !view.restricted() && restricted.contains(view.signupId())) {
                doubtful.put(view.signupId(), view.expiry().minus(longestHold));
            }
        }
        restricted.clear();
        live.retainAll(doubtful.keySet());
        return doubtful;
    }

    /** After the log was read to its end: a slot whose purge came late in it must not be erased for another one. */
    void finish() {
        CompletableFuture.allOf(discarding.toArray(CompletableFuture[]::new)).join();
        // Erased before, or by a sweep that came between.
        purged.forEach(custody::free);
        List<CompletableFuture<EraseOutcome>> erasing = new ArrayList<>();
        List<CompletableFuture<RestrictOutcome>> restricting = new ArrayList<>();
        int slots = ended.isEmpty() && restricted.isEmpty() ? 0 : region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            SlotView view = reader.damaged(slot) ? null : reader.view(slot).orElse(null);
            if (view == null || !isLive(view)) {
                continue;
            }
            EraseReason reason = ended.get(view.signupId());
            if (reason != null) {
                if (reason == EraseReason.WITHDRAWN && recordedWithdrawals.contains(view.signupId())) {
                    // The log has the event: it must not be published again.
                    var unused = custody.recorded(view.reference(), view.signupId());
                }
                erasing.add(erasure.erase(view.reference(), view.signupId(), reason));
            } else if (restricted.contains(view.signupId())) {
                restricting.add(
                        custody.restrict(view.reference(), view.signupId()).toCompletableFuture());
            }
        }
        CompletableFuture.allOf(erasing.toArray(CompletableFuture[]::new)).join();
        CompletableFuture.allOf(restricting.toArray(CompletableFuture[]::new)).join();
        if (discarded > 0) {
            LOG.warn("{} purged slots had come back with an older copy of the file; destroyed again", discarded);
        }
        if (!erasing.isEmpty()) {
            LOG.info("{} keys still existed although their signups have ended in the log; erased", erasing.size());
        }
        if (!restricting.isEmpty()) {
            LOG.warn(
                    "{} signups had come back unrestricted with an older copy of the file; restricted again",
                    restricting.size());
        }
    }
}
