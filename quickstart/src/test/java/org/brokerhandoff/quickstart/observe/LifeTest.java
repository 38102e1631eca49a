package org.brokerhandoff.quickstart.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.quickstart.report.Ends;
import org.brokerhandoff.quickstart.report.Stage;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LifeTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    @BeforeAll
    static void avro_trusts_our_events() {
        assertThat(new EventCodec()).isNotNull();
    }

    private static Delivered delivered(String broker) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(AT)
                .setAcceptedAt(AT.plusMillis(20))
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    private static Purged purged() {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREACHABLE)
                .setKeyErasedAt(AT.plusMillis(30))
                .setReadBack(ReadBack.DIRECT)
                .setSlot(1)
                .setGeneration(1)
                .setPurgedAt(AT.plusMillis(1_530))
                .build();
    }

    private static ConsentWithdrawn withdrawn() {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setWithdrawnAt(AT)
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.HANDOFF_STARTED)
                .build();
    }

    @Test
    void the_order_in_which_topics_are_read_does_not_matter() {
        Life oneWay = Life.of(ID).with(delivered("a")).with(withdrawn()).with(purged());
        Life otherWay = Life.of(ID).with(purged()).with(withdrawn()).with(delivered("a"));
        assertThat(oneWay).isEqualTo(otherWay);
    }

    @Test
    void a_second_broker_is_not_forgotten() {
        Life life = Life.of(ID).with(delivered("a")).with(delivered("b"));
        assertThat(life.deliveredTo()).isEqualTo(Set.of("a", "b"));
        // But the signup is counted once.
        assertThat(Ends.of(Set.of(ID), List.of(life.with(purged()))).rows()).isEqualTo(Map.of("delivered to a", 1L));
    }

    @Test
    void stages_count_only_the_signups_that_went_through_them() {
        Life whole = Life.of(ID).with(delivered("a")).with(purged());
        Life half = Life.of(new UUID(3, 4));
        Map<String, Stage> stages = Stage.of(List.of(whole, half));
        assertThat(stages.get("sent to confirmed")).isEqualTo(new Stage(1, 20, 20));
        assertThat(stages.get("key destroyed to purged")).isEqualTo(new Stage(1, 1_500, 1_500));
        assertThat(stages.get("accepted to assigned")).isEqualTo(new Stage(0, 0, 0));
    }

    @Test
    void the_promise_is_kept_only_if_everything_holds() {
        assertThat(summary(2, 2, 0, true).kept()).isTrue();
        assertThat(summary(2, 1, 0, true).kept()).isFalse();
        assertThat(summary(2, 2, 1, true).kept()).isFalse();
        assertThat(summary(2, 2, 0, false).kept()).isFalse();
        assertThat(summary(2, 2, 1, true).text(false)).contains("people found in files        1");
        assertThat(summary(2, 2, 0, false).text(false)).contains("audit verify: FAILED", "what is wrong");
        assertThat(summary(2, 2, 0, true).members()).containsEntry("kept", true);
    }

    private static Summary summary(int accepted, long purged, int found, boolean audit) {
        return new Summary(
                2,
                accepted,
                3,
                3,
                5,
                5,
                new Ends(Map.of("a", (long) accepted), 0, 0, 0, 0, 0, 0),
                0,
                Map.of("DELIVERED", purged),
                Map.of("UNREACHABLE", purged),
                Map.of(),
                3,
                4096,
                6,
                found,
                audit,
                "what is wrong",
                7,
                true,
                "all the same");
    }
}
