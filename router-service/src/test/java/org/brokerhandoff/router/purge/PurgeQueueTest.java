package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The queue beside one that judges every pending purge each time, as this router once did; and what it leaves alone. */
class PurgeQueueTest {
    private static final int PARTITION = 2;
    private static final Instant T0 = Instant.parse("2026-11-22T13:00:00Z");
    private static final Duration CHECKPOINT = Duration.ofMinutes(1);

    private static PurgePlanner planner(PurgeLevel highest) {
        return new PurgePlanner(CHECKPOINT, Duration.ofSeconds(1), highest, Duration.ofMinutes(2));
    }

    private static PendingPurge purge(
            UUID id, PurgeReason reason, OptionalLong offset, boolean parked, Instant fallback) {
        return new PendingPurge(
                id,
                new SlotReference(1, 1),
                reason,
                offset,
                parked,
                OptionalLong.empty(),
                OptionalLong.empty(),
                T0,
                ReadBack.DIRECT,
                List.of(),
                Optional.of(fallback.plusSeconds(150)),
                fallback);
    }

    private static PendingPurge delivered(long offset) {
        return purge(UUID.randomUUID(), PurgeReason.DELIVERED, OptionalLong.of(offset), false, T0.plusSeconds(86_400));
    }

    private static PartitionPurge verified(PartitionPurge state, long offset, Instant at) {
        PartitionPurge.Cut cut = new PartitionPurge.Cut(offset, at);
        return state.cut(offset, at).observed(cut, offset, Brokers.replicas(1, 1));
    }

    private static LogErased report(SealedTopic topic, int broker, long lowest, Instant at) {
        return LogErased.newBuilder(ErasureReportsTest.look(broker, PARTITION, lowest, at))
                .setTopic(topic)
                .build();
    }

    /** A claim of no more than UNREADABLE says nothing of ends and cuts, and the queue does not have them looked for. */
    private static PurgeQueue.Claim comparable(PurgeQueue.Claim claim) {
        return claim.level() == PurgeLevel.UNREADABLE
                ? new PurgeQueue.Claim(
                        claim.purge().parked() ? claim.purge().foundParked() : claim.purge(),
                        claim.level(),
                        Optional.empty())
                : claim;
    }

    /** Judges all, each time. */
    private static final class Naive {
        final PurgePlanner planner;
        final Map<PendingPurge.Key, PendingPurge> pending = new LinkedHashMap<>();
        final Map<PendingPurge.Key, PurgePlanner.Reached> reached = new HashMap<>();

        Naive(PurgePlanner planner) {
            this.planner = planner;
        }

        void add(PendingPurge purge) {
            pending.compute(purge.key(), (key, before) -> {
                PendingPurge merged = before == null ? purge : before.merge(purge);
                return purge.parked() ? merged.foundParked() : merged;
            });
        }

        Map<PendingPurge.Key, PurgeQueue.Claim> claims(
                PartitionPurge signups, PartitionPurge parked, ErasureReports reports, Instant now, Waits waits) {
            Map<PendingPurge.Key, PurgeQueue.Claim> claims = new HashMap<>();
            pending.forEach((key, purge) -> {
                Optional<PurgePlanner.Reached> known =
                        planner.reached(purge, signups, parked, Optional.ofNullable(reached.get(key)), now);
                known.ifPresentOrElse(at -> reached.put(key, at), () -> reached.remove(key));
                PurgeDecision decision = planner.decide(purge, PARTITION, signups, parked, known, reports, false, now);
                if (decision instanceof PurgeDecision.Claim claim) {
                    claims.put(key, comparable(new PurgeQueue.Claim(purge, claim.level(), known)));
                } else if (decision instanceof PurgeDecision.Wait wait) {
                    waits.count(wait.reason(), known);
                }
            });
            return claims;
        }
    }

    private static final class Waits {
        int cut;
        int replicas;
        int files;
        final Set<Integer> away = new TreeSet<>();
        Optional<Instant> filesSince = Optional.empty();

        void count(PurgeWait wait, Optional<PurgePlanner.Reached> reached) {
            if (wait instanceof PurgeWait.ForReplicas forReplicas) {
                replicas++;
                away.addAll(forReplicas.brokers());
            } else if (wait instanceof PurgeWait.ForErasure forErasure) {
                files++;
                if (!forErasure.brokers().isEmpty()) {
                    Instant since = reached.orElseThrow().since();
                    filesSince = Optional.of(
                            filesSince.filter(other -> other.isBefore(since)).orElse(since));
                }
            } else {
                cut++;
            }
        }

        PurgeWaits all() {
            return new PurgeWaits(cut, replicas, files, away);
        }
    }

