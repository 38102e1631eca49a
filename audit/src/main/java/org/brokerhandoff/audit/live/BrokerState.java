package org.brokerhandoff.audit.live;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.PublishedBroker;

/**
 * How a recipient stands, by the log.
 *
 * @param published as the newest directory has it
 * @param accepted how many signups it accepted
 * @param lastAcceptedAt when it accepted last
 * @param suspendedUntil until when it gets nothing, since it refused the router's signature or said that it is gone
 * @param lastNoticeConfirmedAt when it confirmed a notice last
 */
record BrokerState(
        PublishedBroker published,
        long accepted,
        Optional<Instant> lastAcceptedAt,
        Optional<Instant> suspendedUntil,
        Optional<Instant> lastNoticeConfirmedAt) {}
