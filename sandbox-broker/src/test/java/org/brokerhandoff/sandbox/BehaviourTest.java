package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BehaviourTest {
    private static final Reaction ACCEPT = Reaction.accept();

    @Test
    void a_share_is_met_and_repeats_with_its_seed_only() {
        List<Boolean> once = failures(Behaviour.flaky(0.2, 7));
        assertThat(once).isEqualTo(failures(Behaviour.flaky(0.2, 7)));
        assertThat(once).isNotEqualTo(failures(Behaviour.flaky(0.2, 8)));
        assertThat(once.stream().filter(failed -> failed).count()).isBetween(1_850L, 2_150L);
        assertThat(failures(Behaviour.flaky(0, 7))).doesNotContain(true);
        assertThat(failures(Behaviour.flaky(1, 7))).doesNotContain(false);
    }

    @Test
    void a_refused_signup_is_refused_at_each_arrival_while_an_error_passes() {
        Behaviour refusing = Behaviour.refusing(0.5, 3);
        int refused = IntStream.rangeClosed(1, 100)
                .filter(n -> refusing.reactTo(facts("NO", 1, n, n)) instanceof Reaction.Refuse)
                .findFirst()
                .orElseThrow();
        for (int arrival = 1; arrival <= 20; arrival++) {
            assertThat(refusing.reactTo(facts("NO", arrival, refused, 1000 + arrival)))
                    .isInstanceOf(Reaction.Refuse.class);
        }
        Behaviour flaky = Behaviour.flaky(0.5, 3);
        assertThat(IntStream.rangeClosed(1, 20)
                        .mapToObj(arrival -> flaky.reactTo(facts("NO", arrival, refused, 1000 + arrival)))
                        .distinct())
                .hasSize(2);
    }

    @Test
    void countries_are_refused() {
        Behaviour behaviour = Behaviour.refusing(Set.of("DE", "FR"));
        assertThat(behaviour.reactTo(facts("DE", 1, 1, 1))).isInstanceOf(Reaction.Refuse.class);
        assertThat(behaviour.reactTo(facts("NO", 1, 1, 1))).isEqualTo(ACCEPT);
    }

    @Test
    void a_script_counts_the_arrivals_of_each_signup() {
        Reaction dropped = new Reaction.DropConnection();
        Behaviour script = Behaviour.script(Reaction.fail(500), dropped);
        assertThat(script.reactTo(facts("NO", 1, 9, 30))).isEqualTo(Reaction.fail(500));
        assertThat(script.reactTo(facts("NO", 2, 9, 31))).isEqualTo(dropped);
        assertThat(script.reactTo(facts("NO", 3, 9, 32))).isEqualTo(ACCEPT);
        assertThat(Behaviour.script(List.of(dropped), Behaviour.gone()).reactTo(facts("NO", 2, 9, 31)))
                .isEqualTo(Reaction.fail(410));
    }

    @Test
    void behaviours_compose() {
        Behaviour behaviour = Behaviour.refusing(Set.of("DE"))
                .otherwise(Behaviour.unavailable(Duration.ofSeconds(2)).when(f -> f.total() > 10, Behaviour.gone()))
                .delayedBy(Duration.ofMillis(5));
        assertThat(behaviour.reactTo(facts("NO", 1, 1, 1)))
                .isEqualTo(new Reaction.Delay(Duration.ofMillis(5), new Reaction.Fail(503, Optional.of("2"))));
        assertThat(behaviour.reactTo(facts("NO", 1, 1, 11)))
                .isEqualTo(new Reaction.Delay(Duration.ofMillis(5), Reaction.fail(410)));
        assertThat(behaviour.reactTo(facts("DE", 1, 1, 11)))
                .isInstanceOfSatisfying(
                        Reaction.Delay.class, delay -> assertThat(delay.then()).isInstanceOf(Reaction.Refuse.class));
    }

    @Test
    void retry_after_has_both_forms() {
        assertThat(Reaction.fail(429, Duration.ofMinutes(2))).isEqualTo(new Reaction.Fail(429, Optional.of("120")));
        assertThat(Reaction.fail(503, Instant.parse("2026-11-02T03:04:05.9Z")))
                .isEqualTo(new Reaction.Fail(503, Optional.of("Mon, 02 Nov 2026 03:04:05 GMT")));
    }

    @Test
    void a_refusal_has_one_of_the_contracts_statuses() {
        assertThatThrownBy(() -> new Reaction.Refuse(400, "no")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Boolean> failures(Behaviour behaviour) {
        return IntStream.rangeClosed(1, 10_000)
                .mapToObj(n -> behaviour.reactTo(facts("NO", 1, n, n)) instanceof Reaction.Fail)
                .toList();
    }

    private static HandoffFacts facts(String country, int arrival, int signupNumber, long total) {
        return new HandoffFacts(UUID.randomUUID(), country, arrival, signupNumber, total);
    }
}
