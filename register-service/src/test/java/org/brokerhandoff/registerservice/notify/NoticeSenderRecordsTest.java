package org.brokerhandoff.registerservice.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.CODEC;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.COMPLETED;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.FAILED;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.PENDING;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.SCHEDULE;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.broker;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.keys;
import static org.brokerhandoff.registerservice.notify.NoticeSenders.sender;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.junit.jupiter.api.Test;

/** What Kafka does not take at once. */
class NoticeSenderRecordsTest {
    @Test
    void a_sending_that_was_not_recorded_is_recorded_later_and_not_made_again() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        log.refusedOnce.add(NoticeSent.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.ended.size() == 1);
        }
        assertThat(client.ids).hasSize(1);
        assertThat(log.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("NoticeSent", "NoticeConfirmed");
        assertThat(((NoticeSent) log.events.get(0)).getAttempt()).isEqualTo(1);
    }

    @Test
    void a_failed_sending_that_was_not_recorded_counts_as_sent() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        log.refusedOnce.add(NoticeSent.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", FAILED);
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.ended.size() == 1);
        }
        assertThat(log.events)
                .filteredOn(NoticeSent.class::isInstance)
                .extracting(event -> ((NoticeSent) event).getAttempt())
                .containsExactly(1, 2);
        assertThat(client.ids).hasSize(2);
    }

    @Test
    void a_confirmation_that_was_not_recorded_is_recorded_without_asking_the_broker_again() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        log.refusedOnce.add(NoticeConfirmed.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.ended.size() == 1);
        }
        assertThat(client.ids).hasSize(1);
        assertThat(log.events.stream().filter(NoticeConfirmed.class::isInstance))
                .hasSize(1);
    }

    /** A pause between two records that lasts for the whole test. */
    private static final NoticeSchedule PATIENT = new NoticeSchedule(
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofDays(30),
            Duration.ofDays(1),
            Duration.ofMinutes(6));

    private static final BrokerDirectory BROKERS = BrokerDirectory.of(List.of(broker("fjord")), CODEC);

    @Test
    void a_broker_that_confirmed_when_it_was_asked_is_not_asked_again_while_kafka_refuses_the_confirmation() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        log.refused.add(NoticeConfirmed.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client)) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", PENDING);
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.refusals.get() >= 3);
            log.awaitLook();
            assertThat(client.questions).hasValue(1);
            assertThat(client.ids).hasSize(2);

            log.refused.clear();
            await().until(() -> log.ended.size() == 1);
        }
        assertThat(client.questions).hasValue(1);
        assertThat(log.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("NoticeSent", "NoticeConfirmed");
    }

    @Test
    void a_refused_confirmation_is_not_tried_again_at_every_look() {
        NoticesInMemory log = new NoticesInMemory(keys("fjord", 1));
        log.refused.add(NoticeConfirmed.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client, BROKERS, PATIENT, new SimpleMeterRegistry())) {
            sender.start();
            await().until(() -> client.open("fjord") == 1);
            client.answerAll("fjord", COMPLETED);
            await().until(() -> log.refusals.get() == 1);
            log.awaitLook();
            log.awaitLook();
            log.awaitLook();
        }
        assertThat(log.refusals).hasValue(1);
        assertThat(client.ids).hasSize(1);
    }

    @Test
    void a_refused_escalation_is_not_tried_again_at_every_look_and_the_broker_is_not_told_meanwhile() {
        NoticesInMemory log = new NoticesInMemory(keys("nordlys", 1));
        log.refused.add(NoticeEscalated.class);
        WaitingClient client = new WaitingClient();
        try (NoticeSender sender = sender(log, client, BROKERS, PATIENT, new SimpleMeterRegistry())) {
            sender.start();
            await().until(() -> log.refusals.get() == 1);
            log.awaitLook();
            log.awaitLook();
            log.awaitLook();
        }
        assertThat(log.refusals).hasValue(1);
        assertThat(log.events).isEmpty();
    }

    @Test
    void a_refused_escalation_is_recorded_when_kafka_takes_it_with_the_time_at_which_it_was_made() {
        NoticesInMemory log = new NoticesInMemory(keys("nordlys", 1));
        log.refused.add(NoticeEscalated.class);
        MeterRegistry meters = new SimpleMeterRegistry();
        Instant recordedFrom;
        try (NoticeSender sender = sender(log, new WaitingClient(), BROKERS, SCHEDULE, meters)) {
            sender.start();
            await().until(() -> log.refusals.get() >= 3);
            recordedFrom = Instant.now();
            log.refused.clear();
            await().until(() -> log.events.size() == 1);
            log.awaitLook();
        }
        assertThat(log.events).singleElement().satisfies(event -> {
            NoticeEscalated escalated = (NoticeEscalated) event;
            assertThat(escalated.getReason()).isEqualTo(EscalationReason.NO_ENDPOINT);
            assertThat(escalated.getEscalatedAt()).isBefore(recordedFrom);
        });
        assertThat(meters.counter("handoff.notices.escalations", "reason", "NO_ENDPOINT")
                        .count())
                .isEqualTo(1);
    }
}
