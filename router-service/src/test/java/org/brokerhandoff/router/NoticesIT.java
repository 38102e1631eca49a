package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.NoticeBehaviour;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A withdrawal after the handoff reaches the broker that holds the data, or may hold it. */
class NoticesIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static UUID delivered(RouterFixture fixture, String broker) {
        UUID id = fixture.source.send("NO", PERSON, broker).signupId();
        await().atMost(LIMIT)
                .until(() -> fixture.events(Topic.HANDOFFS, id).stream().anyMatch(Delivered.class::isInstance));
        return id;
    }

    private static void withdraw(RouterFixture fixture, UUID id) {
        fixture.source
                .publisher()
                .publish(Topic.CONSENTS, id, Examples.withdrawnAfterOffer(id))
                .toCompletableFuture()
                .join();
    }

    private static <E> List<E> events(RouterFixture fixture, UUID id, Class<E> type) {
        return fixture.events(Topic.HANDOFFS, id).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static void awaitConfirmed(RouterFixture fixture, UUID id) {
        await().atMost(LIMIT)
                .until(() -> !events(fixture, id, NoticeConfirmed.class).isEmpty());
    }

    private static Optional<Books.NoticeAccount> notice(SandboxBroker broker, UUID id) {
        return broker.books()
                .account(id)
                .flatMap(account -> account.notices().stream().findFirst());
    }

    @Test
    void the_broker_that_holds_the_data_is_told_until_it_confirms_and_no_other_is() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                Register register = Register.open(fixture.settings.register());
                RegisterProjector projector = RegisterProjector.start(
                        new KafkaClients(fixture.settings.eventLog()), new EventCodec(), register)) {
            RouterService router = fixture.startRouter();
            UUID prompt = delivered(fixture, "fjord-markets");
            UUID stubborn = delivered(fixture, "fjord-markets");
            UUID slow = delivered(fixture, "fjord-markets");
            UUID kept = delivered(fixture, "fjord-markets");
            UUID nowhere = delivered(fixture, "nordlys-invest");
            fixture.fjord.behaveOnNotices((id, type, arrival) -> {
                if (id.equals(stubborn) && arrival <= 2) {
                    return new NoticeReaction.Fail(500);
                }
                return id.equals(slow) ? new NoticeReaction.Pend(2) : new NoticeReaction.Complete();
            });
            for (UUID id : List.of(prompt, stubborn, slow, nowhere)) {
                withdraw(fixture, id);
            }
            List.of(prompt, stubborn, slow).forEach(id -> awaitConfirmed(fixture, id));
            // The broker has taken it, and nobody knows, nor can find out.
            fixture.fjord.answerQuestions(false);
            fixture.fjord.behave(Behaviour.always(new Reaction.AcceptThenReply(200, "?")));
            UUID unknown = fixture.source.send("NO", PERSON, "fjord-markets").signupId();
            await().atMost(LIMIT)
                    .until(() -> fixture.fjord.books().account(unknown).isPresent());
            Instant withdrawnAt = Instant.now();
            withdraw(fixture, unknown);
            awaitConfirmed(fixture, unknown);

            assertThat(events(fixture, prompt, NoticeSent.class))
                    .singleElement()
                    .satisfies(sent -> {
                        assertThat(sent.getBroker()).isEqualTo("fjord-markets");
                        assertThat(sent.getOutcome()).isEqualTo(NoticeOutcome.COMPLETED);
                        assertThat(sent.getType()).isEqualTo(NoticeType.WITHDRAWAL);
                        assertThat(sent.getStatus()).isEqualTo(200);
                    });
            assertThat(events(fixture, stubborn, NoticeSent.class))
                    .extracting(NoticeSent::getAttempt)
                    .containsExactly(1, 2, 3);
            assertThat(events(fixture, slow, NoticeSent.class))
                    .extracting(NoticeSent::getOutcome)
                    .containsExactly(NoticeOutcome.PENDING);
            assertThat(events(fixture, unknown, NoticeSent.class).get(0).getSentAt())
                    .isAfterOrEqualTo(withdrawnAt.plus(RouterFixture.NOTICES.settleAfter()));
            for (UUID id : List.of(prompt, stubborn, slow, unknown)) {
                assertThat(notice(fixture.fjord, id).orElseThrow().completed()).isTrue();
                assertThat(fixture.nordlys.books().account(id)).isEmpty();
                assertThat(events(fixture, id, NoticeConfirmed.class)).hasSize(1);
            }
            assertThat(notice(fixture.fjord, kept)).isEmpty();
            assertThat(fixture.fjord.books().totals().badSignatures()).isZero();
            await().atMost(LIMIT)
                    .until(() ->
                            !events(fixture, nowhere, NoticeEscalated.class).isEmpty());
            assertThat(events(fixture, nowhere, NoticeEscalated.class).get(0).getReason())
                    .isEqualTo(EscalationReason.NO_ENDPOINT);
            assertThat(events(fixture, nowhere, NoticeSent.class)).isEmpty();
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(router.notices().check().toString()).contains("notices-escalated"));
            assertThat(projector.unreadableEvents()).isZero();
        }
    }

    @Test
    void a_silent_broker_is_escalated_and_still_told_by_the_next_router_while_nobody_else_projects() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behaveOnNotices(NoticeBehaviour.failing(503, Integer.MAX_VALUE));
            UUID id;
            try (RouterService first = fixture.startRouter()) {
                id = delivered(fixture, "fjord-markets");
                withdraw(fixture, id);
                await().atMost(LIMIT)
                        .until(() -> !events(fixture, id, NoticeEscalated.class).isEmpty());
                assertThat(first.unfinished()).isGreaterThanOrEqualTo(0);
            }
            assertThat(events(fixture, id, NoticeEscalated.class))
                    .extracting(NoticeEscalated::getReason)
                    .containsExactly(EscalationReason.SILENT);
            int before = events(fixture, id, NoticeSent.class).size();

            fixture.fjord.behaveOnNotices(NoticeBehaviour.completing());
            fixture.startRouter();
            awaitConfirmed(fixture, id);
            assertThat(events(fixture, id, NoticeSent.class).stream().map(NoticeSent::getAttempt))
                    .as("the second router goes on counting")
                    .doesNotHaveDuplicates()
                    .hasSize(before + 1);
            assertThat(events(fixture, id, NoticeEscalated.class)).hasSize(1);
        }
    }
}
