package org.brokerhandoff.audit.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.report.SampleFigures.NOW;
import static org.brokerhandoff.audit.report.SampleFigures.id;
import static org.brokerhandoff.audit.report.SampleFigures.taken;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.verify.Standing;
import org.brokerhandoff.audit.verify.Standing.State;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RightsType;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void what_is_held_is_counted_whole_and_named_by_its_promise() {
        Figures figures = new Figures(NOW);
        for (int i = 0; i < 30; i++) {
            figures.judged(taken(id(i), Duration.ofMinutes(i)));
        }
        figures.judged(taken(id(99), SampleFigures.HOLD.plusMinutes(1)));
        assertThat(figures.held.count()).isEqualTo(31);
        assertThat(figures.held.named()).hasSize(Ids.MOST_NAMED).startsWith(id(99), id(29), id(28));
        assertThat(figures.overdue.named()).containsExactly(id(99));
        assertThat(figures.soonest()).hasSize(Ids.MOST_NAMED);
        assertThat(figures.soonest().get(0).signupId()).isEqualTo(id(99));
        assertThat(figures.longestPromise()).isEqualTo(SampleFigures.HOLD);
    }

    @Test
    void a_purge_counts_for_each_stage_that_it_claims() {
        Figures figures = new Figures(NOW);
        Standing erased = SampleFigures.delivered(id(1), "NO", Life.FJORD, Duration.ofSeconds(80));
        figures.judged(erased);
        Standing.Destroyed destroyed = erased.destroyed().orElseThrow();
        figures.judged(new Standing(
                id(2),
                true,
                erased.promise(),
                Optional.empty(),
                Optional.of(new Standing.Destroyed(
                        PurgeLevel.UNREADABLE, destroyed.keyDestroyedAt(), Optional.empty(), destroyed.claimedAt())),
                List.of(),
                erased.refused(),
                erased.refused(),
                Optional.empty(),
                List.of(),
                List.of()));
        assertThat(figures.untilDestroyed.all().count()).isEqualTo(2);
        assertThat(figures.untilDestroyed.longest()).isEqualTo(Duration.ofSeconds(2));
        assertThat(figures.untilUnreachable.longest()).isEqualTo(Duration.ofSeconds(10));
        assertThat(figures.untilErased.longest()).isEqualTo(Duration.ofSeconds(80));
        assertThat(figures.untilErased.all().named()).containsExactly(id(1));
        assertThat(figures.consents.count()).isEqualTo(1);
        assertThat(figures.messages.named()).containsExactly(id(2));
        assertThat(figures.handedOver.count()).isEqualTo(1);
    }

    @Test
    void brokers_and_countries_are_counted_apart() {
        Figures figures = SampleFigures.many();
        BrokerFigures fjord = requireNonNull(figures.brokers.get(Life.FJORD));
        assertThat(fjord.byCountry.values().stream()
                        .mapToLong(course -> course.accepted.count())
                        .sum())
                .isEqualTo(fjord.all.accepted.count());
        assertThat(fjord.excluded()).isEqualTo(40);
        assertThat(requireNonNull(figures.brokers.get(Life.NORDLYS)).excluded()).isZero();
        assertThat(figures.brokers.values().stream()
                        .mapToLong(broker -> broker.all.accepted.count())
                        .sum())
                .isEqualTo(figures.handedOver.count());
    }

    @Test
    void matters_are_counted_by_how_far_they_are_and_only_what_is_owed_is_overdue() {
        Figures figures = SampleFigures.many();
        assertThat(figures.withdrawnBefore.named()).containsExactly(id(12_003));
        assertThat(figures.withdrawnAfter.in(State.OPEN).named()).containsExactly(id(12_000));
        assertThat(figures.withdrawnAfter.in(State.ESCALATED).named()).containsExactly(id(12_002));
        assertThat(requireNonNull(figures.requests.get(RightsType.OBJECTION))
                        .overdue
                        .named())
                .containsExactly(id(20_001));
        assertThat(requireNonNull(figures.requests.get(RightsType.ACCESS))
                        .overdue
                        .count())
                .isZero();
        assertThat(figures.disclosures.in(State.REFUSED).named()).containsExactly(id(21_000));
        assertThat(figures.asked.named()).containsExactly(id(21_000));
    }

    @Test
    void a_quantile_is_not_less_than_the_truth_and_at_most_an_eighth_more() {
        Random random = new Random(7);
        for (int scale : new int[] {10, 1_000, 100_000, 50_000_000}) {
            Durations durations = new Durations();
            List<Long> millis = random.longs(999, 0, scale).sorted().boxed().toList();
            millis.forEach(each -> durations.add(id(each), Duration.ofMillis(each)));
            for (double share : new double[] {0.5, 0.9, 0.99}) {
                long truth = millis.get((int) Math.ceil(share * millis.size()) - 1);
                assertThat(durations.within(share).toMillis())
                        .as(scale + " " + share)
                        .isBetween(truth, truth + truth / 8 + 1);
            }
            assertThat(durations.longest().toMillis()).isEqualTo(millis.get(998));
            assertThat(durations.classes().stream().mapToLong(Ids::count).sum()).isEqualTo(999);
        }
        Durations none = new Durations();
        none.add(id(1), Duration.ofMillis(-5));
        assertThat(none.longest()).isZero();
    }

    @Test
    void counts_that_are_put_together_name_the_highest_ranks_of_all() {
        Ids one = new Ids();
        Ids other = new Ids();
        for (int i = 0; i < 20; i++) {
            one.add(id(i), i);
            other.add(id(100 + i), 100 + i);
        }
        Ids both = Ids.together(List.of(one, other));
        assertThat(both.count()).isEqualTo(40);
        assertThat(both.named()).hasSize(Ids.MOST_NAMED).startsWith(id(119), id(118));
    }
}
