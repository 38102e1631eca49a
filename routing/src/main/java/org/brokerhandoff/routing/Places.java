package org.brokerhandoff.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The places taken under each cap: a function of the records of topic {@code places} in the order of their partition alone,
 * so that all readers of the same records agree. Every record counts at its position, even a repeat. Not thread-safe.
 *
 * <p>A request is granted if fewer places than its caps allow are taken in its hour and on its day. A signup has one place in an hour, and one on
 * a day, regardless of the number of requests.
 */
public final class Places {
    private final Map<String, BrokerPlaces> brokers = new HashMap<>();
    private final Map<UUID, Set<Place>> held = new HashMap<>();

    /**
     * A place that a signup has.
     *
     * @param broker whose cap
     * @param hour beginning of the hour
     * @param day beginning of the day
     */
    public record Place(String broker, Instant hour, Instant day) {}

    private static final class BrokerPlaces {
        final Map<Instant, Set<UUID>> hours = new HashMap<>();
        /** Hours in which a signup has a place, by day. */
        final Map<Instant, Map<UUID, Set<Instant>>> days = new HashMap<>();
    }

    /** Takes the next record of a partition; whether it is granted. */
    public boolean apply(PlaceRequested request) {
        UUID signup = SignupIds.uuid(request.getSignupId());
        BrokerPlaces places = brokers.computeIfAbsent(request.getBroker(), broker -> new BrokerPlaces());
        Set<UUID> hour = places.hours.computeIfAbsent(request.getHour(), start -> new HashSet<>());
        Map<UUID, Set<Instant>> day = places.days.computeIfAbsent(request.getDay(), start -> new HashMap<>());
        if (hour.contains(signup)) {
            return true;
        }
        Integer hourlyCap = request.getHourlyCap();
        Integer dailyCap = request.getDailyCap();
        if ((hourlyCap != null && hour.size() >= hourlyCap)
                || (dailyCap != null && !day.containsKey(signup) && day.size() >= dailyCap)) {
            return false;
        }
        hour.add(signup);
        day.computeIfAbsent(signup, id -> new HashSet<>()).add(request.getHour());
        held.computeIfAbsent(signup, id -> new HashSet<>())
                .add(new Place(request.getBroker(), request.getHour(), request.getDay()));
        return true;
    }

    /** Takes the next record of a partition. */
    public void apply(PlaceReleased release) {
        UUID signup = SignupIds.uuid(release.getSignupId());
        for (Place place : held(signup)) {
            if (place.broker().equals(release.getBroker()) && place.hour().equals(release.getHour())) {
                remove(signup, place);
            }
        }
    }

    private void remove(UUID signup, Place place) {
        Set<Place> places = held.getOrDefault(signup, new HashSet<>());
        places.remove(place);
        if (places.isEmpty()) {
            held.remove(signup);
        }
        BrokerPlaces broker = brokers.get(place.broker());
        if (broker == null) {
            return;
        }
        broker.hours.getOrDefault(place.hour(), new HashSet<>()).remove(signup);
        Map<UUID, Set<Instant>> day = broker.days.getOrDefault(place.day(), new HashMap<>());
        Set<Instant> hours = day.getOrDefault(signup, new HashSet<>());
        hours.remove(place.hour());
        if (hours.isEmpty()) {
            day.remove(signup);
        }
    }

    /** Places taken in the hour of {@code broker} that begins at {@code hour}, by other signups than {@code but}. */
    public int takenInHour(String broker, Instant hour, UUID but) {
        BrokerPlaces places = brokers.get(broker);
        Set<UUID> taken = places == null ? Set.of() : places.hours.getOrDefault(hour, Set.of());
        return taken.size() - (taken.contains(but) ? 1 : 0);
    }

    /** Places taken on the day of {@code broker} that begins at {@code day}, by other signups than {@code but}. */
    public int takenOnDay(String broker, Instant day, UUID but) {
        BrokerPlaces places = brokers.get(broker);
        Map<UUID, Set<Instant>> taken = places == null ? Map.of() : places.days.getOrDefault(day, Map.of());
        return taken.size() - (taken.containsKey(but) ? 1 : 0);
    }

    /** The places that a signup has. */
    public List<Place> held(UUID signup) {
        return new ArrayList<>(held.getOrDefault(signup, Set.of()));
    }

    /** Whether a signup has a place in that hour. */
    public boolean holds(UUID signup, String broker, Instant hour) {
        return held.getOrDefault(signup, Set.of()).stream()
                .anyMatch(place -> place.broker().equals(broker) && place.hour().equals(hour));
    }

    /** Forgets the places of days that began before {@code day}, which are no longer asked for. */
    public void forgetBefore(Instant day) {
        held.values().forEach(places -> places.removeIf(place -> place.day().isBefore(day)));
        held.values().removeIf(Set::isEmpty);
        brokers.values().forEach(places -> {
            places.days.keySet().removeIf(start -> start.isBefore(day));
            places.hours.keySet().removeIf(start -> start.isBefore(day));
        });
        brokers.values().removeIf(places -> places.days.isEmpty());
    }
}
