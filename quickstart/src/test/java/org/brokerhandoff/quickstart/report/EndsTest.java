package org.brokerhandoff.quickstart.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EndsTest {
    private static final Instant AT = Instant.parse("2026-11-28T13:00:00Z");

    private final List<Life> lives = new ArrayList<>();
    private final Set<UUID> accepted = new HashSet<>();

    @BeforeAll
    static void avro_trusts_our_events() {
        assertThat(new EventCodec()).isNotNull();
    }

    /** What the summary once told its reader: 46, 95 and 39 delivered, 3 withdrawn before, 16 undeliverable: 199. */
    @Test
    void the_rows_of_200_signups_add_up_to_200_also_when_one_was_withdrawn_during_its_handoff() {
        signups(46, PurgeReason.DELIVERED, "fjord-markets", null);
        signups(95, PurgeReason.DELIVERED, "kontinent-handel", null);
        signups(38, PurgeReason.DELIVERED, "nordlys-invest", null);
        signups(1, PurgeReason.DELIVERED, "nordlys-invest", WithdrawalOutcome.HANDOFF_STARTED);
        signups(3, PurgeReason.WITHDRAWN, null, WithdrawalOutcome.ERASED_BEFORE_HANDOFF);
        signups(1, PurgeReason.WITHDRAWN, null, WithdrawalOutcome.HANDOFF_STARTED);
        signups(16, PurgeReason.UNDELIVERABLE, null, null);

        Ends ends = Ends.of(accepted, lives);

        assertThat(ends.rows())
                .containsExactly(
                        Map.entry("delivered to fjord-markets", 46L),
                        Map.entry("delivered to kontinent-handel", 95L),
                        Map.entry("delivered to nordlys-invest", 39L),
                        Map.entry("withdrawn before the handoff", 3L),
                        Map.entry("withdrawn during the handoff", 1L),
                        Map.entry("undeliverable", 16L));
        assertThat(ends.total()).isEqualTo(200);
        String text = summary(ends).text(false);
        assertThat(text)
                .contains("signups accepted             200 of 200, of which")
                .containsPattern("withdrawn during the handoff +1\n")
                .containsPattern("together +200\n")
                .containsPattern("withdrawn after delivery +1 ");
        assertThat(summary(ends).kept()).isTrue();
        assertThat(sum(summary(ends).members().get("ends"))).isEqualTo(200);
    }

    @Test
    void whatever_comes_together_in_one_life_it_stands_in_exactly_one_row() {
        Random random = new Random(20261128);
        for (int i = 0; i < 2_000; i++) {
            PurgeReason reason = random.nextInt(8) == 0 ? null : any(random, PurgeReason.values());
            WithdrawalOutcome withdrawal = random.nextBoolean() ? null : any(random, WithdrawalOutcome.values());
            signups(1, reason, random.nextBoolean() ? null : "broker-" + random.nextInt(3), withdrawal);
        }
        // Accepted, but never seen in the log; and seen, but not one of the run's.
        accepted.add(UUID.randomUUID());
        lives.add(Life.of(UUID.randomUUID()));

        Ends ends = Ends.of(accepted, lives);

        assertThat(ends.total()).isEqualTo(2_001);
        assertThat(sum(ends.members())).isEqualTo(2_001);
        assertThat(ends.open()).isPositive();
        assertThat(summary(ends).kept()).isFalse();
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static long sum(@Nullable Object members) {
        return ((Map<?, ?>) Objects.requireNonNull(members))
                .values().stream()
                        .mapToLong(value -> value instanceof Map<?, ?> ? sum(value) : ((Number) value).longValue())
                        .sum();
    }

    private void signups(
            int count, @Nullable PurgeReason reason, @Nullable String broker, @Nullable WithdrawalOutcome withdrawal) {
        for (int i = 0; i < count; i++) {
            UUID id = UUID.randomUUID();
            accepted.add(id);
            lives.add(new Life(
                    id,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.ofNullable(broker),
                    Optional.ofNullable(broker).map(name -> delivered(id, name)),
                    broker == null ? Set.of() : Set.of(broker),
                    Optional.ofNullable(withdrawal),
                    Optional.ofNullable(reason).map(why -> purged(id, why))));
        }
    }

    private static Delivered delivered(UUID id, String broker) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(AT)
                .setAcceptedAt(AT)
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    private static Purged purged(UUID id, PurgeReason reason) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setReason(reason)
                .setLevel(PurgeLevel.ERASED)
                .setKeyErasedAt(AT)
                .setReadBack(ReadBack.DIRECT)
                .setSlot(1)
                .setGeneration(1)
                .setPurgedAt(AT)
                .build();
    }

    private Summary summary(Ends ends) {
        return new Summary(
                accepted.size(),
                accepted.size(),
                5,
                5,
                5,
                5,
                ends,
                Summary.withdrawnAfterDelivery(lives),
                Summary.purgesByReason(lives),
                Summary.purgesByLevel(lives),
                Map.of(),
                1,
                1,
                1,
                0,
                true,
                "",
                Arrays.stream(PurgeReason.values()).count(),
                true,
                "");
    }
}
