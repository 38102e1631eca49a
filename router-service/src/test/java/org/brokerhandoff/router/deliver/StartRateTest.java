package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.brokerhandoff.router.deliver.PartitionShare.Owned;
import org.brokerhandoff.router.deliver.StartRate.Permission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When attempts may start, of one router and of several. */
class StartRateTest {
    private static final int PARTITIONS = 12;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** The start of a test; its routers have what they have for long. */
    private static final long START = 1000 * SECOND;

    private final StartRate rate = new StartRate(Duration.ofSeconds(1));

    private static PartitionShare share(long since, int count) {
        Set<Owned> owned = new HashSet<>();
        for (int i = 0; i < count; i++) {
            owned.add(new Owned(i, since));
        }
        return new PartitionShare(owned, PARTITIONS);
    }

    private static PartitionShare both(PartitionShare one, PartitionShare other) {
        Set<Owned> owned = new HashSet<>(one.owned());
        owned.addAll(other.owned());
        return new PartitionShare(owned, PARTITIONS);
    }

    /** Asks until nothing is given any more. */
    private List<Permission> given(int perSecond, PartitionShare share, long now) {
        List<Permission> all = new ArrayList<>();
        for (Optional<Permission> given = rate.ask(perSecond, share, now);
                given.isPresent();
                given = rate.ask(perSecond, share, now)) {
            all.add(given.get());
        }
        return all;
    }

    private List<Duration> all(int perSecond, PartitionShare share, long now) {
        return given(perSecond, share, now).stream().map(Permission::delay).toList();
    }

    /** Takes all; what comes later is given back. */
    private int atOnce(int perSecond, PartitionShare share, long now) {
        List<Permission> given = given(perSecond, share, now);
        given.forEach(rate::giveBack);
        return (int) given.stream().filter(next -> next.delay().isZero()).count();
    }

    @Test
    void the_owner_of_all_starts_as_many_at_once_as_the_limit_says_and_then_one_after_the_other() {
        PartitionShare whole = share(0, PARTITIONS);
        List<Permission> given = given(4, whole, START);
        assertThat(given)
                .extracting(Permission::delay)
                .containsExactly(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofMillis(750),
                        Duration.ofMillis(1000));
        assertThat(rate.left(4, whole, START)).isEqualTo(-4);
        assertThat(rate.left(4, whole, START + SECOND)).isZero();
        given.forEach(permission -> rate.use(permission, 4, whole, START + SECOND));
        assertThat(rate.left(4, whole, START + 60 * SECOND)).isEqualTo(4);
    }

    @Test
    void attempts_that_come_late_do_not_come_on_top_of_what_is_saved_up() {
        PartitionShare whole = share(0, PARTITIONS);
        List<Permission> given = given(4, whole, START);
        assertThat(rate.left(4, whole, START + 10 * SECOND))
                .as("four are still to start")
                .isZero();
        given.forEach(permission ->
                assertThat(rate.use(permission, 4, whole, START + 10 * SECOND)).isTrue());
        assertThat(rate.left(4, whole, START + 10 * SECOND)).isZero();
        assertThat(rate.left(4, whole, START + 11 * SECOND)).isEqualTo(4);
    }

    @Test
    void what_is_given_back_can_be_had_by_another() {
        PartitionShare whole = share(0, PARTITIONS);
        assertThat(atOnce(4, whole, START)).isEqualTo(4);
        Permission later = rate.ask(4, whole, START).orElseThrow();
        rate.giveBack(later);
        assertThat(rate.ask(4, whole, START).orElseThrow().delay()).isEqualTo(later.delay());
    }

    @Test
    void a_limit_that_is_new_or_higher_brings_nothing_for_the_time_before() {
        PartitionShare whole = share(0, PARTITIONS);
        assertThat(atOnce(4, whole, START)).isEqualTo(4);
        assertThat(rate.left(100, whole, START + SECOND))
                .as("at the former limit")
                .isEqualTo(4);
        assertThat(rate.left(100, whole, START + 2 * SECOND)).isEqualTo(100);
        rate.begin(50, whole, START + 3 * SECOND);
        assertThat(rate.left(50, whole, START + 3 * SECOND)).isZero();
        assertThat(rate.left(50, whole, START + 3 * SECOND + SECOND / 2)).isEqualTo(25);
    }

    @Test
    void an_owner_of_a_part_has_that_part_of_the_limit() {
        PartitionShare third = share(0, 4);
        assertThat(atOnce(30, third, START)).isEqualTo(10);
        assertThat(rate.left(30, third, START + SECOND / 2)).isEqualTo(5);
        assertThat(rate.left(30, third, START + 60 * SECOND)).isEqualTo(10);
    }

