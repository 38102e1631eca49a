package org.brokerhandoff.custody;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.time.HostClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Custody in a file of fixed slots, mapped into memory and overwritten in place. Processes on one host share the file
 * without a server: each change of state is a compare-and-set on the mapped state word. docs/custody.md has the layout,
 * the life of a slot and what a crash loses.
 */
public final class SlotFile implements KeyCustody {
    private static final Logger LOG = LoggerFactory.getLogger(SlotFile.class);
    private final Path file;
    private final int maximumSlots;
    private final FileChannel channel;
    private final KeysetSource keyset;
    private final SlotRegion region;
    private final ZeroCheck zeroCheck;
    private final SyncGroup syncGroup;
    private final SlotFileTrust trust;
    private final SlotReader reader;
    private final SlotErasure erasure;
    private final SlotOffers offers;
    private final SlotRestriction restriction;
    private final SlotProlongation prolongation;
    private final SlotAllocation allocation;
    private final SlotSweep sweep;
    private final EpochRotation rotation;
    private final SlotNotes notes;
    private final SlotServing serving;

    /** Replacements for the real parts in tests. */
    record Parts(SyncGroup.@Nullable Target syncTarget, FaultPoints faultPoints) {
        static final Parts REAL = new Parts(null, FaultPoints.NONE);
    }

    private SlotFile(
            Path file,
            SlotFileHeader header,
            CustodySettings settings,
            FileChannel channel,
            KeysetSource keyset,
            InstantSource clock,
            Parts parts)
            throws IOException {
        this.file = file;
        this.maximumSlots = settings.maximumSlots();
        this.channel = channel;
        this.keyset = keyset;
        FaultPoints faultPoints = parts.faultPoints();
        this.region = new SlotRegion(channel, header.chunkSlots());
        SlotControl control = new SlotControl(channel);
        SlotFileMarks marks = new SlotFileMarks(channel, control);
        control.tie(file, header, keyset);
        control.requireAllChunks(file, header, region);
        // force(false) is fdatasync, which on Linux also writes the pages that were changed through the mapping.
        RestoreGuard guard = new RestoreGuard(
                file,
                channel,
                control,
                keyset,
                region,
                parts.syncTarget() != null ? parts.syncTarget() : () -> channel.force(false));
        this.zeroCheck = new ZeroCheck(file, channel);
        this.syncGroup = new SyncGroup(guard, zeroCheck, settings.gathering());
        this.trust = new SlotFileTrust(file, guard, syncGroup);
        KeyWrap keyWrap = new KeyWrap(keyset);
        this.reader = new SlotReader(region, keyWrap);
        this.erasure = new SlotErasure(region, reader, syncGroup, clock, faultPoints);
        this.offers = new SlotOffers(region, reader, trust, syncGroup, faultPoints);
        this.restriction = new SlotRestriction(file, channel, region, reader, syncGroup, faultPoints);
        this.prolongation = new SlotProlongation(file, channel, region, reader, syncGroup, clock, faultPoints);
        SlotGrowth growth =
                new SlotGrowth(channel, header.chunkSlots(), maximumSlots, region, control, syncGroup, faultPoints);
        FreeSlots freeSlots = new FreeSlots(region, header.chunkSlots(), maximumSlots, growth::grown);
        this.allocation = new SlotAllocation(growth, region, freeSlots, keyWrap, syncGroup, erasure, faultPoints);
        this.sweep = new SlotSweep(region, reader, erasure);
        this.rotation = new EpochRotation(channel, region, reader, keyWrap, syncGroup, keyset, faultPoints);
        this.notes = new SlotNotes(region, reader);
        this.serving = new SlotServing(file, marks, guard, trust, !region.anyOccupied());
    }

    /**
     * Opens the slot file, or creates it; processes may race to create it. If slots are in use, no key is given out before
     * {@link #serveKeysAfter}: the file may be an older copy, and hold keys that were destroyed.
     *
     * @throws CustodyException if the file is not a slot file that this version can read, or belongs to another keyset;
     *     says what was found
     * @throws UncheckedIOException if it cannot be opened
     */
    public static SlotFile open(CustodySettings settings, KeysetSource keyset) {
        return open(settings, keyset, HostClock.wallClock());
    }

    /** As {@link #open(CustodySettings, KeysetSource)}; {@code clock} gives the times of erasures. */
    public static SlotFile open(CustodySettings settings, KeysetSource keyset, InstantSource clock) {
        return open(settings, keyset, clock, Parts.REAL);
    }

