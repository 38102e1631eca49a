package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Signups that were restricted before the router sees them, over a real broker, log and slot file. */
@Execution(ExecutionMode.CONCURRENT)
class RestrictionIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static SignupSource.Sent sendRestricted(RouterFixture fixture) {
        SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
        assertThat(fixture.source
                        .custody()
                        .restrict(sent.slot(), sent.signupId())
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(RestrictOutcome.Restricted.class);
        return sent;
    }

    /** A broker has no account of what it was never sent. */
    static void assertNothingSent(RouterFixture fixture, UUID signupId) {
        assertThat(fixture.fjord.books().account(signupId)).isEmpty();
        assertThat(fixture.nordlys.books().account(signupId)).isEmpty();
        assertThat(fixture.events(Topic.HANDOFFS, signupId))
                .noneMatch(event -> event instanceof Assigned || event instanceof AttemptMade);
    }

    static Optional<Purged> purge(RouterFixture fixture, UUID signupId) {
        List<Purged> purges = fixture.purges().stream()
                .filter(purged -> SignupIds.uuid(purged.getSignupId()).equals(signupId))
                .toList();
        assertThat(purges).hasSizeLessThan(2);
        return purges.stream().findFirst();
    }

    static boolean parked(RouterFixture fixture, UUID signupId) {
        return fixture.events(Topic.HANDOFFS, signupId).stream()
                .filter(Parked.class::isInstance)
                .map(Parked.class::cast)
                .anyMatch(parked -> parked.getReason() == ParkingReason.RESTRICTED);
    }

    @Test
    void a_restricted_signup_is_sent_to_no_broker_until_it_is_lifted_and_holds_up_no_other() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            SignupSource.Sent restricted = sendRestricted(fixture);
            fixture.startRouter();
            UUID other = fixture.source.send("NO", PERSON, "fjord-markets").signupId();
            await().atMost(LIMIT).until(() -> purge(fixture, other).isPresent());
            await().atMost(LIMIT).until(() -> parked(fixture, restricted.signupId()));
            // A purge waits for a checkpoint, so the copy of the restricted signup has come round meanwhile.
            UUID later = fixture.source.send("NO", PERSON, "nordlys-invest").signupId();
            await().atMost(LIMIT).until(() -> purge(fixture, later).isPresent());
            assertNothingSent(fixture, restricted.signupId());

            assertThat(fixture.source
                            .custody()
                            .lift(restricted.slot(), restricted.signupId())
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(LiftOutcome.Lifted.class);
            await().atMost(LIMIT)
                    .until(() -> purge(fixture, restricted.signupId()).isPresent());
            Purged purged = purge(fixture, restricted.signupId()).orElseThrow();
            assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(fixture.fjord
                            .books()
                            .account(restricted.signupId())
                            .orElseThrow()
                            .accepted())
                    .isEqualTo(1);
            assertThat(fixture.nordlys.books().account(restricted.signupId())).isEmpty();
            assertThat(fixture.events(Topic.HANDOFFS, restricted.signupId()))
                    .filteredOn(Delivered.class::isInstance)
                    .hasSize(1);
            assertThat(fixture.sealedRecords()).isEmpty();
        }
    }

    @Test
    void a_restriction_that_is_not_lifted_ends_in_an_expiry_in_time_without_an_attempt() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofSeconds(40))) {
            SignupSource.Sent restricted = sendRestricted(fixture);
            fixture.startRouter();
            await().atMost(LIMIT)
                    .until(() -> purge(fixture, restricted.signupId()).isPresent());
            Purged purged = purge(fixture, restricted.signupId()).orElseThrow();
            assertThat(purged.getReason()).isEqualTo(PurgeReason.EXPIRED);
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(purged.getPurgedAt()).isBefore(purged.getEraseBy());
            assertThat(parked(fixture, restricted.signupId())).isTrue();
            assertNothingSent(fixture, restricted.signupId());
            assertThat(fixture.sealedRecords()).isEmpty();
        }
    }

    /** Restricted, so that no broker takes it in its time; lifted then, so that nothing but the hold keeps it from them. */
    @Test
    void what_is_kept_for_an_order_is_sent_to_no_broker_after_its_time_and_ends_with_the_order() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofSeconds(24))) {
            SignupSource.Sent kept = sendRestricted(fixture);
            KeyCustody custody = fixture.source.custody();
            Instant expiry = awaited(custody.read(kept.slot())).orElseThrow().expiry();
            Instant end = expiry.plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);
            assertThat(custody.prolong(kept.slot(), kept.signupId(), end)
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(ProlongOutcome.Prolonged.class);
            fixture.startRouter();
            await().atMost(LIMIT).until(() -> Instant.now().isAfter(expiry.plusSeconds(1)));
            var unused = custody.lift(kept.slot(), kept.signupId())
                    .toCompletableFuture()
                    .join();
            await().atMost(LIMIT).until(() -> purge(fixture, kept.signupId()).isPresent());
            Purged purged = purge(fixture, kept.signupId()).orElseThrow();
            assertThat(purged.getReason()).isEqualTo(PurgeReason.EXPIRED);
            assertThat(purged.getKeyErasedAt()).isAfterOrEqualTo(end);
            assertThat(purged.getEraseBy()).as("what was promised").isBefore(end);
            assertNothingSent(fixture, kept.signupId());
        }
    }
}
