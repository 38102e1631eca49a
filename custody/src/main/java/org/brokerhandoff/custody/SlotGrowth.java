package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Grows the slot file, a chunk at a time; one process does it, the others see the new slots. */
final class SlotGrowth {
    private static final Logger LOG = LoggerFactory.getLogger(SlotGrowth.class);
    private static final long FAILED_PAUSE_NANOS = 1_000_000_000L;

    private final FileChannel channel;
    private final int chunkSlots;
    private final int maximumSlots;
    private final SlotRegion region;
    private final SlotControl control;
    private final SyncGroup syncGroup;
    private final FaultPoints faultPoints;

    /** Until this {@link System#nanoTime}, growing is not tried again. */
    private volatile long notUntilNanos = System.nanoTime();

    SlotGrowth(
            FileChannel channel,
            int chunkSlots,
            int maximumSlots,
            SlotRegion region,
            SlotControl control,
            SyncGroup syncGroup,
            FaultPoints faultPoints) {
        this.channel = channel;
        this.chunkSlots = chunkSlots;
        this.maximumSlots = maximumSlots;
        this.region = region;
        this.control = control;
        this.syncGroup = syncGroup;
        this.faultPoints = faultPoints;
    }

    /** Makes the file larger until it has so many slots, or cannot grow. */
    void growTo(int slots) {
        int seen = region.refreshed();
        while (seen < Math.min(slots, maximumSlots) && grown(seen)) {
            seen = region.slots();
        }
    }

    /** Whether there are more slots than the caller saw, added here or by another process. */
    boolean grown(int seenSlots) {
        if (System.nanoTime() - notUntilNanos < 0) {
            return false;
        }
        synchronized (SlotAllocation.PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(0, 1, false)) {
                if (region.refreshed() <= seenSlots && lock.isValid()) {
                    // Zeros are written rather than a hole left: a full disk must show here, not as a
                    // fault on a mapped page.
                    ByteBuffer zeros = ByteBuffer.allocate(chunkSlots * SlotLayout.SLOT_BYTES);
                    PrivateFile.writeFully(channel, zeros, SlotLayout.fileOffset(region.slots()));
                    faultPoints.reached(Step.CHUNK_WRITTEN);
                    syncChunk();
                    LOG.info("the slot file grew to {} slots", region.refreshed());
                    control.raiseChunks(region.slots() / chunkSlots);
                    faultPoints.reached(Step.CHUNK_SYNCED);
                }
                return true;
            } catch (CustodyException e) {
                return false;
            } catch (IOException e) {
                notUntilNanos = System.nanoTime() + FAILED_PAUSE_NANOS;
                LOG.warn("the slot file could not grow, new signups are refused", e);
                return false;
            }
        }
    }

    /**
     * Unlike a write that found the disk full, a sync that failed may have dropped changes of other slots, and the next
     * one would not be told.
     */
    private void syncChunk() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw syncGroup.fail(new CustodyException("a new chunk could not be made durable", e));
        }
    }
}
