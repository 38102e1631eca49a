package org.brokerhandoff.audit.verify;

import java.util.List;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.jspecify.annotations.Nullable;

/**
 * It was purged. The level may differ between repeats, as a later one may have verified more.
 *
 * @param at offset in {@code purges}
 * @param instance the claiming router's examination; null in claims of earlier versions
 * @param cells memory cells that have read the key back as zeros; null if none is named
 */
record PurgeFact(
        long at,
        PurgeReason reason,
        PurgeLevel level,
        @Nullable Long eraseByMillis,
        long keyErasedAtMillis,
        ReadBack readBack,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable Long startOffset,
        @Nullable Integer replicas,
        @Nullable Integer inSyncReplicas,
        @Nullable Long cutConfirmedAtMillis,
        @Nullable Long checkpointIntervalMillis,
        @Nullable ParkedCut parked,
        long purgedAtMillis,
        int slot,
        int generation,
        @Nullable RandomId instance,
        @Nullable List<CellStart> cells)
        implements Fact {
    /** How far the parked topic was truncated. */
    record ParkedCut(long endOffset, long startOffset, int replicas, int inSyncReplicas, long cutConfirmedAtMillis) {}

    @Override
    public Object identity() {
        return "purged";
    }

    @Override
    public Object substance() {
        return reason;
    }
}
