package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;

/** The purge of a signup's data: level of verification, reason, and time of the claim. */
public record PurgeStatus(PurgeLevel level, PurgeReason reason, Instant at) {}
