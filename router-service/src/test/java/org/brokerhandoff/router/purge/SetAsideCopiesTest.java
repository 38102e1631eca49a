package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.junit.jupiter.api.Test;

class SetAsideCopiesTest {
    private static final Instant ERASED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant FALLBACK = ERASED.plusSeconds(450);
    private static final UUID SIGNUP = new UUID(7, 9);
    private static final PurgeDecision.Claim CLAIM = new PurgeDecision.Claim(PurgeLevel.UNREACHABLE);

    private static PurgeDecision limited(Optional<SetAsideCopies> copies, Instant now) {
        PurgePlanner planner =
                new PurgePlanner(Duration.ofMinutes(1), Duration.ofSeconds(1), PurgeLevel.ERASED, Duration.ZERO);
        PendingPurge purge = new PendingPurge(
                SIGNUP,
                new SlotReference(1, 1),
                PurgeReason.DELIVERED,
                OptionalLong.of(8),
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                ERASED,
                ReadBack.DIRECT,
                List.of(),
                Optional.of(ERASED.plusSeconds(600)),
                FALLBACK);
        return planner.limited(CLAIM, purge, copies, now);
    }

    @Test
    void a_signup_without_a_copy_that_was_set_aside_is_claimed_as_it_is() {
        assertThat(limited(Optional.of(SetAsideCopies.NONE), ERASED)).isEqualTo(CLAIM);
        assertThat(limited(Optional.of(new SetAsideCopies(Set.of(new UUID(7, 10)))), ERASED))
                .isEqualTo(CLAIM);
    }

    @Test
    void of_a_signup_with_a_copy_that_is_still_served_only_the_key_is_claimed_to_be_gone() {
        assertThat(limited(Optional.of(new SetAsideCopies(Set.of(SIGNUP))), ERASED))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREADABLE));
    }

    @Test
    void while_nobody_knows_of_copies_a_claim_waits_and_at_its_time_says_no_more_than_is_known() {
        assertThat(limited(Optional.empty(), FALLBACK.minusMillis(1)))
                .isEqualTo(new PurgeDecision.Wait(new PurgeWait.ForCut()));
        assertThat(limited(Optional.empty(), FALLBACK)).isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREADABLE));
    }
}
