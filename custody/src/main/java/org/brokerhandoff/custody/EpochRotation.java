package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new epoch key; every live key wrapped under it; the old epoch keys destroyed. In this order, each step durable before
 * the next: the process that takes over after a crash reads from the keyset how far it came, and continues.
 */
final class EpochRotation {
    /** Held during a rotation and while a channel of a slot file is closed, which would drop the rotation's file lock. */
    static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private static final Logger LOG = LoggerFactory.getLogger(EpochRotation.class);
    /** Slots between two syncs: so many dirty pages do not hold up the syncs of holds that fall in between. */
    private static final int SLOTS_PER_SYNC = 1024;

    private final FileChannel channel;
    private final SlotRegion region;
    private final SlotReader reader;
    private final KeyWrap keyWrap;
    private final SyncGroup syncGroup;
    private final @Nullable RotatingKeyset keyset;
    private final FaultPoints faultPoints;
    /** Slots whose key no epoch opened in the last pass, and since when; under {@link #IN_PROCESS}. */
    private final Map<SlotReference, Instant> unreadableSince = new HashMap<>();

    /** What a pass over all slots did. */
    private record Pass(int rewrapped, Set<SlotReference> unreadable) {}

    private enum Slot {
        AS_IT_SHOULD_BE,
        REWRAPPED,
        UNREADABLE
    }

    EpochRotation(
            FileChannel channel,
            SlotRegion region,
            SlotReader reader,
            KeyWrap keyWrap,
            SyncGroup syncGroup,
            KeysetSource keyset,
            FaultPoints faultPoints) {
        this.channel = channel;
        this.region = region;
        this.reader = reader;
        this.keyWrap = keyWrap;
        this.syncGroup = syncGroup;
        this.keyset = keyset instanceof RotatingKeyset rotating ? rotating : null;
        this.faultPoints = faultPoints;
    }

