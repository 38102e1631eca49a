package org.brokerhandoff.custody.time;

/** What ended a doubt about the clock. */
public enum ClockResolution {
    /** It came back to where the boot clock says it has to be. */
    CLOCK_RETURNED,
    /** Kafka's append times agree with it, from a clock that is not ours. */
    LOG_AGREES,
    /** Another process of this host has ended the doubt. */
    ANOTHER_PROCESS,
    /** An operator has said that it is right. */
    OPERATOR
}
