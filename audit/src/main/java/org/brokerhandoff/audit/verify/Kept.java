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
 * Until when preservation orders have one signup kept, by its events in the order of the log, for pages that judge nothing: whether an order was
 * one, {@link PreservationRules} says.
 */
public final class Kept {
    private final Map<RandomId, Instant> granted = new HashMap<>();
    private final Map<RandomId, Instant> released = new HashMap<>();

    /** Takes in an event of the signup; one that is about no hold is passed over. */
    public void add(SpecificRecord event) {
        if (event instanceof DisclosureDecided e && e.getPreservedUntil() != null) {
            granted.putIfAbsent(e.getRequestId(), e.getPreservedUntil());
        } else if (event instanceof PreservationReleased e) {
            released.putIfAbsent(e.getRequestId(), e.getReleasedAt());
        }
    }

    /** By when its purge has to be proven, where {@code eraseBy} was promised. */
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
