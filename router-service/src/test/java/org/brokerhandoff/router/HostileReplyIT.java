package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A broker that behaves badly once and then well: what the log says of it, and that no other broker ever hears of the signup. */
@Execution(ExecutionMode.CONCURRENT)
class HostileReplyIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    static Stream<Arguments> reactions() {
        return Stream.of(
                Arguments.of("a huge body", new Reaction.AcceptWithHugeReply(50_000_000), AttemptOutcome.UNKNOWN, true),
                Arguments.of(
                        "a slow drip",
                        new Reaction.AcceptWithSlowReply(Duration.ofSeconds(1)),
                        AttemptOutcome.UNKNOWN,
                        true),
                Arguments.of("malformed JSON", Reaction.acceptWithMalformedJson(), AttemptOutcome.UNKNOWN, true),
                Arguments.of(
                        "an error though accepted",
                        new Reaction.AcceptThenReply(400, "{\"status\":\"accepted\"}"),
                        AttemptOutcome.UNKNOWN,
                        true),
                Arguments.of(
                        "a reply dropped after acceptance",
                        new Reaction.AcceptThenDropReply(),
                        AttemptOutcome.UNKNOWN,
                        true),
                Arguments.of(
                        "a reply beyond the limit",
                        new Reaction.AcceptThenReplyLate(Duration.ofSeconds(4)),
                        AttemptOutcome.UNKNOWN,
                        true),
                Arguments.of(
                        "a delay beyond the limit",
                        new Reaction.Delay(Duration.ofSeconds(4), Reaction.accept()),
                        AttemptOutcome.UNKNOWN,
                        false),
                Arguments.of("a connection dropped", new Reaction.DropConnection(), AttemptOutcome.UNKNOWN, false),
                Arguments.of("an error", Reaction.fail(500), AttemptOutcome.UNKNOWN, false),
                Arguments.of(
                        "nonsense in Retry-After",
                        new Reaction.Fail(503, Optional.of("soon")),
                        AttemptOutcome.DEFERRED,
                        false),
                Arguments.of("a wait", Reaction.fail(429, Duration.ofSeconds(1)), AttemptOutcome.DEFERRED, false),
                Arguments.of("not authorised", Reaction.fail(401), AttemptOutcome.DEFERRED, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reactions")
    void is_recorded_and_the_same_broker_is_asked_again(
            String name, Reaction reaction, AttemptOutcome outcome, boolean acceptedBefore) throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.script(reaction));
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            List<SpecificRecord> events = awaitEnd(fixture, sent, PurgeReason.DELIVERED);
            assertThat(events)
                    .filteredOn(AttemptMade.class::isInstance)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(((AttemptMade) event).getOutcome()).isEqualTo(outcome));
            assertThat(events)
                    .filteredOn(Delivered.class::isInstance)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(((Delivered) event).getDuplicate()).isEqualTo(acceptedBefore));
            assertOneBroker(fixture, sent);
        }
    }

    /** Accepted, the reply lost, and from then on refusals that are not the contract's: the signup expires; no other broker gets it. */
    @Test
    void a_broker_that_took_it_and_then_only_errs_keeps_it_from_every_other() throws Exception {
        for (int status : new int[] {400, 410, 409}) {
            Path own = Files.createDirectory(directory.resolve("status-" + status));
            try (RouterFixture fixture = new RouterFixture(own, Duration.ofSeconds(12))) {
                fixture.fjord.behave(Behaviour.script(
                        List.of(new Reaction.AcceptThenDropReply()), Behaviour.always(Reaction.fail(status))));
                fixture.fjord.answerQuestions(false);
                fixture.startRouter();
                SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
                List<SpecificRecord> events = awaitEnd(fixture, sent, PurgeReason.EXPIRED);
                assertThat(events).filteredOn(Refused.class::isInstance).isEmpty();
                assertOneBroker(fixture, sent);
            }
        }
    }

    @Test
    void a_redirect_is_not_followed_and_a_refused_connection_is_known_not_to_have_sent() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            URI elsewhere = fixture.nordlys.endpoint();
            fixture.fjord.behave(Behaviour.script(
                    new Reaction.Redirect(307, elsewhere),
                    new Reaction.Redirect(308, elsewhere),
                    new Reaction.Redirect(302, elsewhere)));
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            List<SpecificRecord> events = awaitEnd(fixture, sent, PurgeReason.DELIVERED);
            assertThat(events)
                    .filteredOn(AttemptMade.class::isInstance)
                    .hasSize(3)
                    .allSatisfy(event ->
                            assertThat(((AttemptMade) event).getOutcome()).isEqualTo(AttemptOutcome.DEFERRED));
            assertOneBroker(fixture, sent);

            fixture.fjord.close();
            SignupSource.Sent unreachable = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(fixture.events(Topic.HANDOFFS, unreachable.signupId()))
                            .filteredOn(AttemptMade.class::isInstance)
                            .hasSizeGreaterThan(2)
                            .allSatisfy(event -> assertThat(((AttemptMade) event).getOutcome())
                                    .isEqualTo(AttemptOutcome.NOT_SENT)));
            assertThat(fixture.nordlys.books().account(unreachable.signupId())).isEmpty();
        }
    }

    private static List<SpecificRecord> awaitEnd(RouterFixture fixture, SignupSource.Sent sent, PurgeReason reason) {
        await().atMost(LIMIT).until(() -> !fixture.purges().isEmpty());
        assertThat(fixture.purges())
                .singleElement()
                .satisfies(purged -> assertThat(purged.getReason()).isEqualTo(reason));
        return fixture.events(Topic.HANDOFFS, sent.signupId());
    }

    private static void assertOneBroker(RouterFixture fixture, SignupSource.Sent sent) {
        assertThat(fixture.fjord.books().account(sent.signupId()).map(Books.Account::isAccepted))
                .contains(true);
        assertThat(fixture.nordlys.books().account(sent.signupId())).isEmpty();
    }
}
