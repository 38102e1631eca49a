package org.brokerhandoff.audit.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;

/** The places granted to one signup, per broker in the order of topic {@code places}. */
public final class Grants {
    private final List<Grant> grants = new ArrayList<>(1);

    /**
     * A granted place.
     *
     * @param hour start of its hour
     * @param day start of its day
     * @param released whether it was released, and not granted again since
     */
    public record Grant(String broker, Instant hour, Instant day, boolean released) {
        private Grant as(boolean isReleased) {
            return new Grant(broker, hour, day, isReleased);
        }
    }

    /** Adds a granted request. */
    public void granted(PlaceRequested request) {
        grants.removeIf(grant ->
                grant.broker().equals(request.getBroker()) && grant.hour().equals(request.getHour()));
        grants.add(new Grant(request.getBroker(), request.getHour(), request.getDay(), false));
    }

    /** Adds a release. */
    public void released(PlaceReleased release) {
        grants.replaceAll(grant ->
                grant.broker().equals(release.getBroker()) && grant.hour().equals(release.getHour())
                        ? grant.as(true)
                        : grant);
    }

    /** The place at {@code broker} in the hour that starts at {@code hour}. */
    public Optional<Grant> at(String broker, Instant hour) {
        return grants.stream()
                .filter(grant -> grant.broker().equals(broker) && grant.hour().equals(hour))
                .findFirst();
    }
}
