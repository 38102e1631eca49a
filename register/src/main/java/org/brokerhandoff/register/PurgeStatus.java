package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;

/** The purge of a signup's data: how far it was verified, why it was purged, and when that was claimed. */
public record PurgeStatus(PurgeLevel level, PurgeReason reason, Instant at) {}