    /** Events in random order: the same claims, at the same levels, on the same evidence, and the same waits. */
    @ParameterizedTest
    @EnumSource(PurgeLevel.class)
    void it_claims_what_judging_every_purge_each_time_would_claim(PurgeLevel highest) {
        int claimed = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            PurgePlanner planner = planner(highest);
            PurgeQueue queue = new PurgeQueue(planner, PARTITION);
            Naive naive = new Naive(planner);
            PartitionPurge[] states = {PartitionPurge.NONE, PartitionPurge.NONE};
            long[] ends = {0, 0};
            ErasureReports reports = ErasureReports.NONE;
            Instant now = T0;
            List<UUID> ids = new ArrayList<>();
            for (int step = 0; step < 80; step++) {
                now = now.plusSeconds(random.nextInt(8) == 0 ? random.nextInt(200) : 1 + random.nextInt(3));
                for (int i = random.nextInt(4); i > 0; i--) {
                    UUID id = ids.isEmpty() || random.nextInt(4) > 0
                            ? new UUID(random.nextLong(), random.nextLong())
                            : ids.get(random.nextInt(ids.size()));
                    ids.add(id);
                    boolean parked = random.nextInt(3) == 0;
                    PendingPurge purge = purge(
                            id,
                            random.nextInt(9) == 0 ? PurgeReason.INVALID : PurgeReason.DELIVERED,
                            random.nextInt(5) == 0 ? OptionalLong.empty() : OptionalLong.of(ends[0]++),
                            parked,
                            now.plusSeconds(1 + random.nextInt(400)));
                    ends[1] += parked ? 1 : 0;
                    queue.add(purge, now);
                    naive.add(purge);
                }
                if (random.nextInt(3) == 0) {
                    Instant at = now;
                    queue.standBefore(ends[1], ends[0], at);
                    naive.pending.replaceAll(
                            (key, purge) -> purge.parked() && purge.parkedEnd().isEmpty()
                                    ? purge.standingBefore(ends[1], ends[0])
                                    : purge);
                }
                int topic = random.nextInt(2);
                switch (random.nextInt(6)) {
                    case 0 -> states[topic] = states[topic].undone(0);
                    case 1 ->
                        states[topic] = states[topic].lookedAt(
                                states[topic].cutTo(), Brokers.replicas(3, 1 + random.nextInt(3)));
                    default ->
                        states[topic] = verified(
                                states[topic],
                                Math.max(states[topic].cutTo(), ends[topic] - random.nextInt(5)),
                                now.minusSeconds(random.nextInt(3)));
                }
                if (random.nextInt(3) == 0) {
                    SealedTopic sealed = random.nextBoolean() ? SealedTopic.SIGNUPS : SealedTopic.SIGNUPS_PARKED;
                    reports = reports.with(List.of(report(
                            sealed, 1, ends[sealed == SealedTopic.SIGNUPS ? 0 : 1] + 2 - random.nextInt(5), now)));
                }
                if (!ids.isEmpty() && random.nextInt(10) == 0) {
                    PendingPurge.Key key =
                            new PendingPurge.Key(new SlotReference(1, 1), ids.get(random.nextInt(ids.size())));
                    queue.foundParked(key, now);
                    naive.pending.computeIfPresent(key, (same, purge) -> purge.foundParked());
                }
                queue.cut(states[0], states[1], now);
                Waits waits = new Waits();
                Map<PendingPurge.Key, PurgeQueue.Claim> expected =
                        naive.claims(states[0], states[1], reports, now, waits);
                Map<PendingPurge.Key, PurgeQueue.Claim> claims = new HashMap<>();
                queue.claims(reports, now)
                        .forEach(claim -> claims.put(claim.purge().key(), comparable(claim)));
                assertThat(claims).as("seed %d, step %d", seed, step).isEqualTo(expected);
                assertThat(queue.waits()).as("seed %d, step %d", seed, step).isEqualTo(waits.all());
                assertThat(queue.filesAwaitedSince()).isEqualTo(waits.filesSince);
                assertThat(queue.size()).isEqualTo(naive.pending.size());
                for (PurgeQueue.Claim claim : claims.values()) {
                    PendingPurge.Key key = claim.purge().key();
                    // Some are not acknowledged, and told again the next time. What is told again after its limit, and
                    // so without ends, is
                    // claimed at once here and with the ends of the same moment there: that is left out.
                    if (random.nextInt(4) > 0 || claim.purge().parked()) {
                        queue.acknowledged(key);
                        naive.pending.remove(key);
                        naive.reached.remove(key);
                        claimed++;
                    }
                }
            }
        }
        assertThat(claimed).isGreaterThan(10_000);
    }

    @Test
    void nothing_is_due_while_cuts_are_waited_for_except_the_earliest_limit() {
        PurgeQueue queue = new PurgeQueue(planner(PurgeLevel.ERASED), PARTITION);
        assertThat(queue.nextAt(T0)).isEmpty();
        queue.add(purge(UUID.randomUUID(), PurgeReason.DELIVERED, OptionalLong.of(8), false, T0.plusSeconds(900)), T0);
        queue.add(purge(UUID.randomUUID(), PurgeReason.EXPIRED, OptionalLong.of(9), false, T0.plusSeconds(300)), T0);
        queue.add(purge(UUID.randomUUID(), PurgeReason.EXPIRED, OptionalLong.of(7), false, T0.plusSeconds(600)), T0);
        assertThat(queue.claims(ErasureReports.NONE, T0)).isEmpty();
        assertThat(queue.nextAt(T0)).contains(T0.plusSeconds(300));
        List<PurgeQueue.Claim> inTime = queue.claims(ErasureReports.NONE, T0.plusSeconds(300));
        assertThat(inTime).singleElement().satisfies(claim -> {
            assertThat(claim.level()).isEqualTo(PurgeLevel.UNREADABLE);
            assertThat(claim.purge().offset()).hasValue(9);
        });
        queue.acknowledged(inTime.get(0).purge().key());
        assertThat(queue.nextAt(T0.plusSeconds(300))).contains(T0.plusSeconds(600));
    }

    @Test
    void a_clock_that_is_set_back_makes_what_was_claimed_for_its_limit_wait_again() {
        PurgeQueue queue = new PurgeQueue(planner(PurgeLevel.ERASED), PARTITION);
        queue.add(purge(UUID.randomUUID(), PurgeReason.DELIVERED, OptionalLong.of(8), false, T0.plusSeconds(300)), T0);
        assertThat(queue.claims(ErasureReports.NONE, T0.plusSeconds(3_600))).hasSize(1);
        assertThat(queue.claims(ErasureReports.NONE, T0)).isEmpty();
        assertThat(queue.waits()).isEqualTo(new PurgeWaits(1, 0, 0, Set.of()));
        queue.cut(verified(PartitionPurge.NONE, 9, T0), PartitionPurge.NONE, T0);
        assertThat(queue.claims(ErasureReports.NONE, T0))
                .singleElement()
                .satisfies(claim -> assertThat(claim.level()).isEqualTo(PurgeLevel.UNREACHABLE));
    }

    @Test
    void a_verified_cut_releases_those_before_it_in_the_order_of_their_offsets_and_leaves_the_others() {
        PurgeQueue queue = new PurgeQueue(planner(PurgeLevel.UNREACHABLE), PARTITION);
        List<Long> offsets = new ArrayList<>();
        for (long offset = 0; offset < 20_000; offset++) {
            offsets.add(offset);
        }
        Collections.shuffle(offsets, new Random(7));
        offsets.forEach(offset -> queue.add(delivered(offset), T0));
        PartitionPurge state = PartitionPurge.NONE;
        for (long end : new long[] {1, 3, 4_000, 4_000, 20_000}) {
            state = verified(state, end, T0);
            queue.cut(state, PartitionPurge.NONE, T0);
            List<PurgeQueue.Claim> claims = queue.claims(ErasureReports.NONE, T0);
            List<Long> released = claims.stream()
                    .map(claim -> claim.purge().offset().getAsLong())
                    .toList();
            assertThat(released)
                    .isSorted()
                    .allSatisfy(offset -> assertThat(offset).isLessThan(end));
            claims.forEach(claim -> queue.acknowledged(claim.purge().key()));
            assertThat(queue.size()).isEqualTo((int) (20_000 - end));
        }
        assertThat(queue.waits()).isEqualTo(PurgeWaits.NONE);
    }

    @Test
    void reports_that_have_not_changed_are_not_asked_again_within_a_second() {
        PurgeQueue queue = new PurgeQueue(planner(PurgeLevel.ERASED), PARTITION);
        queue.add(delivered(8), T0);
        ErasureReports held = ErasureReports.NONE.with(List.of(report(SealedTopic.SIGNUPS, 1, 8, T0.plusSeconds(1))));
        queue.cut(verified(PartitionPurge.NONE, 9, T0), PartitionPurge.NONE, T0.plusSeconds(2));
        assertThat(queue.claims(held, T0.plusSeconds(2))).isEmpty();
        assertThat(queue.waits().forErasure()).isEqualTo(1);
        ErasureReports gone = held.with(List.of(report(SealedTopic.SIGNUPS, 1, 9, T0.plusSeconds(2))));
        assertThat(queue.claims(gone, T0.plusMillis(2_001)))
                .as("a changed report is looked at at once")
                .singleElement()
                .satisfies(claim -> assertThat(claim.level()).isEqualTo(PurgeLevel.ERASED));
    }
}
