package org.brokerhandoff.schemas;

import java.time.Duration;

/** When a consent may have been given, relative to its arrival. Ingest and audit use the same limits. */
public final class ConsentTimes {
    /** How far a website's clock may be ahead of ingest's. */
    public static final Duration MOST_CLOCK_SKEW = Duration.ofMinutes(5);
    /**
     * How old a consent may be when it arrives. A website that queues a signup during an outage delivers it within a day; an
     * older one is more likely a replay of stored data, which the promise to the person excludes.
     */
    public static final Duration MOST_CONSENT_AGE = Duration.ofHours(24);

    private ConsentTimes() {}
}
