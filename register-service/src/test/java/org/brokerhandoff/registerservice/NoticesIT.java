package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.NoticeBehaviour;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A withdrawal after the handoff reaches the broker that holds the data, or may hold it. */
class NoticesIT {
    @TempDir
    Path directory;

    @Test
    void the_broker_that_holds_the_data_is_told_until_it_confirms_and_no_other_is() throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            RegisterService service = fixture.start();
            UUID prompt = fixture.delivered();
            UUID stubborn = fixture.delivered();
            UUID slow = fixture.delivered();
            UUID kept = fixture.delivered();
            UUID nowhere = fixture.delivered("nordlys-invest");
            // It was assigned, and may have it.
            UUID unknown = UUID.randomUUID();
            fixture.publish(Topic.HANDOFFS, unknown, Facts.assigned(unknown, "fjord-markets"))
                    .join();
            fixture.fjord.behaveOnNotices((id, type, arrival) -> {
                if (id.equals(stubborn) && arrival <= 2) {
                    return new NoticeReaction.Fail(500);
                }
                return id.equals(slow) ? new NoticeReaction.Pend(2) : new NoticeReaction.Complete();
            });
            Instant withdrawnAt = Instant.now();
            List.of(prompt, stubborn, slow, nowhere, unknown).forEach(fixture::withdraw);
            List.of(prompt, stubborn, slow, unknown).forEach(id -> fixture.awaitEvent(id, NoticeConfirmed.class));

            assertThat(fixture.events(prompt, NoticeSent.class)).singleElement().satisfies(sent -> {
                assertThat(sent.getBroker()).isEqualTo("fjord-markets");
                assertThat(sent.getOutcome()).isEqualTo(NoticeOutcome.COMPLETED);
                assertThat(sent.getType()).isEqualTo(NoticeType.WITHDRAWAL);
                assertThat(sent.getStatus()).isEqualTo(200);
            });
            assertThat(fixture.events(stubborn, NoticeSent.class))
                    .extracting(NoticeSent::getAttempt)
                    .containsExactly(1, 2, 3);
            assertThat(fixture.events(slow, NoticeSent.class))
                    .extracting(NoticeSent::getOutcome)
                    .containsExactly(NoticeOutcome.PENDING);
            assertThat(fixture.events(unknown, NoticeSent.class).get(0).getSentAt())
                    .isAfterOrEqualTo(withdrawnAt.plus(RegisterFixture.NOTICES.settleAfter()));
            for (UUID id : List.of(prompt, stubborn, slow, unknown)) {
                assertThat(fixture.notice(id).orElseThrow().completed()).isTrue();
                assertThat(fixture.events(id, NoticeConfirmed.class)).hasSize(1);
            }
            assertThat(fixture.notice(kept)).isEmpty();
            assertThat(fixture.notice(nowhere)).isEmpty();
            assertThat(fixture.fjord.books().totals().badSignatures()).isZero();
            fixture.awaitEvent(nowhere, NoticeEscalated.class);
            assertThat(fixture.events(nowhere, NoticeEscalated.class).get(0).getReason())
                    .isEqualTo(EscalationReason.NO_ENDPOINT);
            assertThat(fixture.events(nowhere, NoticeSent.class)).isEmpty();
            await().atMost(RegisterFixture.LIMIT)
                    .untilAsserted(
                            () -> assertThat(service.health().get(3).check().toString())
                                    .contains("notices-escalated"));
        }
    }

    @Test
    void each_request_is_told_by_itself_and_may_be_confirmed_after_questions_or_refused() throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            RegisterService service = fixture.start();
            UUID id = fixture.delivered();
            UUID erasure = UUID.randomUUID();
            UUID restriction = UUID.randomUUID();
            UUID objection = UUID.randomUUID();
            fixture.fjord.behaveOnNotices((signup, type, arrival) -> switch (type) {
                case "erasure" ->
                    arrival == 1 ? new NoticeReaction.Fail(500) : new NoticeReaction.Refuse("legal-claims");
                case "restriction" -> new NoticeReaction.Pend(2);
                default -> new NoticeReaction.Complete();
            });
            fixture.publish(Topic.CONSENTS, id, Facts.requested(id, erasure, RightsType.ERASURE))
                    .join();
            fixture.publish(Topic.CONSENTS, id, Facts.requested(id, restriction, RightsType.RESTRICTION))
                    .join();
            fixture.publish(Topic.CONSENTS, id, Facts.requested(id, objection, RightsType.OBJECTION))
                    .join();
            fixture.withdraw(id);
            // Access is answered here: the broker gets no notice.
            fixture.publish(Topic.CONSENTS, id, Facts.requested(id, UUID.randomUUID(), RightsType.ACCESS))
                    .join();

            fixture.awaitEvent(id, NoticeRefused.class);
            await().atMost(RegisterFixture.LIMIT)
                    .until(() -> fixture.events(id, NoticeConfirmed.class).size() == 3);

            assertThat(fixture.events(id, NoticeConfirmed.class))
                    .extracting(NoticeConfirmed::getType)
                    .containsExactlyInAnyOrder(NoticeType.WITHDRAWAL, NoticeType.RESTRICTION, NoticeType.OBJECTION);
            assertThat(fixture.events(id, NoticeRefused.class)).singleElement().satisfies(refused -> {
                assertThat(refused.getType()).isEqualTo(NoticeType.ERASURE);
                assertThat(refused.getGround()).isEqualTo(RightsGround.LEGAL_CLAIMS);
                assertThat(SignupIds.uuid(refused.getRequestId().bytes())).isEqualTo(erasure);
            });
            assertThat(fixture.fjord.books().account(id).orElseThrow().notices())
                    .as("each by its own id")
                    .extracting(
                            Books.NoticeAccount::type, Books.NoticeAccount::requestId, Books.NoticeAccount::arrivals)
                    .containsExactlyInAnyOrder(
                            tuple("withdrawal", Optional.empty(), 1),
                            tuple("erasure", Optional.of(erasure), 2),
                            tuple("restriction", Optional.of(restriction), 1),
                            tuple("objection", Optional.of(objection), 1));
            assertThat(fixture.fjord.books().totals().badSignatures()).isZero();
            await().atMost(RegisterFixture.LIMIT)
                    .untilAsserted(
                            () -> assertThat(service.health().get(4).check().toString())
                                    .as("the objection is to be decided, and is not due yet")
                                    .contains("Healthy"));
        }
    }

    @Test
    void a_silent_broker_is_escalated_and_still_told_by_the_next_process() throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            fixture.fjord.behaveOnNotices(NoticeBehaviour.failing(503, Integer.MAX_VALUE));
            UUID id = fixture.delivered();
            fixture.withdraw(id);
            try (RegisterService first = fixture.start()) {
                fixture.awaitEvent(id, NoticeEscalated.class);
                assertThat(first.health()).isNotEmpty();
            }
            assertThat(fixture.events(id, NoticeEscalated.class))
                    .extracting(NoticeEscalated::getReason)
                    .containsExactly(EscalationReason.SILENT);
            int before = fixture.events(id, NoticeSent.class).size();

            fixture.fjord.behaveOnNotices(NoticeBehaviour.completing());
            fixture.start();
            fixture.awaitEvent(id, NoticeConfirmed.class);
            assertThat(fixture.events(id, NoticeSent.class).stream().map(NoticeSent::getAttempt))
                    .as("the second process goes on counting")
                    .doesNotHaveDuplicates()
                    .hasSize(before + 1);
            assertThat(fixture.events(id, NoticeEscalated.class)).hasSize(1);
        }
    }
}
