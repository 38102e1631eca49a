package org.brokerhandoff.custody;

import static org.brokerhandoff.custody.Completed.now;

import java.time.Duration;
import java.util.UUID;

/** Tests of restrictions of slots; each has one signup. */
abstract class SlotRestrictions extends TwoProcesses {
    static final Duration HOUR = Duration.ofHours(1);

    final UUID id = UUID.randomUUID();

    SlotRestrictions() {
        super(32, 4096);
    }

    final OfferOutcome offer(SlotReference slot, int attempts, BrokerTag broker) {
        return now(router.offer(() -> true, slot, id, attempts, broker));
    }
}
