package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.HoldTimes;

/**
 * Until when preservation orders keep one signup, by its events in log order, for pages that judge nothing: whether an order is valid is
 * decided by {@link PreservationRules}.
 */
public final class Kept {
    private final Map<RandomId, Instant> granted = new HashMap<>();
    private final Map<RandomId, Instant> released = new HashMap<>();

    /** Adds an event of the signup; one that is about no hold is skipped. */
    public void add(SpecificRecord event) {
        if (event instanceof DisclosureDecided e && e.getPreservedUntil() != null) {
            granted.putIfAbsent(e.getRequestId(), e.getPreservedUntil());
        } else if (event instanceof PreservationReleased e) {
            released.putIfAbsent(e.getRequestId(), e.getReleasedAt());
        }
    }

    /** Deadline for the proof of its purge, if {@code eraseBy} was promised. */
    public Instant due(Instant receivedAt, Instant eraseBy) {
        Instant due = eraseBy;
        for (Map.Entry<RandomId, Instant> hold : granted.entrySet()) {
            Instant end = hold.getValue();
            Instant ended = released.get(hold.getKey());
            if (ended != null) {
                Instant after =
                        ended.plus(HoldTimes.promised(receivedAt, eraseBy).reserve());
                end = after.isBefore(end) ? after : end;
            }
            due = end.isAfter(due) ? end : due;
        }
        return due;
    }
}
