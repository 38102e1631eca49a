package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(60);
    private static final long GROWTH_FAILED_PAUSE_NANOS = 1_000_000_000L;

    /**
     * Held while a file lock is taken and while a channel is closed: POSIX locks belong to the process, so closing any
     * channel of a file drops the lock that another instance in this JVM has on it.
     */
    private static final Object PROCESS_LOCKS = new Object();

    private static final Executor GROWTH = task -> {
        Thread thread = new Thread(task, "custody-growth");
        thread.setDaemon(true);
        thread.start();
    };

    private final Path file;
    private final SlotFileHeader header;
    private final int maximumSlots;
    private final FileChannel channel;
    private final SlotRegion region;
    private final ZeroCheck zeroCheck;
    private final SyncGroup syncGroup;
    private final KeyWrap keyWrap;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger cursor = new AtomicInteger();
    private final Object sweeping = new Object();
    private final Map<Integer, Claim> claims = new HashMap<>(); // guarded by sweeping

    /** Until this {@link System#nanoTime}, no free slot is looked for. */
    private volatile long fullUntilNanos = System.nanoTime();

    private record Claim(long word, Instant firstSeen) {}

    private record Placed(SlotReference slot, DataKey key) {}

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
        this.header = header;
        this.maximumSlots = maximumSlots;
        this.channel = channel;
        this.region = new SlotRegion(channel, header.chunkSlots());
        this.zeroCheck = new ZeroCheck(file, channel);
        // force(false) is fdatasync, which on Linux also writes the pages that were changed through the mapping.
        this.syncGroup = new SyncGroup(syncTarget != null ? syncTarget : () -> channel.force(false), zeroCheck);
        this.keyWrap = new KeyWrap(keyset);
        this.clock = clock;
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
                LOG.info(
                        "slot file {} ({}), {} slots, may grow to {}, read back {}",
                        file,
                        header.fileId(),
                        opened.region.slots(),
                        settings.maximumSlots(),
                        opened.zeroCheck.readBack());
                return opened;
            } catch (IOException | RuntimeException e) {
                synchronized (PROCESS_LOCKS) {
                    channel.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("slot file " + file, e);
        }
    }

    private static void create(Path file, int initialSlots) throws IOException {
        int blocks = (initialSlots + SlotLayout.SLOTS_PER_BLOCK - 1) / SlotLayout.SLOTS_PER_BLOCK;
        int chunkSlots = Math.min(SlotLayout.MAXIMUM_CHUNK_SLOTS, blocks * SlotLayout.SLOTS_PER_BLOCK);
        int chunks = (initialSlots + chunkSlots - 1) / chunkSlots;
        // Zeros are written rather than a hole left: a full disk must show here, not as a fault on a mapped page.
        ByteBuffer content = ByteBuffer.allocate(
                Math.toIntExact(SlotLayout.HEADER_BYTES + (long) chunks * chunkSlots * SlotLayout.SLOT_BYTES));
        content.put(new SlotFileHeader(UUID.randomUUID(), chunkSlots).encoded());
        PrivateFile.create(file, content.clear());
    }

    // ---------------------------------------------------------------- hold

    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
        CustodyException refusal = refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        try {
            while (System.nanoTime() - fullUntilNanos >= 0) {
                int usable = Math.min(region.slots(), maximumSlots);
                long began = System.nanoTime();
                Placed placed = place(signupId, expiry.toEpochMilli(), usable);
                if (placed != null) {
                    HoldOutcome held = new HoldOutcome.Held(placed.slot(), placed.key());
                    return syncGroup.synced(readBack -> held);
                }
                if (usable == maximumSlots) {
                    // The search of a full file is a scan: at most half of one core may go into such scans.
                    long now = System.nanoTime();
                    fullUntilNanos = now + (now - began);
                } else if (region.refreshed() == usable) {
                    return CompletableFuture.supplyAsync(() -> grown(usable), GROWTH)
                            .thenCompose(grown -> grown ? hold(signupId, expiry) : full());
                }
            }
            return full();
        } catch (CustodyException | UncheckedIOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<HoldOutcome> full() {
        return CompletableFuture.completedFuture(new HoldOutcome.Full());
    }

    private @Nullable Placed place(UUID signupId, long expiryMillis, int usable) {
        DataKey key = null;
        for (int probe = 0; probe < usable; probe++) {
            int slot = Math.floorMod(cursor.getAndIncrement(), usable);
            long free = region.word(slot);
            if (StateWord.state(free) != StateWord.FREE) {
                continue;
            }
            // Everything is made ready before the claim, so that the time in CLAIMED is some hundred nanoseconds.
            long claimed = StateWord.claimed(free);
            SlotReference reference = new SlotReference(slot, StateWord.generation(claimed));
            key = key != null ? key : DataKey.random(random);
            byte[] keyArea = keyWrap.wrap(key, reference, signupId, expiryMillis);
            long[] before = region.fields(slot);
            long[] after = SlotLayout.heldFields(reference, signupId, expiryMillis, keyArea);
            if (region.changeWord(slot, free, claimed)) {
                // The fields are in place before the word says so. A claim that was lost meanwhile (reclaimed by a
                // sweep, after a minute) is given up, and what was written is taken back.
                if (region.changeFields(slot, before, after)) {
                    if (region.changeWord(slot, claimed, StateWord.held(claimed))) {
                        return new Placed(reference, key);
                    }
                    region.changeFields(slot, after, before);
                }
            }
        }
        return null;
    }

    /** Whether there are more slots than the caller saw, added here or by another process. */
    private boolean grown(int seenSlots) {
        synchronized (PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(0, 1, false)) {
                if (region.refreshed() <= seenSlots && lock.isValid()) {
                    ByteBuffer zeros = ByteBuffer.allocate(header.chunkSlots() * SlotLayout.SLOT_BYTES);
                    PrivateFile.writeFully(channel, zeros, SlotLayout.fileOffset(region.slots()));
                    channel.force(true);
                    LOG.info("slot file {} grew to {} slots", file, region.refreshed());
                }
                return true;
            } catch (IOException e) {
                fullUntilNanos = System.nanoTime() + GROWTH_FAILED_PAUSE_NANOS;
                LOG.warn("slot file {} could not grow, new signups are refused", file, e);
                return false;
            }
        }
    }

    // ---------------------------------------------------------------- read

    @Override
    public Optional<DataKey> key(SlotReference slot, UUID signupId) {
        if (!region.has(slot.slot())) {
            return Optional.empty();
        }
        long before = region.word(slot.slot());
        if (!StateWord.live(before) || StateWord.generation(before) != slot.generation()) {
            return Optional.empty();
        }
        UUID id = signupId(slot.slot());
        long expiryMillis = region.field(slot.slot(), SlotLayout.EXPIRY);
        byte[] keyArea = region.keyArea(slot.slot());
        VarHandle.acquireFence(); // the word is read again after the fields
        long after = region.word(slot.slot());
        if (!StateWord.live(after) || StateWord.generation(after) != slot.generation() || !id.equals(signupId)) {
            return Optional.empty();
        }
        Optional<DataKey> key = keyWrap.unwrap(keyArea, slot, signupId, expiryMillis);
        if (key.isEmpty()) {
            LOG.error("{} of {} has a key that cannot be unwrapped (epoch {})", slot, file, KeyWrap.epoch(keyArea));
        }
        return key;
    }

    @Override
    public Optional<SlotView> read(SlotReference slot) {
        return view(slot.slot()).filter(view -> view.reference().equals(slot));
    }

    @Override
    public Optional<SlotView> find(UUID signupId) {
        Optional<SlotView> erased = Optional.empty();
        long high = signupId.getMostSignificantBits();
        long low = signupId.getLeastSignificantBits();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (region.field(slot, SlotLayout.SIGNUP_ID_HIGH) == high
                    && region.field(slot, SlotLayout.SIGNUP_ID_LOW) == low) {
                Optional<SlotView> view =
                        view(slot).filter(found -> found.signupId().equals(signupId));
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

    /** What an occupied slot says, consistently: read again if the word changed during the reading. */
    private Optional<SlotView> view(int slot) {
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

    private SlotView view(int slot, long word) {
        boolean erased = StateWord.state(word) == StateWord.ERASED;
        return new SlotView(
                new SlotReference(slot, StateWord.generation(word)),
                StateWord.visibleState(word),
                StateWord.reason(word),
                StateWord.broker(word),
                StateWord.attempt(word),
                signupId(slot),
                Instant.ofEpochMilli(region.field(slot, SlotLayout.EXPIRY)),
                LogPosition.decoded(region.field(slot, SlotLayout.POSITION)),
                erased ? Optional.of(Instant.ofEpochMilli(region.field(slot, SlotLayout.ERASED_AT))) : Optional.empty(),
                StateWord.recorded(word));
    }

    private UUID signupId(int slot) {
        return new UUID(region.field(slot, SlotLayout.SIGNUP_ID_HIGH), region.field(slot, SlotLayout.SIGNUP_ID_LOW));
    }

    /** The word of a slot that this signup occupies; 0, which is a free slot's, if it does not. */
    private long occupiedWord(SlotReference slot, UUID signupId) {
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

    // ---------------------------------------------------------------- offer

    @Override
    public CompletionStage<OfferOutcome> offer(
            SlotReference slot, UUID signupId, BrokerTag previous, BrokerTag broker) {
        if (broker.equals(BrokerTag.NONE)) {
            throw new IllegalArgumentException("an offer names a broker");
        }
        CustodyException refusal = refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        while (true) {
            long word = occupiedWord(slot, signupId);
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

    // ---------------------------------------------------------------- erase

    @Override
    public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        while (true) {
            long word = occupiedWord(slot, signupId);
            if (word == 0) {
                return CompletableFuture.completedFuture(new EraseOutcome.Gone());
            }
            switch (StateWord.state(word)) {
                case StateWord.ERASED -> {
                    return CompletableFuture.completedFuture(read(slot)
                            .<EraseOutcome>map(EraseOutcome.AlreadyErased::new)
                            .orElseGet(EraseOutcome.Gone::new));
                }
                case StateWord.ERASING -> {
                    return overwrite(slot, word, false);
                }
                default -> {
                    long erasing = StateWord.erasing(word, reason);
                    if (region.changeWord(slot.slot(), word, erasing)) {
                        return overwrite(slot, erasing, true);
                    }
                }
            }
        }
    }

    /** From {@code ERASING}: overwrite, sync, read back, time, {@code ERASED}. Several callers may do it at once. */
    private CompletableFuture<EraseOutcome> overwrite(SlotReference slot, long erasing, boolean began) {
        region.overwriteKey(slot.slot(), erasing);
        CustodyException refusal = refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        SlotView during = view(slot.slot(), erasing);
        return syncGroup.syncedAndReadBack(slot.slot(), at -> stillErasing(slot), readBack -> {
            // The last word is not synced: after a power cut the slot is ERASING with a zero key, and is finished
            // again.
            Instant now = clock.instant();
            SlotView view = settleErasure(slot, now) ? read(slot).orElse(erased(during, now)) : erased(during, now);
            return began ? new EraseOutcome.Erased(view, readBack) : new EraseOutcome.AlreadyErased(view);
        });
    }

    private boolean stillErasing(SlotReference slot) {
        long word = region.word(slot.slot());
        return StateWord.state(word) == StateWord.ERASING && StateWord.generation(word) == slot.generation();
    }

    /** Whether the slot is {@code ERASED} now, by this call or another; false if it has even been freed. */
    private boolean settleErasure(SlotReference slot, Instant now) {
        boolean timed = region.changeField(slot.slot(), SlotLayout.ERASED_AT, 0, now.toEpochMilli());
        long word = region.word(slot.slot());
        while (StateWord.generation(word) == slot.generation() && StateWord.state(word) == StateWord.ERASING) {
            if (region.changeWord(slot.slot(), word, StateWord.erased(word))) {
                return true;
            }
            word = region.word(slot.slot());
        }
        boolean same = StateWord.generation(word) == slot.generation() && StateWord.state(word) == StateWord.ERASED;
        if (!same && timed) {
            // The slot is someone else's by now: the time just written is not theirs.
            region.changeField(slot.slot(), SlotLayout.ERASED_AT, now.toEpochMilli(), 0);
        }
        return same;
    }

    private static SlotView erased(SlotView during, Instant now) {
        return new SlotView(
                during.reference(),
                SlotState.ERASED,
                during.reason(),
                during.broker(),
                during.attempt(),
                during.signupId(),
                during.expiry(),
                during.position(),
                Optional.of(Instant.ofEpochMilli(now.toEpochMilli())),
                during.recorded());
    }

    // ---------------------------------------------------------------- notes and release

    @Override
    public void position(SlotReference slot, UUID signupId, LogPosition position) {
        while (occupiedWord(slot, signupId) != 0) {
            long before = region.field(slot.slot(), SlotLayout.POSITION);
            if (region.changeField(slot.slot(), SlotLayout.POSITION, before, position.encoded())) {
                if (occupiedWord(slot, signupId) == 0) {
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
            fullUntilNanos = System.nanoTime();
        }
        return freed;
    }

    private boolean changeOccupied(SlotReference slot, UUID signupId, LongPredicate allowed, boolean free) {
        while (true) {
            long word = occupiedWord(slot, signupId);
            if (word == 0 || !allowed.test(word)) {
                return false;
            }
            long next = free ? StateWord.free(word) : StateWord.withRecorded(word);
            if (next == word || region.changeWord(slot.slot(), word, next)) {
                return true;
            }
        }
    }

    // ---------------------------------------------------------------- scans

    @Override
    public List<SlotView> erased() {
        List<SlotView> erased = new ArrayList<>();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            if (StateWord.state(region.word(slot)) == StateWord.ERASED && !damaged(slot)) {
                view(slot).filter(view -> view.state() == SlotState.ERASED).ifPresent(erased::add);
            }
        }
        return erased;
    }

    @Override
    public SweepResult sweep(Instant now) {
        synchronized (sweeping) {
            int expired = 0;
            int finished = 0;
            int reclaimed = 0;
            int damaged = 0;
            List<CompletableFuture<?>> erasures = new ArrayList<>();
            int slots = region.refreshed();
            for (int slot = 0; slot < slots; slot++) {
                long word = region.word(slot);
                int state = StateWord.state(word);
                if (state != StateWord.CLAIMED && !claims.isEmpty()) {
                    claims.remove(slot);
                }
                if (state == StateWord.FREE) {
                    continue;
                }
                if (state == StateWord.CLAIMED) {
                    reclaimed += reclaim(slot, word, now) ? 1 : 0;
                } else if (StateWord.unknown(word) || damaged(slot)) {
                    damaged += discard(slot, word, erasures) ? 1 : 0;
                } else if (state == StateWord.ERASING) {
                    SlotReference reference = new SlotReference(slot, StateWord.generation(word));
                    erasures.add(overwrite(reference, word, false));
                    finished++;
                } else if (state != StateWord.ERASED && expire(slot, now, erasures)) {
                    expired++;
                }
            }
            try {
                CompletableFuture.allOf(erasures.toArray(CompletableFuture[]::new))
                        .join();
            } catch (CompletionException e) {
                throw new CustodyException("the sweep's erasures could not be made durable", e);
            }
            return new SweepResult(expired, finished, reclaimed, damaged);
        }
    }

    private boolean expire(int slot, Instant now, List<CompletableFuture<?>> erasures) {
        while (true) {
            SlotView view = view(slot).orElse(null);
            if (view == null || view.expiry().isAfter(now)) {
                return false;
            }
            long word = region.word(slot);
            if (StateWord.generation(word) != view.reference().generation() || !StateWord.live(word)) {
                return false;
            }
            long erasing = StateWord.erasing(word, EraseReason.EXPIRED);
            if (region.changeWord(slot, word, erasing)) {
                erasures.add(overwrite(view.reference(), erasing, true));
                return true;
            }
        }
    }

    private boolean reclaim(int slot, long word, Instant now) {
        Claim seen = claims.get(slot);
        if (seen == null || seen.word() != word) {
            claims.put(slot, new Claim(word, now));
            return false;
        }
        if (now.isBefore(seen.firstSeen().plus(CLAIM_PATIENCE))) {
            return false;
        }
        claims.remove(slot);
        // What a claimer that died had written of its wrapped key sealed nothing yet; it goes all the same.
        region.overwriteKey(slot, word);
        return region.changeWord(slot, word, StateWord.free(word));
    }

    /** Whether an occupied slot's checksum is wrong, read consistently. */
    private boolean damaged(int slot) {
        while (true) {
            long word = region.word(slot);
            if (!StateWord.occupied(word)) {
                return false;
            }
            long computed = SlotLayout.checksum(
                    slot, StateWord.generation(word), signupId(slot), region.field(slot, SlotLayout.EXPIRY));
            boolean wrong = computed != region.field(slot, SlotLayout.CHECKSUM);
            VarHandle.acquireFence(); // the word is read again after the fields
            if (region.word(slot) == word) {
                return wrong;
            }
        }
    }

    /** Destroys what a slot holds that cannot say whose it is, and frees it. */
    private boolean discard(int slot, long word, List<CompletableFuture<?>> erasures) {
        long erasing = StateWord.erasing(word, EraseReason.INVALID);
        if (word != erasing && !region.changeWord(slot, word, erasing)) {
            return false;
        }
        SlotReference reference = new SlotReference(slot, StateWord.generation(erasing));
        LOG.error("{} of {} is damaged: its checksum is wrong; its key is destroyed", reference, file);
        region.overwriteKey(slot, erasing);
        erasures.add(syncGroup.syncedAndReadBack(
                slot,
                at -> stillErasing(reference),
                readBack -> region.changeWord(slot, erasing, StateWord.free(erasing))));
        return true;
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
        return syncGroup.failure() != null;
    }

    /** How erased keys are read back on this file system. */
    public ReadBack readBack() {
        return zeroCheck.readBack();
    }

    private @Nullable CustodyException refusal() {
        CustodyException failure = syncGroup.failure();
        if (failure != null) {
            return new CustodyException("custody failed earlier, it accepts no change", failure);
        }
        return syncGroup.stopped() ? new CustodyException("custody is closed") : null;
    }

    @Override
    public void close() {
        syncGroup.close();
        synchronized (PROCESS_LOCKS) {
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