    @Test
    void an_owner_of_nothing_starts_nothing() {
        assertThat(rate.ask(100, share(0, 0), START)).isEmpty();
        assertThat(rate.left(100, share(0, 0), START)).isZero();
    }

    @Test
    void a_part_of_less_than_one_a_second_comes_as_rarely_as_that() {
        PartitionShare quarter = share(0, 3);
        assertThat(all(1, quarter, START)).containsExactly(Duration.ZERO);
        assertThat(rate.ask(1, quarter, START + 2 * SECOND))
                .as("two seconds more")
                .isEmpty();
        Permission next = rate.ask(1, quarter, START + 3 * SECOND).orElseThrow();
        assertThat(next.delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rate.use(next, 1, quarter, START + 4 * SECOND)).isTrue();
        assertThat(rate.left(1, quarter, START + 100 * SECOND)).isEqualTo(1);
    }

    @Test
    void partitions_that_were_gained_bring_nothing_of_what_their_former_owner_may_have_used() {
        PartitionShare gained = share(START, PARTITIONS);
        assertThat(rate.left(12, gained, START)).isZero();
        assertThat(rate.left(12, gained, START + SECOND / 2)).isEqualTo(6);
        assertThat(rate.left(12, gained, START + 5 * SECOND)).isEqualTo(12);
    }

    @Test
    void partitions_that_were_gained_while_nothing_was_asked_count_from_their_lease_on() {
        assertThat(rate.left(12, share(START, PARTITIONS), START + SECOND / 2)).isEqualTo(6);
    }

    @Test
    void partitions_that_went_and_came_back_unseen_bring_nothing_of_before() {
        assertThat(rate.left(12, share(0, PARTITIONS), START)).isEqualTo(12);
        assertThat(rate.left(12, share(START + 9 * SECOND, PARTITIONS), START + 9 * SECOND))
                .isZero();
    }

    @Test
    void with_partitions_that_go_goes_what_they_had_saved_up() {
        assertThat(rate.left(12, share(0, PARTITIONS), START)).isEqualTo(12);
        assertThat(rate.left(12, share(0, 3), START)).isEqualTo(3);
        assertThat(rate.left(12, share(0, 0), START)).isZero();
    }

    @Test
    void what_was_promised_does_not_stand_once_a_partition_has_gone() {
        PartitionShare whole = share(0, PARTITIONS);
        assertThat(atOnce(12, whole, START)).isEqualTo(12);
        Permission promised = rate.ask(12, whole, START + SECOND / 20).orElseThrow();
        assertThat(rate.use(promised, 12, share(0, PARTITIONS - 1), START + SECOND))
                .isFalse();
        assertThat(rate.ask(12, share(0, PARTITIONS - 1), START + SECOND)
                        .orElseThrow()
                        .delay())
                .as("what was not used is not owed")
                .isLessThan(Duration.ofMillis(100));
    }

    @Test
    void what_was_promised_stands_when_a_partition_comes() {
        PartitionShare half = share(0, 6);
        assertThat(atOnce(12, half, START)).isEqualTo(6);
        Permission promised = rate.ask(12, half, START + SECOND / 5).orElseThrow();
        PartitionShare more = both(half, new PartitionShare(Set.of(new Owned(7, START)), PARTITIONS));
        assertThat(rate.use(promised, 12, more, START + SECOND)).isTrue();
    }

    @Test
    void a_limit_that_changes_gives_no_second_burst() {
        PartitionShare whole = share(0, PARTITIONS);
        assertThat(rate.left(4, whole, START)).isEqualTo(4);
        assertThat(rate.left(10, whole, START)).isEqualTo(4);
        assertThat(rate.left(2, whole, START)).isEqualTo(2);
        assertThat(rate.left(2, whole, START + 9 * SECOND)).isEqualTo(2);
    }

    /** Routers that take partitions from each other at random moments, and ask for more than they get. */
    private static final class Group {
        private record Waiting(long at, int router, Permission permission) {}

        private final int perSecond;
        private final Random random;
        private final List<StartRate> rates = new ArrayList<>();
        /** Of each router, under which lease it has which partition. */
        private final List<Map<Integer, Owned>> owned = new ArrayList<>();

