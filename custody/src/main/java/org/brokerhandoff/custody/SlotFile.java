package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;
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
    private final SlotRegion region;
    private final ZeroCheck zeroCheck;
    private final SyncGroup syncGroup;
    private final SlotReader reader;
    private final SlotAllocation allocation;
    private final SlotErasure erasure;
    private final SlotSweep sweep;

    private SlotFile(
            Path file,
            SlotFileHeader header,
            int maximumSlots,
            FileChannel channel,
            KeysetSource keyset,
            InstantSource clock,
            SyncGroup.@Nullable Target syncTarget)
            throws IOException {
        this.file = file;
        this.maximumSlots = maximumSlots;
        this.channel = channel;
        this.region = new SlotRegion(channel, header.chunkSlots());
        this.zeroCheck = new ZeroCheck(file, channel);
        // force(false) is fdatasync, which on Linux also writes the pages that were changed through the mapping.
        this.syncGroup = new SyncGroup(syncTarget != null ? syncTarget : () -> channel.force(false), zeroCheck);
        KeyWrap keyWrap = new KeyWrap(keyset);
        this.reader = new SlotReader(region, keyWrap);
        this.allocation = new SlotAllocation(channel, header.chunkSlots(), maximumSlots, region, keyWrap, syncGroup);
        this.erasure = new SlotErasure(region, reader, syncGroup, clock);
        this.sweep = new SlotSweep(region, reader, erasure);
    }

    /**
     * Opens the slot file, or creates it; processes may race to create it.
     *
     * @throws CustodyException if the file is not a slot file that this version can read; says what was found
     * @throws UncheckedIOException if it cannot be opened
     */
    public static SlotFile open(CustodySettings settings, KeysetSource keyset) {
        return open(settings, keyset, InstantSource.system());
    }

    /** As {@link #open(CustodySettings, KeysetSource)}; {@code clock} gives the times of erasures. */
    public static SlotFile open(CustodySettings settings, KeysetSource keyset, InstantSource clock) {
        return open(settings, keyset, clock, null);
    }

    static SlotFile open(
            CustodySettings settings, KeysetSource keyset, InstantSource clock, SyncGroup.@Nullable Target syncTarget) {
        Path file = settings.file().toAbsolutePath();
        try {
            if (!PrivateFile.exists(file)) {
                create(file, settings.initialSlots());
            }
            PrivateFile.requireRegular(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try {
                SlotFileHeader header = SlotFileHeader.read(channel, file);
                SlotFile opened =
                        new SlotFile(file, header, settings.maximumSlots(), channel, keyset, clock, syncTarget);
                opened.allocation.growTo(settings.initialSlots());
                LOG.info(
                        "slot file {} ({}), {} slots, may grow to {}, read back {}",
                        file,
                        header.fileId(),
                        opened.region.slots(),
                        settings.maximumSlots(),
                        opened.zeroCheck.readBack());
                return opened;
            } catch (IOException | RuntimeException e) {
                synchronized (SlotAllocation.PROCESS_LOCKS) {
                    channel.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("slot file " + file, e);
        }
    }

    private static void create(Path file, int initialSlots) throws IOException {
        int chunkSlots = SlotLayout.SLOTS_PER_BLOCK;
        while (chunkSlots < initialSlots && chunkSlots < SlotLayout.MAXIMUM_CHUNK_SLOTS) {
            chunkSlots *= 2;
        }
        ByteBuffer content = ByteBuffer.allocate(SlotLayout.HEADER_BYTES + chunkSlots * SlotLayout.SLOT_BYTES);
        content.put(new SlotFileHeader(UUID.randomUUID(), chunkSlots).encoded());
        PrivateFile.create(file, content.clear());
    }

    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
        return allocation.hold(signupId, expiry);
    }

    @Override
    public Optional<DataKey> key(SlotReference slot, UUID signupId) {
        return reader.key(slot, signupId);
    }

    @Override
    public Optional<SlotView> read(SlotReference slot) {
        return reader.read(slot);
    }

    @Override
    public Optional<SlotView> find(UUID signupId) {
        return reader.find(signupId);
    }

    @Override
    public CompletionStage<OfferOutcome> offer(
            SlotReference slot, UUID signupId, BrokerTag previous, BrokerTag broker) {
        if (broker.equals(BrokerTag.NONE)) {
            throw new IllegalArgumentException("an offer names a broker");
        }
        CustodyException refusal = syncGroup.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        while (true) {
            long word = reader.occupiedWord(slot, signupId);
            if (word == 0) {
                return CompletableFuture.completedFuture(new OfferOutcome.Gone());
            }
            int state = StateWord.state(word);
            if (state == StateWord.ERASING || state == StateWord.ERASED) {
                return CompletableFuture.completedFuture(
                        read(slot).<OfferOutcome>map(OfferOutcome.Erased::new).orElseGet(OfferOutcome.Gone::new));
            }
            BrokerTag current = StateWord.broker(word);
            boolean again = current.equals(broker);
            boolean next = state == StateWord.HELD || (current.equals(previous) && !again);
            if (!again && !next) {
                return CompletableFuture.completedFuture(new OfferOutcome.HeldByAnother(current));
            }
            if (state == StateWord.OFFERED && again) {
                long counted = StateWord.nextAttempt(word);
                if (region.changeWord(slot.slot(), word, counted)) {
                    return CompletableFuture.completedFuture(new OfferOutcome.Offered(StateWord.attempt(counted)));
                }
            } else {
                long offering = StateWord.offering(word, broker);
                if (region.changeWord(slot.slot(), word, offering)) {
                    return syncGroup.synced(readBack -> {
                        settleOffer(slot.slot(), offering);
                        return new OfferOutcome.Offered(StateWord.attempt(offering));
                    });
                }
            }
        }
    }

    /** The offer is durable. Whoever changed the word meanwhile syncs for themselves. */
    private void settleOffer(int slot, long offering) {
        long word = region.word(slot);
        while (StateWord.equalButForRecorded(word, offering)) {
            if (region.changeWord(slot, word, StateWord.offered(word))) {
                return;
            }
            word = region.word(slot);
        }
    }

    @Override
    public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        return erasure.erase(slot, signupId, reason);
    }

    @Override
    public void position(SlotReference slot, UUID signupId, LogPosition position) {
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

    @Override
    public void recorded(SlotReference slot, UUID signupId) {
        changeOccupied(slot, signupId, word -> true, false);
    }

    @Override
    public boolean free(SlotReference slot, UUID signupId) {
        boolean freed = changeOccupied(slot, signupId, word -> StateWord.state(word) == StateWord.ERASED, true);
        if (freed) {
            allocation.freed();
        }
        return freed;
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

    @Override
    public List<SlotView> erased() {
        return reader.erased();
    }

    @Override
    public SweepResult sweep(Instant now) {
        return sweep.sweep(now);
    }

    @Override
    public CustodyUsage usage() {
        int slots = region.refreshed();
        int live = 0;
        int erased = 0;
        for (int slot = 0; slot < slots; slot++) {
            long word = region.word(slot);
            live += StateWord.live(word) ? 1 : 0;
            erased += StateWord.state(word) == StateWord.ERASED ? 1 : 0;
        }
        return new CustodyUsage(
                Math.min(slots, maximumSlots),
                maximumSlots,
                live,
                erased,
                syncGroup.syncs(),
                syncGroup.changesSynced(),
                failed());
    }

    /** Whether a sync or a read-back failed: no change is accepted until the process is restarted. */
    public boolean failed() {
        return syncGroup.failed();
    }

    /** How erased keys are read back on this file system. */
    public ReadBack readBack() {
        return zeroCheck.readBack();
    }

    @Override
    public void close() {
        syncGroup.close();
        synchronized (SlotAllocation.PROCESS_LOCKS) {
            try {
                zeroCheck.close();
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("closing slot file " + file, e);
            }
        }
    }

    @Override
    public String toString() {
        return "SlotFile[" + file + "]";
    }
}
