package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.FaultPoints.Step;

/**
 * Puts the end of a slot off, and back: its field, then the state word, then a sync. The expiry that the key was wrapped with and the checksum
 * cover stays as it is. Between field and word a slot that was not prolonged before is not prolonged yet; the call made again finishes it.
 */
final class SlotProlongation {
    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    private final Path file;
    private final FileChannel channel;
    private final SlotRegion region;
    private final SlotReader reader;
    private final SyncGroup syncGroup;
    private final InstantSource clock;
    private final FaultPoints faultPoints;

    SlotProlongation(
            Path file,
            FileChannel channel,
            SlotRegion region,
            SlotReader reader,
            SyncGroup syncGroup,
            InstantSource clock,
            FaultPoints faultPoints) {
        this.file = file;
        this.channel = channel;
        this.region = region;
        this.reader = reader;
        this.syncGroup = syncGroup;
        this.clock = clock;
        this.faultPoints = faultPoints;
    }

    /** As {@link KeyCustody#prolong}. */
    CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until) {
        if (until.getEpochSecond() > MOST_SECONDS) {
            throw new IllegalArgumentException("no slot is kept until " + until);
        }
        try {
            SlotFileHeader.raise(channel, file, SlotFileHeader.PROLONGING_LAYOUT_VERSION);
        } catch (IOException | CustodyException e) {
            return CompletableFuture.failedFuture(new CustodyException(
                    "slot file " + file + ": its header cannot say that slots may be prolonged", e));
        }
        int at = slot.slot();
        while (true) {
            SlotReader.Seen seen = reader.seen(slot, signupId);
            if (seen == null) {
                return CompletableFuture.completedFuture(new ProlongOutcome.Gone());
            } else if (!StateWord.live(seen.word())) {
                return CompletableFuture.completedFuture(new ProlongOutcome.AlreadyErased(seen.view()));
            }
            boolean later = until.isAfter(seen.view().expiry());
            if (later && !clock.instant().isBefore(seen.view().end())) {
                return CompletableFuture.completedFuture(new ProlongOutcome.Due(seen.view()));
            }
            long before = region.field(at, SlotLayout.PROLONGED);
            long wanted =
                    later ? SlotLayout.prolongation(region.field(at, SlotLayout.CHECKSUM), until.getEpochSecond()) : 0;
            // The field belongs to the slot as it was seen only if the word still is: it is changed next, against that.
            if (region.word(at) == seen.word() && region.changeField(at, SlotLayout.PROLONGED, before, wanted)) {
                faultPoints.reached(Step.PROLONGATION_WRITTEN);
                long prolonged = StateWord.prolong(seen.word());
                if (region.changeWord(at, seen.word(), prolonged)) {
                    faultPoints.reached(Step.PROLONGED);
                    SlotView view = reader.view(at, prolonged);
                    return syncGroup.synced(readBack -> {
                        faultPoints.reached(Step.PROLONGATION_SYNCED);
                        return new ProlongOutcome.Prolonged(view);
                    });
                }
            }
        }
    }
}
