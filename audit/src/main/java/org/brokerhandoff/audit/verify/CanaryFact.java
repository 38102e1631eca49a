package org.brokerhandoff.audit.verify;

import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;

/**
 * A retention canary was sent and searched for.
 *
 * @param sentAtMillis when it was submitted, by the canary's clock
 * @param checkedAtMillis when the wait for the purge ended
 * @param verdict its result
 * @param planted number of forms planted before, and found
 * @param findings places where something of it was found
 * @param unreadable what could not be searched
 */
record CanaryFact(
        long sentAtMillis, long checkedAtMillis, CanaryVerdict verdict, int planted, long findings, long unreadable)
        implements Fact {
    static Optional<Fact> of(SpecificRecord event) {
        return event instanceof CanaryChecked e
                ? Optional.of(new CanaryFact(
                        e.getSentAt().toEpochMilli(),
                        e.getCheckedAt().toEpochMilli(),
                        e.getVerdict(),
                        e.getPlanted(),
                        e.getFindings(),
                        e.getUnreadable()))
                : Optional.empty();
    }

    @Override
    public Object identity() {
        return "canary/" + checkedAtMillis;
    }

    @Override
    public Object substance() {
        return verdict;
    }
}
