package org.brokerhandoff.custody.time;

import java.time.InstantSource;

/** Reads the host's clocks. */
@FunctionalInterface
public interface HostClock {
    /** All clocks, at one moment. */
    ClockReading read();

    /** The wall clock as it stands, for commands and tests: what runs on and expires things takes {@link TrustedTime}. */
    static InstantSource wallClock() {
        return InstantSource.system();
    }

    /** The clocks of this host. */
    static HostClock system() {
        return SystemClock.ofThisHost();
    }
}
