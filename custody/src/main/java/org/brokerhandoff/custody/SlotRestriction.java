package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.FaultPoints.Step;

/**
 * Restricts a slot and lifts the restriction: one change of the state word, then a sync. Where the word is already as wanted it is synced all the
 * same, since the call that made it so may have been of a process that was killed before its sync.
 */
final class SlotRestriction {
    private final Path file;
    private final FileChannel channel;
    private final SlotRegion region;
    private final SlotReader reader;
    private final SyncGroup syncGroup;
    private final FaultPoints faultPoints;
    private volatile boolean allowedInFile;

    SlotRestriction(
            Path file,
            FileChannel channel,
            SlotRegion region,
            SlotReader reader,
            SyncGroup syncGroup,
            FaultPoints faultPoints) {
        this.file = file;
        this.channel = channel;
        this.region = region;
        this.reader = reader;
        this.syncGroup = syncGroup;
        this.faultPoints = faultPoints;
    }

    /** As {@link KeyCustody#restrict}. */
    CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId) {
        try {
            allowInFile();
        } catch (IOException | CustodyException e) {
            return CompletableFuture.failedFuture(new CustodyException(
                    "slot file " + file + ": its header cannot say that slots may be restricted", e));
        }
        while (true) {
            SlotReader.Seen seen = reader.seen(slot, signupId);
            if (seen == null) {
                return CompletableFuture.completedFuture(new RestrictOutcome.Gone());
            } else if (!StateWord.live(seen.word())) {
                return CompletableFuture.completedFuture(new RestrictOutcome.AlreadyErased(seen.view()));
            }
            long restricted = StateWord.restrict(seen.word());
            SlotView view = reader.view(slot.slot(), restricted);
            if (region.changeWord(slot.slot(), seen.word(), restricted)) {
                faultPoints.reached(Step.RESTRICTED);
                boolean before = seen.view().restricted();
                return syncGroup.synced(readBack -> {
                    faultPoints.reached(Step.RESTRICTION_SYNCED);
                    if (view.attempt() > 0) {
                        return new RestrictOutcome.HandoffStarted(view);
                    }
                    return before ? new RestrictOutcome.AlreadyRestricted(view) : new RestrictOutcome.Restricted(view);
                });
            }
        }
    }

    /** As {@link KeyCustody#lift}. */
    CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId) {
        while (true) {
            SlotReader.Seen seen = reader.seen(slot, signupId);
            if (seen == null) {
                return CompletableFuture.completedFuture(new LiftOutcome.Gone());
            } else if (!StateWord.live(seen.word())) {
                return CompletableFuture.completedFuture(new LiftOutcome.AlreadyErased(seen.view()));
            }
            boolean before = StateWord.restricted(seen.word());
            long lifted = before ? StateWord.lifted(seen.word()) : seen.word();
            SlotView view = reader.view(slot.slot(), lifted);
            if (region.changeWord(slot.slot(), seen.word(), lifted)) {
                faultPoints.reached(Step.LIFTED);
                return syncGroup.synced(
                        readBack -> before ? new LiftOutcome.Lifted(view) : new LiftOutcome.NotRestricted(view));
            }
        }
    }

    /** The one sync that makes the restriction durable also covers this. */
    private void allowInFile() throws IOException {
        if (!allowedInFile) {
            SlotFileHeader.raise(channel, file, SlotFileHeader.RESTRICTING_LAYOUT_VERSION);
            allowedInFile = true;
        }
    }
}
