package org.brokerhandoff.audit.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;

/** The places that one signup was granted, of each broker in the order of topic {@code places}. */
public final class Grants {
    private final List<Grant> grants = new ArrayList<>(1);

    /**
     * A place that was granted.
     *
     * @param hour beginning of its hour
     * @param day beginning of its day
     * @param released whether it was given back, and not granted again since
     */
    public record Grant(String broker, Instant hour, Instant day, boolean released) {
        private Grant as(boolean isReleased) {
            return new Grant(broker, hour, day, isReleased);
        }
    }

    /** Takes in a request that was granted. */
    public void granted(PlaceRequested request) {
        grants.removeIf(grant ->
                grant.broker().equals(request.getBroker()) && grant.hour().equals(request.getHour()));
        grants.add(new Grant(request.getBroker(), request.getHour(), request.getDay(), false));
    }

    /** Takes in that a place was given back. */
    public void released(PlaceReleased release) {
        grants.replaceAll(grant ->
                grant.broker().equals(release.getBroker()) && grant.hour().equals(release.getHour())
                        ? grant.as(true)
                        : grant);
    }

    /** The place at {@code broker} in the hour that began at {@code hour}. */
    public Optional<Grant> at(String broker, Instant hour) {
        return grants.stream()
                .filter(grant -> grant.broker().equals(broker) && grant.hour().equals(hour))
                .findFirst();
    }
}
