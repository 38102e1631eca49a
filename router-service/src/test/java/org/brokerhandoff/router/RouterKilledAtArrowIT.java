package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The router as a process that halts right after one arrow of a signup's life: each in turn. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class RouterKilledAtArrowIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = FaultyRouterMain.Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LAST_ANSWER_ACKNOWLEDGED", "RELEASED_ACKNOWLEDGED"})
    void killed_at_any_arrow_the_next_start_completes_the_signup(FaultyRouterMain.Fault fault) throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            if (fault.parks()) {
                fixture.fjord.behave(Behaviour.unavailable());
            }
            if (fault == FaultyRouterMain.Fault.PLACE_REQUESTED) {
                fixture.terms("fjord-markets", "caps: {hourly: 1, daily: 1}");
            } else if (fault.postpones()) {
                fixture.terms("fjord-markets", RouterFixture.closed());
                fixture.terms("nordlys-invest", RouterFixture.closed());
            }
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            Process router = fixture.forkRouter(directory, FaultyRouterMain.class, fault.name());
            try {
                assertThat(router.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(router.exitValue()).isEqualTo(FaultyRouterMain.HALTED);
            } finally {
                fixture.kill(router);
            }
            fixture.fjord.behave(Behaviour.accepting());
            if (fault.postpones()) {
                fixture.terms("fjord-markets", "hours: {zone: UTC, open: [\"Mon-Sun 00:00-24:00\"]}");
            }
            fixture.startRouter();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> fixture.source.slot(sent.slot()).isEmpty());
            Books.Account account =
                    fixture.fjord.books().account(sent.signupId()).orElseThrow();
            assertThat(account.accepted()).isEqualTo(1);
            assertThat(account.idempotencyKeys()).hasSize(1);
            assertThat(account.deliveries() - account.failed())
                    .as("asked about where it is unknown whether it arrived, and not sent again")
                    .isEqualTo(1);
            assertThat(fixture.nordlys.books().account(sent.signupId())).isEmpty();
            assertThat(fixture.distinctPurges().get(sent.signupId())).hasSize(1);
            assertThat(fixture.events(Topic.HANDOFFS, sent.signupId()))
                    .filteredOn(Assigned.class::isInstance)
                    .hasSize(1);
            List<Purged> purges = fixture.purges();
            // A purge that was acknowledged is found in the log at the next start, and not published again.
            assertThat(purges).hasSize(1);
            assertThat(purges).allSatisfy(purged -> {
                assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
                assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
                assertThat(purged.getParked() != null)
                        .as("the claim covers the parked topic, wherever it was killed while parking")
                        .isEqualTo(fault.parks());
            });
            assertThat(fixture.sealedRecords())
                    .as("copies that are served still")
                    .isEmpty();
        }
    }
}
