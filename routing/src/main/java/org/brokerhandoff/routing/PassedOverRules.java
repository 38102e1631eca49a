package org.brokerhandoff.routing;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;

/** Which brokers are skipped for a signup, by its events in the order of the log. Pure. */
public final class PassedOverRules {
    private PassedOverRules() {}

    /**
     * {@code passedOver} with what {@code event}, of the same signup, says. The first reason stands, except that a refusal or a
     * release replaces a declined ping: of two routers one may have been declined and the other not.
     */
    public static Map<String, ExclusionReason> with(Map<String, ExclusionReason> passedOver, SpecificRecord event) {
        if (event instanceof Refused refused) {
            return ended(passedOver, refused.getBroker(), ExclusionReason.REFUSED_BEFORE);
        } else if (event instanceof Released released) {
            return ended(passedOver, released.getBroker(), ExclusionReason.NOT_RECEIVED);
        } else if (event instanceof PingMade ping) {
            return declined(passedOver, ping.getBroker());
        }
        return passedOver;
    }

    /** With the end of the assignment to {@code broker}. */
    public static Map<String, ExclusionReason> ended(
            Map<String, ExclusionReason> passedOver, String broker, ExclusionReason reason) {
        return ended(passedOver, broker) ? passedOver : put(passedOver, broker, reason);
    }

    /** With a ping that {@code broker} declined. */
    public static Map<String, ExclusionReason> declined(Map<String, ExclusionReason> passedOver, String broker) {
        return passedOver.containsKey(broker) ? passedOver : put(passedOver, broker, ExclusionReason.PING_DECLINED);
    }

    /** Whether the broker's assignment has ended, and the signup is certain not to be there. */
    public static boolean ended(Map<String, ExclusionReason> passedOver, String broker) {
        ExclusionReason reason = passedOver.get(broker);
        return reason == ExclusionReason.REFUSED_BEFORE || reason == ExclusionReason.NOT_RECEIVED;
    }

    private static Map<String, ExclusionReason> put(
            Map<String, ExclusionReason> passedOver, String broker, ExclusionReason reason) {
        Map<String, ExclusionReason> more = new HashMap<>(passedOver);
        more.put(broker, reason);
        return Map.copyOf(more);
    }
}
