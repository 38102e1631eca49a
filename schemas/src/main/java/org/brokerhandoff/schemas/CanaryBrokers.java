package org.brokerhandoff.schemas;

import java.util.Collection;
import org.brokerhandoff.event.BrokerStatus;

/**
 * Brokers that get retention canaries, which are invented, and no real person. They are identified by their ids, which a consent names and which
 * never change: a broker's status may change while a signup is in progress, and could then send a person to a test or a canary to a broker. Pure.
 */
public final class CanaryBrokers {
    /** Prefix of their ids, and of no others. */
    public static final String PREFIX = "canary-";

    private CanaryBrokers() {}

    /** Whether the broker {@code id} gets canaries. */
    public static boolean isOne(String id) {
        return id.startsWith(PREFIX);
    }

    /** Whether a consent that names {@code recipients} is a canary's. One that also names others belongs to a person, who goes to those. */
    public static boolean areAll(Collection<String> recipients) {
        return !recipients.isEmpty() && recipients.stream().allMatch(CanaryBrokers::isOne);
    }

    /** The status with which the broker {@code id} gets anything. */
    public static BrokerStatus receivingStatus(String id) {
        return isOne(id) ? BrokerStatus.TEST : BrokerStatus.ACTIVE;
    }
}
