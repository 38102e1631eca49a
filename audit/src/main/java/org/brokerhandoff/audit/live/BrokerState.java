package org.brokerhandoff.audit.live;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.PublishedBroker;

/**
 * State of a recipient, by the log.
 *
 * @param published its entry in the newest directory
 * @param accepted number of signups it accepted
 * @param lastAcceptedAt when it accepted last
 * @param suspendedUntil end of its suspension, after it refused the router's signature or declared that it is gone
 * @param lastNoticeConfirmedAt when it confirmed a notice last
 */
record BrokerState(
        PublishedBroker published,
        long accepted,
        Optional<Instant> lastAcceptedAt,
        Optional<Instant> suspendedUntil,
        Optional<Instant> lastNoticeConfirmedAt) {}
