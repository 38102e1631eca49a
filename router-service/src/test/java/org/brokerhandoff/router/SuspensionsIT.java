package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one router finds out about a broker, every router knows, also after a restart. */
class SuspensionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static boolean suspended(RouterService router) {
        return router.readiness().check().toString().contains("suspended broker fjord-markets");
    }

    private static boolean accepted(SandboxBroker broker, SignupSource.Sent sent) {
        return broker.books()
                .account(sent.signupId())
                .filter(Books.Account::isAccepted)
                .isPresent();
    }

    @Test
    void a_suspension_is_known_to_all_routers_and_outlives_them_until_its_cause_may_be_mended() throws IOException {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofMinutes(10))) {
            fixture.fjord.behave(Behaviour.always(Reaction.fail(410)));
            RouterService one = fixture.startRouter();
            RouterService other = fixture.startRouter();
            SignupSource.Sent refused = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            await().atMost(LIMIT).until(() -> accepted(fixture.nordlys, refused));
            await().atMost(LIMIT).until(() -> suspended(one) && suspended(other));
            one.close();
            other.close();

            fixture.fjord.behave(Behaviour.always(Reaction.accept()));
            RouterService restarted = fixture.startRouter();
            await().atMost(LIMIT).until(() -> suspended(restarted));
            SignupSource.Sent elsewhere = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            await().atMost(LIMIT).until(() -> accepted(fixture.nordlys, elsewhere));
            assertThat(fixture.fjord.books().account(elsewhere.signupId()))
                    .as("nothing went to the broker that is suspended")
                    .isEmpty();
            restarted.close();

            Files.setLastModifiedTime(directory.resolve("fjord.secret"), FileTime.from(Instant.now()));
            fixture.startRouter();
            SignupSource.Sent mended = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            await().atMost(LIMIT).until(() -> accepted(fixture.fjord, mended));
        }
    }
}
