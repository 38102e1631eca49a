package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PingOutcome;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class PassedOverRulesTest {
    private static final UUID SIGNUP = new UUID(0, 1);

    private static Refused refused(String broker) {
        return new Refused(SignupIds.fixed(SIGNUP), broker, 1, Facts.NOW, Facts.NOW, RefusalReason.REJECTED, 422);
    }

    private static Released released(String broker) {
        return Released.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setBroker(broker)
                .setReleasedAt(Facts.NOW)
                .setReason(ReleaseReason.NOT_RECEIVED)
                .setAttempts(1)
                .build();
    }

    private static PingMade declined(String broker) {
        return new PingMade(SignupIds.fixed(SIGNUP), broker, 1, Facts.NOW, Facts.NOW, PingOutcome.DECLINED, 200);
    }

    private static Map<String, ExclusionReason> after(SpecificRecord... events) {
        Map<String, ExclusionReason> passedOver = Map.of();
        for (SpecificRecord event : events) {
            passedOver = PassedOverRules.with(passedOver, event);
        }
        return passedOver;
    }

    @Test
    void a_refusal_a_release_and_a_declined_ping_each_pass_over_their_broker_for_their_own_reason() {
        assertThat(after(refused("a"), released("b"), declined("c")))
                .containsOnly(
                        Map.entry("a", ExclusionReason.REFUSED_BEFORE),
                        Map.entry("b", ExclusionReason.NOT_RECEIVED),
                        Map.entry("c", ExclusionReason.PING_DECLINED));
    }

    @Test
    void an_event_that_ends_no_assignment_passes_over_no_broker() {
        Parked parked = Parked.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setBroker("a")
                .setParkedAt(Facts.NOW)
                .setReason(ParkingReason.ATTEMPTS_FAILED)
                .build();
        assertThat(after(parked)).isEmpty();
        assertThat(after(refused("b"), parked)).containsOnly(Map.entry("b", ExclusionReason.REFUSED_BEFORE));
    }

    @Test
    void the_first_end_stands() {
        assertThat(after(refused("a"), released("a"))).containsEntry("a", ExclusionReason.REFUSED_BEFORE);
        assertThat(after(released("a"), refused("a"))).containsEntry("a", ExclusionReason.NOT_RECEIVED);
        assertThat(after(refused("a"), declined("a"))).containsEntry("a", ExclusionReason.REFUSED_BEFORE);
    }

    @Test
    void a_declined_ping_gives_way_to_what_another_router_learned_of_the_broker() {
        assertThat(after(declined("a"), refused("a"))).containsEntry("a", ExclusionReason.REFUSED_BEFORE);
        assertThat(after(declined("a"), released("a"))).containsEntry("a", ExclusionReason.NOT_RECEIVED);
    }

    @Test
    void only_a_refusal_or_a_release_says_that_the_signup_is_certain_not_to_be_there() {
        assertThat(PassedOverRules.ended(after(refused("a")), "a")).isTrue();
        assertThat(PassedOverRules.ended(after(released("a")), "a")).isTrue();
        assertThat(PassedOverRules.ended(after(declined("a")), "a")).isFalse();
        assertThat(PassedOverRules.ended(after(refused("a")), "b")).isFalse();
    }
}
