package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether keys are served: not before the slots in use were compared with the purges in the log, since the file may be an older copy and hold
 * keys that were destroyed.
 */
final class SlotServing {
    private final Path file;
    private final SlotFileMarks marks;
    private final RestoreGuard guard;
    private final SlotFileTrust trust;
    private volatile boolean serving;

    /** @param serving whether no slot is in use, so that there is nothing to compare */
    SlotServing(Path file, SlotFileMarks marks, RestoreGuard guard, SlotFileTrust trust, boolean serving) {
        this.file = file;
        this.marks = marks;
        this.guard = guard;
        this.trust = trust;
        this.serving = serving;
    }

    boolean serving() {
        return serving;
    }

    /** Why no key is served; null if one is. */
    @Nullable
    CustodyException refusal() {
        return serving
                ? null
                : new CustodyException("keys are not served until the log has been compared with the slots");
    }

    /** As {@link SlotFile#serveKeysAfter}. */
    int serveAfter(SlotComparison comparison, PurgeHistory purges, Duration longestHold) {
        if (!serving) {
            trust.requireUnchanged();
            Map<UUID, Instant> inUse = comparison.lookAtSlots(longestHold);
            if (!inUse.isEmpty()) {
                purges.since(inUse, lastMark(), comparison);
                Map<UUID, Instant> unrestricted = comparison.unrestricted(longestHold);
                if (!unrestricted.isEmpty()) {
                    purges.since(unrestricted, lastMark(), comparison);
                }
            }
            comparison.finish();
        }
        trust.requireUnchanged();
        serving = true;
        return comparison.discarded();
    }

    /** An older copy, where one is known to be, is compared with all that may be about its slots. */
    private Optional<byte[]> lastMark() {
        try {
            return guard.restored() ? Optional.empty() : marks.newest();
        } catch (IOException e) {
            throw new UncheckedIOException("the marks of slot file " + file + " cannot be read", e);
        }
    }

    /** As {@link SlotFile#mark}; the custody has not failed. */
    void mark(byte[] logPosition) {
        if (!serving || logPosition.length > SlotFileMarks.MOST_BYTES) {
            return;
        }
        trust.requireUnchanged();
        try {
            marks.write(logPosition);
        } catch (IOException e) {
            throw new UncheckedIOException("slot file " + file + " cannot be marked", e);
        }
    }
}
