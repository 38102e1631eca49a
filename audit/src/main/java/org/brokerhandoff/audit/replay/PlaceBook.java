package org.brokerhandoff.audit.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.routing.Places;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * Who was granted a place under which cap, granted again from the order of topic {@code places}; and how full each window ever
 * was. Some 150 bytes are kept for each place.
 */
public final class PlaceBook {
    /** Records of a window do not stand behind those of a window that begins this much later. */
    private static final Duration KEPT = Duration.ofDays(4);

    private final Places places = new Places();
    private final Map<UUID, List<Grant>> grants = new HashMap<>();
    private final Map<Window, Integer> hours = new HashMap<>();
    private final Map<Window, Integer> days = new HashMap<>();
    private final Map<Window, Integer> hourlyCaps = new HashMap<>();
    private final Map<Window, Integer> dailyCaps = new HashMap<>();
    private Instant newest = Instant.EPOCH;
    private long requests;
    private long granted;

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

    private record Window(String broker, Instant start) {}

    /** Takes the next record of a partition; all records of one partition come before those of the next. */
    public void take(SpecificRecord event) {
        if (event instanceof PlaceRequested request) {
            take(request);
        } else if (event instanceof PlaceReleased release) {
            places.apply(release);
            List<Grant> own = grants.getOrDefault(SignupIds.uuid(release.getSignupId()), new ArrayList<>());
            own.replaceAll(grant ->
                    grant.broker().equals(release.getBroker()) && grant.hour().equals(release.getHour())
                            ? grant.as(true)
                            : grant);
        }
    }

    private void take(PlaceRequested request) {
        requests++;
        if (request.getDay().isAfter(newest)) {
            newest = request.getDay();
            places.forgetBefore(newest.minus(KEPT));
        }
        if (!places.apply(request)) {
            return;
        }
        granted++;
        UUID signup = SignupIds.uuid(request.getSignupId());
        String broker = request.getBroker();
        List<Grant> own = grants.computeIfAbsent(signup, id -> new ArrayList<>(1));
        own.removeIf(grant -> grant.broker().equals(broker) && grant.hour().equals(request.getHour()));
        own.add(new Grant(broker, request.getHour(), request.getDay(), false));
        hourlyCaps.merge(new Window(broker, request.getHour()), cap(request.getHourlyCap()), Math::max);
        dailyCaps.merge(new Window(broker, request.getDay()), cap(request.getDailyCap()), Math::max);
        // The one who asks is taken out of what the library counts, and is in here: it has a place now.
        hours.merge(
                new Window(broker, request.getHour()),
                places.takenInHour(broker, request.getHour(), signup) + 1,
                Math::max);
        days.merge(
                new Window(broker, request.getDay()),
                places.takenOnDay(broker, request.getDay(), signup) + 1,
                Math::max);
    }

    /** The place that {@code signup} was granted at {@code broker} in the hour that began at {@code hour}. */
    public Optional<Grant> grant(UUID signup, String broker, Instant hour) {
        return grants.getOrDefault(signup, List.of()).stream()
                .filter(grant -> grant.broker().equals(broker) && grant.hour().equals(hour))
                .findFirst();
    }

    /** The most places that were ever taken at once in an hour. */
    public int mostInHour(String broker, Instant hour) {
        return hours.getOrDefault(new Window(broker, hour), 0);
    }

    /** The most places that were ever taken at once on a day. */
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

    /** How many places were asked for. */
    public long requests() {
        return requests;
    }

    /** How many of the requests were granted. */
    public long granted() {
        return granted;
    }
}
