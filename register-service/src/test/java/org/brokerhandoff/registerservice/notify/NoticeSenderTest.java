package org.brokerhandoff.registerservice.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.COMPLETED;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.FAILED;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.PENDING;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.SCHEDULE;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.UNKNOWN;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.keys;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.sender;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class NoticeSenderTest {
    @Test
    void a_refusal_is_recorded_with_its_ground_and_ends_the_notice_of_a_request() {
        UUID request = UUID.randomUUID();
        NoticesInMemory log = new NoticesInMemory(List.of(
                new Notice.Key(UUID.randomUUID(), "fjord", NoticeType.ERASURE, Optional.of(request)),
                new Notice.Key(UUID.randomUUID(), "nordlys", NoticeType.RESTRICTION, Optional.of(request))));
        log.refusedOnce.add(NoticeRefused.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1 && client.open("nordlys") == 1);
            client.answerAll("fjord", refusal(422, RightsGround.LEGAL_OBLIGATION));
            client.answerAll("nordlys", PENDING);
            // The broker also says so when it is polled.
            await().until(() -> client.questions.get() == 1);
            client.answerAll("nordlys", refusal(200, RightsGround.LEGAL_CLAIMS));
            await().until(() -> log.ended.size() == 2);
        }
        assertThat(client.ids)
                .as("one sending each, and one question")
                .hasSize(3)
                .allMatch(id -> id.endsWith("/" + request));
        assertThat(log.events)
                .filteredOn(NoticeRefused.class::isInstance)
                .map(NoticeRefused.class::cast)
                .allMatch(refused ->
                        SignupIds.uuid(refused.getRequestId().bytes()).equals(request))
                .extracting(NoticeRefused::getGround)
                .containsExactlyInAnyOrder(RightsGround.LEGAL_OBLIGATION, RightsGround.LEGAL_CLAIMS);
        assertThat(log.events).noneMatch(NoticeConfirmed.class::isInstance);
    }

    private static NoticeReply refusal(int status, RightsGround ground) {
        return new NoticeReply.Answered(status, Optional.of(new NoticeReply.Refused(ground)), Optional.empty());
    }

    @Test
    void a_broker_that_hangs_takes_a_few_places_of_its_own_and_none_of_the_others() {
        List<Notice.Key> keys = new ArrayList<>(keys("fjord", 50));
        keys.addAll(keys("nordlys", 3));
        NoticesInMemory log = new NoticesInMemory(keys);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("nordlys") == 3);
            client.answerAll("nordlys", COMPLETED);
            await().until(() -> log.ended.size() == 3);
            assertThat(client.open("fjord")).isEqualTo(NoticeClient.MOST_AT_ONCE_PER_BROKER);

            await().until(() -> {
                client.answerAll("fjord", COMPLETED);
                return log.ended.size() == keys.size();
            });
        }
        assertThat(client.ids).hasSize(keys.size());
        assertThat(log.events.stream()
                        .map(event -> SignupIds.uuid(
                                event instanceof NoticeSent sent
                                        ? sent.getSignupId()
                                        : ((NoticeConfirmed) event).getSignupId()))
                        .distinct())
                .hasSize(keys.size());
    }

    @Test
    void a_notice_that_was_given_up_stays_in_sight() {
        NoticesInMemory log =
                new NoticesInMemory(keys("fjord", 1), SCHEDULE.limit().plusDays(1));
        WaitingClient client = new WaitingClient();
        MeterRegistry meters = new SimpleMeterRegistry();
        try (NoticeSender sender = sender(log, client, meters)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", FAILED);
            await().until(() -> log.events.stream()
                    .anyMatch(event -> event instanceof NoticeEscalated escalated
                            && escalated.getReason() == EscalationReason.GIVEN_UP));
            log.awaitLook();
            log.awaitLook();

            assertThat(log.ended).isEmpty();
            assertThat(meters.get("handoff.notices.open")
                            .tag("state", "escalated")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(meters.get("handoff.notices.oldest").gauge().value())
                    .as("nothing is under way any more")
                    .isZero();
            assertThat(sender.health().toString()).contains("notices-escalated");
        }
        assertThat(client.ids).hasSize(1);
    }

    @Test
    void what_a_broker_answered_is_still_known_when_the_register_has_caught_up_again() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", PENDING);
            await().until(() -> client.questions.get() == 1);
            log.behind = true;
            log.awaitLook();
            client.answerAll("fjord", UNKNOWN);
            log.awaitLook();
            log.behind = false;
            await().until(() -> client.open("fjord") == 1);
        }
        assertThat(client.questions)
                .as("it has lost the notice: it is sent it, and not asked again")
                .hasValue(1);
        assertThat(client.ids).hasSize(3);
    }

    @Test
    void a_register_that_lags_is_looked_at_again_soon_and_a_long_look_through_rests_long() {
        Duration shortest = Duration.ofSeconds(1);
        assertThat(NoticeSender.rest(Duration.ofMillis(100), Duration.ofMillis(5), shortest))
                .isEqualTo(shortest);
        assertThat(NoticeSender.rest(Duration.ofMillis(100), Duration.ofSeconds(3), shortest))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(NoticeSender.rest(Duration.ofSeconds(20), Duration.ofSeconds(3), shortest))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(NoticeSender.rest(Duration.ofMinutes(5), Duration.ofSeconds(3), shortest))
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void an_escalation_does_not_wait_for_the_broker_that_it_is_about() {
        List<Notice.Key> keys = keys("fjord", NoticeClient.MOST_AT_ONCE_PER_BROKER + 1);
        NoticesInMemory log = new NoticesInMemory(keys, SCHEDULE.escalateAfter().plusDays(1));
        Notice.Key silent = keys.get(keys.size() - 1);
        log.events.add(NoticeEvents.sent(
                log.notice(silent),
                1,
                new Notice.Sending(log.requestedAt, NoticeOutcome.NO_ANSWER, Optional.empty()),
                Optional.empty()));
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == NoticeClient.MOST_AT_ONCE_PER_BROKER);
            await().until(() -> log.notice(silent).escalations().containsKey(EscalationReason.SILENT));
            assertThat(client.open("fjord")).isEqualTo(NoticeClient.MOST_AT_ONCE_PER_BROKER);
        }
    }

    @Test
    void a_notice_that_is_confirmed_while_it_waits_for_its_turn_is_not_sent() {
        List<Notice.Key> keys = keys("fjord", NoticeClient.MOST_AT_ONCE_PER_BROKER + 1);
        NoticesInMemory log = new NoticesInMemory(keys);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == NoticeClient.MOST_AT_ONCE_PER_BROKER);
            log.events.add(NoticeEvents.answered(keys.get(keys.size() - 1), new Notice.Confirmed(Instant.now())));
            log.awaitLook();
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.ended.size() == keys.size());
        }
        assertThat(client.ids).hasSize(NoticeClient.MOST_AT_ONCE_PER_BROKER);
    }

    @Test
    void a_notice_whose_partition_another_router_has_taken_over_is_not_sent_when_its_turn_comes() {
        List<Notice.Key> keys = keys("fjord", NoticeClient.MOST_AT_ONCE_PER_BROKER + 1);
        NoticesInMemory log = new NoticesInMemory(keys);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == NoticeClient.MOST_AT_ONCE_PER_BROKER);
            log.ours = false;
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.ended.size() == NoticeClient.MOST_AT_ONCE_PER_BROKER);
            log.awaitLook();
            assertThat(client.ids).hasSize(NoticeClient.MOST_AT_ONCE_PER_BROKER);

            log.ours = true;
            await().until(() -> client.open("fjord") == 1);
        }
    }

    @Test
    void nothing_that_waits_is_sent_while_the_register_is_behind() {
        List<Notice.Key> keys = keys("fjord", NoticeClient.MOST_AT_ONCE_PER_BROKER + 1);
        NoticesInMemory log = new NoticesInMemory(keys);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == NoticeClient.MOST_AT_ONCE_PER_BROKER);
            log.behind = true;
            log.awaitLook();
            client.answerAll("fjord", COMPLETED);
            log.awaitLook();
            assertThat(client.ids).hasSize(NoticeClient.MOST_AT_ONCE_PER_BROKER);

            log.behind = false;
            await().until(() -> client.open("fjord") == 1);
        }
    }

    @Test
    void the_steps_of_a_notice_follow_one_another() {
        NoticesInMemory log =
                new NoticesInMemory(keys("fjord", 1), SCHEDULE.escalateAfter().plusDays(1));
        CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
        log.acknowledgement = Optional.of(acknowledgement);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", FAILED);
            log.awaitLook();
            assertThat(client.ids).hasSize(1);

            log.acknowledgement = Optional.empty();
            acknowledgement.complete(null);
            await().until(() -> client.open("fjord") == 1);
        }
        assertThat(log.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("NoticeSent", "NoticeEscalated");
    }
}
