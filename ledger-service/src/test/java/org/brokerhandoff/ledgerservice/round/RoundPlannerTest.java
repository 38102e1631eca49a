package org.brokerhandoff.ledgerservice.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledgerservice.round.RoundPlanner.Waiting;
import org.junit.jupiter.api.Test;

class RoundPlannerTest {
    private static final Instant CUTOFF = Instant.ofEpochMilli(1_000_000);

    private static LeafDigest at(long millisBeforeCutoff) {
        return new LeafDigest(
                Hash.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.of(CUTOFF.minusMillis(millisBeforeCutoff)),
                Optional.empty());
    }

    private static LeafDigest nothing() {
        return new LeafDigest(Hash.ZERO, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Tail tail(long highWatermark, LeafDigest... leaves) {
        return new Tail("consents", 0, 10, List.of(leaves), highWatermark);
    }

    @Test
    void the_longest_run_of_settled_leaves_is_taken_and_nothing_behind_the_first_unsettled_one() {
        Round round = RoundPlanner.plan(List.of(tail(14, at(9), at(1), at(0), at(5))), CUTOFF, 0);
        assertThat(round.runs()).singleElement().satisfies(run -> {
            assertThat(run.first()).isEqualTo(10);
            assertThat(run.leaves()).hasSize(2);
        });
        assertThat(round.more()).isFalse();
        assertThat(round.settledMillis()).isEqualTo(CUTOFF.toEpochMilli());
    }

    @Test
    void an_offset_without_a_record_is_as_settled_as_what_is_before_it() {
        assertThat(RoundPlanner.plan(List.of(tail(13, at(9), nothing(), nothing())), CUTOFF, 0)
                        .runs()
                        .get(0)
                        .leaves())
                .hasSize(3);
        assertThat(RoundPlanner.plan(List.of(tail(12, at(0), nothing())), CUTOFF, 0)
                        .runs())
                .isEmpty();
    }

    @Test
    void while_it_catches_up_it_claims_no_more_than_the_least_append_time_that_it_has_reached() {
        Round round = RoundPlanner.plan(
                List.of(tail(1000, at(900), at(500)), tail(50, at(700), nothing()), tail(11, at(3))), CUTOFF, 0);
        assertThat(round.more()).isTrue();
        assertThat(round.settledMillis()).isEqualTo(CUTOFF.toEpochMilli() - 700);
    }

    @Test
    void of_a_partition_that_was_not_read_nothing_more_is_claimed_than_before() {
        Round round = RoundPlanner.plan(List.of(tail(1000), tail(11, at(3))), CUTOFF, 77);
        assertThat(round.more()).isTrue();
        assertThat(round.settledMillis()).isEqualTo(77);
    }

    @Test
    void what_was_claimed_is_never_taken_back_when_the_clock_is() {
        Round round = RoundPlanner.plan(List.of(tail(11, at(0))), CUTOFF, CUTOFF.toEpochMilli() + 5);
        assertThat(round.runs()).isEmpty();
        assertThat(round.settledMillis()).isEqualTo(CUTOFF.toEpochMilli() + 5);
    }

    @Test
    void an_entry_is_never_larger_than_its_form_allows_and_every_partition_has_its_turn() {
        List<Waiting> waiting = new ArrayList<>();
        for (int partition = 0; partition < 1_000; partition++) {
            waiting.add(new Waiting("consents", partition, 0, 1_000_000));
        }
        Set<Waiting> served = new HashSet<>();
        for (long number = 0; number < 200; number++) {
            Map<Waiting, Integer> shares = RoundPlanner.shares(waiting, number);
            assertThat(shares.size()).isBetween(1, LedgerEntry.MAXIMUM_SEGMENTS);
            assertThat(shares.values()).allMatch(share -> share >= 1 && share <= LedgerEntry.MAXIMUM_LEAVES);
            assertThat(shares.values().stream().mapToInt(Integer::intValue).sum())
                    .isLessThanOrEqualTo(RoundPlanner.MAXIMUM_LEAVES);
            assertThat(List.copyOf(shares.keySet()))
                    .isSortedAccordingTo((one, two) -> Integer.compare(one.partition(), two.partition()));
            served.addAll(shares.keySet());
        }
        assertThat(served).hasSize(1_000);
    }

    @Test
    void what_has_nothing_waiting_gets_no_share() {
        assertThat(RoundPlanner.shares(List.of(new Waiting("consents", 0, 5, 5), new Waiting("consents", 1, 5, 6)), 3))
                .containsOnly(Map.entry(new Waiting("consents", 1, 5, 6), 1));
        assertThat(RoundPlanner.shares(List.of(), 3)).isEmpty();
    }
}