    RotationOutcome rotate(Instant now, Duration interval) {
        RotatingKeyset rotating = keyset;
        if (rotating == null) {
            return new RotationOutcome.Fixed();
        }
        CustodyException refusal = syncGroup.refusal();
        if (refusal != null) {
            throw refusal;
        }
        if (!IN_PROCESS.tryLock()) {
            return new RotationOutcome.Elsewhere();
        }
        try (FileLock lock = channel.tryLock(1, 1, false)) {
            return lock == null ? new RotationOutcome.Elsewhere() : rotateAlone(rotating, now, interval);
        } catch (CustodyException e) {
            // A keyset that could not be synced may look on the next try as if it had been.
            throw syncGroup.fail(new CustodyException("the rotation of the epoch keys failed", e));
        } catch (IOException | UncheckedIOException e) {
            // Too many open files, no locks left: nothing was synced, so the next try starts from what is there.
            String why = "the rotation of the epoch keys is postponed: " + e.getMessage();
            throw new UncheckedIOException(why, new IOException(e));
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private RotationOutcome rotateAlone(RotatingKeyset rotating, Instant now, Duration interval) {
        if (rotating instanceof FileKeyset file) {
            file.clean();
        }
        int current = rotating.currentEpoch();
        boolean unfinished = rotating.epochs().size() > 1;
        if (!unfinished) {
            Instant createdAt = rotating.createdAt(current);
            Instant due = createdAt.plus(interval);
            // A clock that was set back must not put the rotation off.
            if (now.isBefore(due) && !createdAt.isAfter(now)) {
                return new RotationOutcome.NotDue(current, due);
            }
            rotating.prepare(now);
            faultPoints.reached(Step.EPOCH_KEY_SYNCED);
        }
        int newest = rotating.epochs().last();
        if (newest != current) {
            rotating.publish(newest);
        }
        faultPoints.reached(Step.EPOCH_PUBLISHED);
        // See SlotAllocation.isOfCurrentEpoch: from here on every hold either is seen or sees the new epoch.
        VarHandle.fullFence();
        Pass pass = rewrapAll(newest);
        int unreadable = pass.unreadable().size();
        if (!knownFor(interval, now, pass.unreadable())) {
            return new RotationOutcome.Withheld(newest, pass.rewrapped(), unreadable);
        }
        for (int epoch : rotating.epochs().headSet(newest)) {
            rotating.destroy(epoch);
            faultPoints.reached(Step.EPOCH_KEY_DESTROYED);
        }
        return new RotationOutcome.Rotated(newest, pass.rewrapped(), unreadable);
    }

    /**
     * Whether each of these slots was unreadable in every pass for so long. A safety delay against a process that misreads
     * a key; a permanently damaged slot must not keep old epochs forever.
     */
    private boolean knownFor(Duration interval, Instant now, Set<SlotReference> unreadable) {
        unreadableSince.keySet().retainAll(unreadable);
        boolean known = true;
        for (SlotReference slot : unreadable) {
            if (!unreadableSince.containsKey(slot)) {
                LOG.error("{} has a key that no epoch key opens; it is erased at its expiry", slot);
            }
            // The clock may have been set back.
            Instant since = unreadableSince.merge(slot, now, (first, other) -> first.isBefore(other) ? first : other);
            known &= !now.isBefore(since.plus(interval));
        }
        return known;
    }

    private Pass rewrapAll(int epoch) {
        int rewrapped = 0;
        Set<SlotReference> unreadable = new HashSet<>();
        int unsynced = 0;
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            switch (rewrap(slot, epoch)) {
                case REWRAPPED -> {
                    faultPoints.reached(Step.REWRAPPED);
                    rewrapped++;
                    unsynced++;
                }
                case UNREADABLE -> unreadable.add(new SlotReference(slot, StateWord.generation(region.word(slot))));
                default -> {}
            }
            if (unsynced == SLOTS_PER_SYNC) {
                sync();
                unsynced = 0;
            }
        }
        // Also without its own change: what a crashed rotation has rewrapped may not be durable.
        sync();
        faultPoints.reached(Step.REWRAP_SYNCED);
        return new Pass(rewrapped, unreadable);
    }

    private void sync() {
        try {
            syncGroup.synced(readBack -> readBack).join();
        } catch (CompletionException e) {
            throw new CustodyException("rewrapped keys could not be made durable; the old epoch stays", e);
        }
    }

    /**
     * Replaces the wrapping word by word, each against the word that was read: an erasure, which replaces them by zero,
     * therefore wins, and the slot's new content is not touched.
     */
    private Slot rewrap(int slot, int epoch) {
        byte[] unopened = null;
        while (true) {
            long before = region.word(slot);
            if (!StateWord.live(before) || reader.damaged(slot)) {
                return Slot.AS_IT_SHOULD_BE;
            }
            SlotReference reference = new SlotReference(slot, StateWord.generation(before));
            SlotView view = reader.view(slot, before);
            byte[] keyArea = region.keyArea(slot);
            VarHandle.acquireFence(); // the word is read again after the fields
            long after = region.word(slot);
            if (!StateWord.live(after) || StateWord.generation(after) != reference.generation()) {
                continue;
            }
            UUID id = view.signupId();
            long expiryMillis = view.expiry().toEpochMilli();
            if (KeyWrap.epoch(keyArea) == epoch && keyWrap.opens(keyArea, reference, id, expiryMillis)) {
                return Slot.AS_IT_SHOULD_BE;
            }
            Optional<DataKey> key = keyWrap.unwrap(keyArea, reference, id, expiryMillis);
            if (key.isPresent()) {
                byte[] rewrapped;
                try {
                    rewrapped = keyWrap.rewrap(key.get(), keyArea, epoch, reference, id, expiryMillis)
                            .orElseThrow(() -> new CustodyException("the keyset has lost its current epoch " + epoch));
                } finally {
                    key.get().destroy();
                }
                if (replace(slot, keyArea, rewrapped)) {
                    return Slot.REWRAPPED;
                }
            } else if (Arrays.equals(keyArea, unopened)) {
                return Slot.UNREADABLE;
            } else {
                unopened = keyArea;
            }
        }
    }

    private boolean replace(int slot, byte[] seen, byte[] next) {
        faultPoints.reached(Step.REWRAP_BEGUN);
        ByteBuffer seenWords = ByteBuffer.wrap(seen).order(ByteOrder.nativeOrder());
        ByteBuffer nextWords = ByteBuffer.wrap(next).order(ByteOrder.nativeOrder());
        // The last word names the epoch: it says "new" only when all the others are.
        for (int offset = 0; offset < SlotLayout.KEY_AREA_BYTES; offset += Long.BYTES) {
            long from = seenWords.getLong(offset);
            long to = nextWords.getLong(offset);
            if (from != to) {
                if (!region.changeField(slot, SlotLayout.KEY_AREA + offset, from, to)) {
                    return false;
                }
                faultPoints.reached(Step.REWRAP_WORD_WRITTEN);
            }
        }
        return true;
    }
}
