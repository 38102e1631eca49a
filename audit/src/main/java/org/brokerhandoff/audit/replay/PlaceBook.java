package org.brokerhandoff.audit.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.routing.Places;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * Replays the grants of places under caps, from the order of topic {@code places}, and records the peak of each window. {@link Grants} has
 * the places of a signup.
 */
public final class PlaceBook {
    /** Records of a window never come after those of a window that starts this much later. */
    private static final Duration KEPT = Duration.ofDays(4);

    private final Places places = new Places();
    private final Map<Window, Integer> hours = new HashMap<>();
    private final Map<Window, Integer> days = new HashMap<>();
    private final Map<Window, Integer> hourlyCaps = new HashMap<>();
    private final Map<Window, Integer> dailyCaps = new HashMap<>();
    private Instant newest = Instant.EPOCH;
    private long requests;
    private long granted;

    private record Window(String broker, Instant start) {}

    /**
     * Takes the next record of a partition; all records of one partition come before those of the next.
     *
     * @return whether it is a request that is granted
     */
    public boolean take(SpecificRecord event) {
        if (event instanceof PlaceRequested request) {
            return granted(request);
        } else if (event instanceof PlaceReleased release) {
            places.apply(release);
        }
        return false;
    }

    private boolean granted(PlaceRequested request) {
        requests++;
        if (request.getDay().isAfter(newest)) {
            newest = request.getDay();
            places.forgetBefore(newest.minus(KEPT));
        }
        if (!places.apply(request)) {
            return false;
        }
        granted++;
        UUID signup = SignupIds.uuid(request.getSignupId());
        String broker = request.getBroker();
        hourlyCaps.merge(new Window(broker, request.getHour()), cap(request.getHourlyCap()), Math::max);
        dailyCaps.merge(new Window(broker, request.getDay()), cap(request.getDailyCap()), Math::max);
        // The library's count excludes the requester, which is included here: it has a place now.
        hours.merge(
                new Window(broker, request.getHour()),
                places.takenInHour(broker, request.getHour(), signup) + 1,
                Math::max);
        days.merge(
                new Window(broker, request.getDay()),
                places.takenOnDay(broker, request.getDay(), signup) + 1,
                Math::max);
        return true;
    }

    /** Adds the counts of other partitions. */
    public void add(PlaceBook other) {
        other.hours.forEach((window, most) -> hours.merge(window, most, Math::max));
        other.days.forEach((window, most) -> days.merge(window, most, Math::max));
        other.hourlyCaps.forEach((window, cap) -> hourlyCaps.merge(window, cap, Math::max));
        other.dailyCaps.forEach((window, cap) -> dailyCaps.merge(window, cap, Math::max));
        requests += other.requests;
        granted += other.granted;
    }

    /** The maximum of places taken at the same time in an hour. */
    public int mostInHour(String broker, Instant hour) {
        return hours.getOrDefault(new Window(broker, hour), 0);
    }

    /** The maximum of places taken at the same time on a day. */
    public int mostOnDay(String broker, Instant day) {
        return days.getOrDefault(new Window(broker, day), 0);
    }

    /** The highest cap under which a place was granted in an hour; {@link Integer#MAX_VALUE} for none. */
    public int hourlyCap(String broker, Instant hour) {
        return hourlyCaps.getOrDefault(new Window(broker, hour), Integer.MAX_VALUE);
    }

    /** The highest cap under which a place was granted on a day; {@link Integer#MAX_VALUE} for none. */
    public int dailyCap(String broker, Instant day) {
        return dailyCaps.getOrDefault(new Window(broker, day), Integer.MAX_VALUE);
    }

    private static int cap(@Nullable Integer cap) {
        return cap == null ? Integer.MAX_VALUE : cap;
    }

    /** Number of requests for places. */
    public long requests() {
        return requests;
    }

    /** Number of granted requests. */
    public long granted() {
        return granted;
    }
}