    static SlotFile open(CustodySettings settings, KeysetSource keyset, InstantSource clock, Parts parts) {
        Path file = settings.file().toAbsolutePath();
        try {
            if (!PrivateFile.exists(file)) {
                SlotFileHeader.create(file, settings.initialSlots());
            }
            PrivateFile.requireRegular(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try {
                SlotFileHeader header = SlotFileHeader.read(channel, file);
                SlotFile opened = new SlotFile(file, header, settings, channel, keyset, clock, parts);
                opened.allocation.growTo(settings.initialSlots());
                opened.logOpened(header);
                return opened;
            } catch (IOException | RuntimeException e) {
                closeLocked(channel);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("slot file " + file, e);
        }
    }

    /**
     * Has the stages of this custody complete on {@code executor} instead of on a separate thread. With {@code Runnable::run} they complete on
     * the thread that syncs: what depends on them may only hand over to other threads then.
     */
    public void completeOn(Executor executor) {
        syncGroup.completeOn(executor);
    }

    /**
     * Makes another file durable by the same waits: {@code companion} is called before each sync of the slots, on the one thread that syncs. What
     * was written to that file before a change of this custody began has been synced when the change's stage completes, unless the
     * companion failed. It must not throw, and has to say itself what it could not sync: the slots do not depend on it.
     */
    public void syncWith(Runnable companion) {
        syncGroup.syncWith(companion);
    }

    private void logOpened(SlotFileHeader header) {
        long damaged =
                IntStream.range(0, region.slots()).filter(reader::damaged).count();
        LOG.info(
                "slot file {} ({}), {} slots, may grow to {}, read back {}",
                file,
                header.fileId(),
                region.slots(),
                maximumSlots,
                zeroCheck.readBack());
        if (damaged > 0) {
            LOG.error("{} slots have a wrong checksum; the next sweep destroys what they hold", damaged);
        }
    }

    /**
     * Serves keys from here on, after destroying what an older copy of the file has brought back. A live slot that a purge
     * in the log names is overwritten and freed, without another purge event; an erased one is freed. A live slot of a
     * signup whose end the log has, but not its purge, is erased with that reason: its purge is still to be published. The
     * log is read from the last {@link #mark} in the file, or, if there is none or the file is known to be an older copy, from the
     * earliest moment at which the signup of a slot in use can have been received; not at all if none is in use. Blocks; may be
     * repeated if it fails.
     *
     * @param longestHold no signup's key expires later than this after the signup was received
     * @return live slots that were purged already
     * @throws RuntimeException if the log cannot be read, or an erasure not be made durable: keys are not served then
     */
    public int serveKeysAfter(PurgeHistory purges, Duration longestHold) {
        return serving.serveAfter(new SlotComparison(region, reader, erasure, this), purges, longestHold);
    }

    /**
     * Notes how far the log was at some moment before this call: the next start compares the slots with what comes after. The
     * slots of this process agreed with the log then, or agree by what they say themselves. Does nothing before keys are served.
     *
     * @param logPosition in the words of the {@link PurgeHistory}; up to 28,644 bytes, or it is not noted
     * @throws CustodyException if the file was changed from outside
     * @throws UncheckedIOException if it cannot be written
     */
    public void mark(byte[] logPosition) {
        if (!failed()) {
            serving.mark(logPosition);
        }
    }

    /** Whether keys are served. */
    public boolean serving() {
        return serving.serving();
    }

    /** The signups that have a slot in use, in whatever state; reads every slot. */
    public Set<UUID> signups() {
        return trust.unchanged(reader::signups);
    }

    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
        CustodyException refusal = trust.refusal();
        return refusal != null ? CompletableFuture.failedFuture(refusal) : allocation.hold(signupId, expiry);
    }

    @Override
    public CompletionStage<Optional<DataKey>> key(SlotReference slot, UUID signupId) {
        CustodyException refusal = noKeyBecause();
        return refusal != null ? CompletableFuture.failedFuture(refusal) : trust.told(() -> reader.key(slot, signupId));
    }

    private @Nullable CustodyException noKeyBecause() {
        CustodyException refusal = trust.refusal();
        return refusal != null ? refusal : serving.refusal();
    }

    @Override
    public CompletionStage<Optional<DataKey>> heldKey(SlotReference slot, UUID signupId) {
        return read(slot)
                .thenCompose(view ->
                        view.filter(found -> found.state() == SlotState.HELD).isPresent()
                                ? key(slot, signupId)
                                : CompletableFuture.completedFuture(Optional.empty()))
                .thenCompose(key -> key.isPresent()
                        ? allocation.heldAgain(slot, key.get())
                        : CompletableFuture.completedFuture(key));
    }

    @Override
    public CompletionStage<Optional<SlotView>> read(SlotReference slot) {
        return trust.told(() -> reader.read(slot));
    }

    @Override
    public CompletionStage<Optional<SlotView>> find(UUID signupId) {
        return trust.told(() -> reader.find(signupId));
    }

    @Override
    public CompletionStage<OfferOutcome> offer(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
        CustodyException refusal = noKeyBecause();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        return offers.offer(ownership, slot, signupId, attempts, broker);
    }

    @Override
    public CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId) {
        CustodyException refusal = trust.refusal();
        return refusal == null ? restriction.restrict(slot, signupId) : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId) {
        CustodyException refusal = trust.refusal();
        return refusal == null ? restriction.lift(slot, signupId) : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until) {
        CustodyException refusal = trust.refusal();
        return refusal == null ? prolongation.prolong(slot, signupId, until) : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        // Erased all the same where something is wrong: a key that is gone is never too much. But nothing is claimed.
        CustodyException refusal = trust.refusal();
        CompletionStage<EraseOutcome> erasing = erasure.erase(slot, signupId, reason);
        return refusal == null ? erasing : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public CompletionStage<?> position(SlotReference slot, UUID signupId, LogPosition position) {
        notes.position(slot, signupId, position);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> recorded(SlotReference slot, UUID signupId) {
        notes.recorded(slot, signupId);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> free(SlotReference slot, UUID signupId) {
        boolean freed = notes.free(slot, signupId);
        if (freed) {
            allocation.freed(slot.slot());
        }
        return CompletableFuture.completedFuture(freed);
    }

    /** A slot was given back by something else in this process. */
    void freed(int slot) {
        allocation.freed(slot);
    }

    @Override
    public CompletionStage<List<SlotView>> erased() {
        return trust.told(reader::erased);
    }

    @Override
    public SweepResult sweep(Instant now) {
        trust.requireUnchangedThoroughly();
        // Makes this process forget epoch keys that another one has destroyed.
        var unused = keyset.key(keyset.currentEpoch());
        return sweep.sweep(now);
    }

    /**
     * Makes a new epoch if the current one is {@code interval} old, wraps every live key under it, and destroys the old
     * epoch keys; also finishes a rotation that a crash interrupted. Holds and readers in all processes continue meanwhile. It
     * takes some microseconds for each live key; blocks.
     *
     * @throws CustodyException if the custody failed, also by this call
     * @throws UncheckedIOException if the file system refused something before anything was synced: it may be tried again
     */
    public RotationOutcome rotate(Instant now, Duration interval) {
        trust.requireUnchanged();
        return rotation.rotate(now, interval);
    }

    @Override
    public CompletionStage<CustodyUsage> usage() {
        return CompletableFuture.completedFuture(reader.usage(maximumSlots, syncGroup));
    }

    /** Whether a sync or a read-back failed: no change is accepted until the process is restarted. */
    public boolean failed() {
        return syncGroup.failed();
    }

    /** Why no change is accepted, without file content; empty if all is well. */
    public Optional<String> failure() {
        CustodyException failure = syncGroup.failure();
        return Optional.ofNullable(failure == null ? null : failure.getMessage());
    }

    /** How erased keys are read back on this file system. */
    public ReadBack readBack() {
        return zeroCheck.readBack();
    }

    @Override
    public void close() {
        allocation.close();
        syncGroup.close();
        try {
            closeLocked(zeroCheck, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("closing slot file " + file, e);
        }
    }

    private static void closeLocked(Closeable... channels) throws IOException {
        EpochRotation.IN_PROCESS.lock();
        try {
            synchronized (SlotAllocation.PROCESS_LOCKS) {
                for (Closeable each : channels) {
                    each.close();
                }
            }
        } finally {
            EpochRotation.IN_PROCESS.unlock();
        }
    }

    @Override
    public String toString() {
        return "SlotFile[" + file + "]";
    }
}
