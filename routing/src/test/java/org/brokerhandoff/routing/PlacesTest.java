package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final Instant DAY = Instant.parse("2026-11-25T00:00:00Z");
    private static final Instant HOUR = Instant.parse("2026-11-25T13:00:00Z");
    private static final Instant NEXT = HOUR.plus(Duration.ofHours(1));

    private static PlaceRequested request(
            UUID signup, String broker, Instant hour, @Nullable Integer hourly, @Nullable Integer daily) {
        return new PlaceRequested(SignupIds.fixed(signup), broker, hour, hour, DAY, hourly, daily);
    }

    private static PlaceReleased release(UUID signup, String broker, Instant hour) {
        return new PlaceReleased(SignupIds.fixed(signup), broker, hour, hour);
    }

    private final UUID one = new UUID(0, 1);
    private final UUID two = new UUID(0, 2);
    private final UUID three = new UUID(0, 3);
    private final Places places = new Places();

    @Test
    void the_order_decides_and_a_repeat_is_the_same_place() {
        assertThat(places.apply(request(one, "a", HOUR, 1, null))).isTrue();
        assertThat(places.apply(request(two, "a", HOUR, 1, null))).isFalse();
        assertThat(places.apply(request(one, "a", HOUR, 1, null))).isTrue();
        assertThat(places.takenInHour("a", HOUR, two)).isEqualTo(1);
        assertThat(places.takenInHour("a", HOUR, one)).isZero();
        assertThat(places.apply(request(two, "b", HOUR, 1, null))).isTrue();
        assertThat(places.apply(request(two, "a", NEXT, 1, null))).isTrue();
    }

    @Test
    void a_place_that_is_given_back_is_for_whoever_asks_next() {
        places.apply(request(one, "a", HOUR, 1, 1));
        assertThat(places.apply(request(two, "a", HOUR, 1, 1))).isFalse();
        places.apply(release(one, "a", HOUR));
        assertThat(places.held(one)).isEmpty();
        assertThat(places.apply(request(two, "a", HOUR, 1, 1))).isTrue();
        // That place is no longer taken.
        places.apply(release(one, "a", HOUR));
        assertThat(places.apply(request(three, "a", HOUR, 1, 1))).isFalse();
    }

    @Test
    void a_signup_has_one_place_on_a_day_in_however_many_hours_it_asks() {
        assertThat(places.apply(request(one, "a", HOUR, null, 1))).isTrue();
        assertThat(places.apply(request(one, "a", NEXT, null, 1))).isTrue();
        assertThat(places.takenOnDay("a", DAY, two)).isEqualTo(1);
        places.apply(release(one, "a", HOUR));
        assertThat(places.apply(request(two, "a", NEXT, null, 1))).isFalse();
        places.apply(release(one, "a", NEXT));
        assertThat(places.apply(request(two, "a", NEXT, null, 1))).isTrue();
    }

    @Test
    void what_is_forgotten_leaves_nothing() {
        places.apply(request(one, "a", HOUR, 1, 1));
        places.forgetBefore(DAY);
        assertThat(places.holds(one, "a", HOUR)).isTrue();
        places.forgetBefore(DAY.plusMillis(1));
        assertThat(places.held(one)).isEmpty();
        assertThat(places.takenInHour("a", HOUR, two)).isZero();
    }

    @Test
    void what_is_forgotten_is_only_what_began_before_and_the_rest_still_fills_its_caps() {
        Instant tomorrow = DAY.plus(Duration.ofDays(1));
        Instant then = tomorrow.plus(Duration.ofHours(9));
        places.apply(request(one, "a", HOUR, 1, 1));
        places.apply(new PlaceRequested(SignupIds.fixed(one), "a", then, then, tomorrow, 1, 1));
        places.apply(new PlaceRequested(SignupIds.fixed(two), "b", then, then, tomorrow, 1, 1));
        places.forgetBefore(tomorrow);
        assertThat(places.holds(one, "a", HOUR)).isFalse();
        assertThat(places.takenOnDay("a", DAY, three)).isZero();
        assertThat(places.holds(one, "a", then)).isTrue();
        assertThat(places.holds(two, "b", then)).isTrue();
        assertThat(places.takenInHour("a", then, three)).isEqualTo(1);
        assertThat(places.takenOnDay("a", tomorrow, three)).isEqualTo(1);
        assertThat(places.takenOnDay("a", tomorrow, one)).isZero();
        assertThat(places.apply(new PlaceRequested(SignupIds.fixed(three), "a", then, then, tomorrow, 1, 1)))
                .isFalse();
    }

    /** Whatever is asked for and given back, in whatever order: no cap is ever exceeded, and two readers agree. */
    @Test
    void no_order_of_requests_and_releases_exceeds_a_cap() {
        Random random = new Random(31);
        for (int run = 0; run < 50; run++) {
            int hourly = 1 + random.nextInt(4);
            int daily = 1 + random.nextInt(8);
            List<SpecificRecord> log = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                UUID signup = new UUID(0, random.nextInt(30));
                Instant hour = DAY.plus(Duration.ofHours(random.nextInt(4)));
                log.add(
                        random.nextInt(3) == 0
                                ? release(signup, "a", hour)
                                : request(signup, "a", hour, hourly, daily));
            }
            Places first = new Places();
            Places second = new Places();
            Map<Instant, Set<UUID>> taken = new HashMap<>();
            for (SpecificRecord record : log) {
                if (record instanceof PlaceRequested request) {
                    boolean granted = first.apply(request);
                    assertThat(second.apply(request)).isEqualTo(granted);
                    UUID signup = SignupIds.uuid(request.getSignupId());
                    assertThat(first.holds(signup, "a", request.getHour())).isEqualTo(granted);
                    if (granted) {
                        taken.computeIfAbsent(request.getHour(), hour -> new HashSet<>())
                                .add(signup);
                    }
                } else if (record instanceof PlaceReleased release) {
                    first.apply(release);
                    second.apply(release);
                    taken.getOrDefault(release.getHour(), new HashSet<>())
                            .remove(SignupIds.uuid(release.getSignupId()));
                }
                Set<UUID> onDay = new HashSet<>();
                taken.values().forEach(signups -> {
                    assertThat(signups.size()).isLessThanOrEqualTo(hourly);
                    onDay.addAll(signups);
                });
                assertThat(onDay.size()).isLessThanOrEqualTo(daily);
                assertThat(first.takenOnDay("a", DAY, new UUID(9, 9))).isEqualTo(onDay.size());
            }
        }
    }
}
