package org.brokerhandoff.custody;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the slot file's content can be trusted: it is still the file that was opened, and its pages can be read. Otherwise the
 * custody fails permanently.
 */
final class SlotFileTrust {
    private final Path file;
    private final RestoreGuard guard;
    private final SyncGroup syncGroup;

    SlotFileTrust(Path file, RestoreGuard guard, SyncGroup syncGroup) {
        this.file = file;
        this.guard = guard;
        this.syncGroup = syncGroup;
    }

    /** Why nothing may be given out or changed; null if it may. */
    @Nullable
    CustodyException refusal() {
        CustodyException complaint = complaint();
        return complaint != null ? syncGroup.fail(complaint) : syncGroup.refusal();
    }

    /** Reading continues after a failed sync, but not in a file that is not the one it was. */
    void requireUnchanged() {
        require(complaint());
    }

    /** Also checks the file's name and size. */
    void requireUnchangedThoroughly() {
        require(guard.thoroughComplaint());
    }

    <T> T unchanged(Supplier<T> reading) {
        try {
            // Inside: compiled code reports the fault of a mapped page a little later than it happens.
            requireUnchanged();
            T read = reading.get();
            // Again: the file may have been overwritten during the reading.
            requireUnchanged();
            return read;
        } catch (InternalError e) {
            throw syncGroup.fail(faults(e));
        }
    }

    /** As {@link #unchanged}, told at once. */
    <T> CompletionStage<T> told(Supplier<T> reading) {
        try {
            return CompletableFuture.completedFuture(unchanged(reading));
        } catch (CustodyException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void require(@Nullable CustodyException complaint) {
        if (complaint != null) {
            throw syncGroup.fail(complaint);
        }
    }

    private @Nullable CustodyException complaint() {
        try {
            return guard.complaint();
        } catch (InternalError e) {
            return faults(e);
        }
    }

    private CustodyException faults(InternalError cause) {
        return new CustodyException("slot file " + file + " faults: it was truncated, or its disk is gone", cause);
    }
}
