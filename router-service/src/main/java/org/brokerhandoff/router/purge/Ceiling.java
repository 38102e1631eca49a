package org.brokerhandoff.router.purge;

import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;

/**
 * How far this router's claims may go. Each claim names the examination that permits it, so that an auditor need not find it by comparing
 * the clocks of two hosts.
 *
 * @param instance this start of the router, as its examination in the log names it
 * @param highest the highest level that its purges may claim, whatever the brokers show
 */
public record Ceiling(RandomId instance, PurgeLevel highest) {
    /** What {@code examined} permits. */
    public static Ceiling of(CustodyExamined examined) {
        return new Ceiling(examined.getInstance(), examined.getHighestLevel());
    }
}