        private final Map<Integer, Long> free = new TreeMap<>();
        private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::at));
        private final List<Long> starts = new ArrayList<>();

        Group(int routers, int perSecond, long seed) {
            this.perSecond = perSecond;
            random = new Random(seed);
            for (int i = 0; i < routers; i++) {
                rates.add(new StartRate(Duration.ofSeconds(1)));
                owned.add(new TreeMap<>());
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                owned.get(partition % routers).put(partition, new Owned(partition, 0));
            }
        }

        private PartitionShare share(int router) {
            return new PartitionShare(Set.copyOf(owned.get(router).values()), PARTITIONS);
        }

        private void passTo(long now) {
            for (Waiting next = waiting.peek(); next != null && next.at() <= now; next = waiting.peek()) {
                waiting.remove();
                // On a machine that is busy, or after a pause of the process, they come late.
                if (rates.get(next.router()).use(next.permission(), perSecond, share(next.router()), now)) {
                    starts.add(now);
                }
            }
        }

        private void ask(int router, long now) {
            rates.get(router).ask(perSecond, share(router), now).ifPresent(permission -> {
                if (permission.delay().isZero()) {
                    starts.add(now);
                } else {
                    waiting.add(new Waiting(now + permission.delay().toNanos(), router, permission));
                }
            });
        }

        private void move(long now) {
            Map<Integer, Owned> loser = owned.get(random.nextInt(owned.size()));
            List.copyOf(loser.keySet()).stream()
                    .limit(random.nextInt(PARTITIONS))
                    .forEach(partition -> {
                        loser.remove(partition);
                        free.put(partition, now + random.nextInt(5) * SECOND / 20);
                    });
        }

        private void takeUp(long now) {
            List.copyOf(free.entrySet()).stream()
                    .filter(partition -> partition.getValue() <= now)
                    .forEach(partition -> {
                        free.remove(partition.getKey());
                        owned.get(random.nextInt(owned.size()))
                                .put(partition.getKey(), new Owned(partition.getKey(), now));
                    });
        }

        /** In order, in nanoseconds. */
        List<Long> run(Duration time, double movesPerSecond) {
            for (long now = START; now < START + time.toNanos(); now += SECOND / 200 + random.nextInt(10_000_000)) {
                if (now / SECOND % 5 != 4) {
                    passTo(now);
                }
                if (random.nextDouble() < movesPerSecond / 100) {
                    move(now);
                }
                takeUp(now);
                // Now and then nothing is asked, so that something is saved up, and then much.
                int asked = now / SECOND % 7 < 2 ? 0 : random.nextInt(2 * perSecond);
                for (int i = 0; i < asked; i++) {
                    ask(random.nextInt(rates.size()), now);
                }
            }
            return starts;
        }
    }

    @ParameterizedTest(name = "{0} a second, {1} routers, {2} moves a second")
    @CsvSource({"24, 3, 0", "24, 3, 1", "24, 2, 5", "12, 6, 1", "7, 3, 1", "5, 12, 0.5", "1, 3, 0.2", "100, 4, 20"})
    void whatever_moves_all_together_never_start_more_than_the_limit_and_what_was_saved_up(
            int perSecond, int routers, double movesPerSecond) {
        for (long seed = 0; seed < 20; seed++) {
            List<Long> starts = new Group(routers, perSecond, seed).run(Duration.ofSeconds(20), movesPerSecond);
            starts.sort(Comparator.naturalOrder());
            // Where a share may be below one a second, each router may have saved up one.
            int rounded = perSecond < PARTITIONS ? routers : 0;
            assertThat(mostSavedUp(starts, perSecond))
                    .as("seed %s", seed)
                    .isLessThanOrEqualTo(perSecond + rounded + 1e-6);
        }
    }

    /** By how much the starts of some time are more than what that time brings, at most over all times between two starts. */
    private static double mostSavedUp(List<Long> starts, int perSecond) {
        double most = 0;
        double least = Double.MAX_VALUE;
        for (int i = 0; i < starts.size(); i++) {
            double brought = perSecond * (starts.get(i) - START) / (double) SECOND;
            least = Math.min(least, i - brought);
            most = Math.max(most, i + 1 - brought - least);
        }
        return most;
    }

    @Test
    void together_they_start_as_many_as_the_limit_says() {
        for (int routers = 1; routers <= 4; routers++) {
            Group group = new Group(routers, 24, 1);
            for (long now = START; now <= START + 10 * SECOND; now += SECOND / 50) {
                group.passTo(now);
                for (int router = 0; router < routers; router++) {
                    group.ask(router, now);
                }
            }
            assertThat(group.starts.size()).as("%s routers", routers).isBetween(24 * 11 - 5, 24 * 11);
        }
    }
}
