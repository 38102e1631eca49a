package org.brokerhandoff.registerservice.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.registerservice.Facts;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class NoticeSenderTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final NoticeSchedule SCHEDULE = new NoticeSchedule(
            Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofDays(30), Duration.ofDays(1), Duration.ofMinutes(6));
    private static final NoticeReply COMPLETED =
            new NoticeReply.Answered(200, Optional.of(new NoticeReply.Completed()), Optional.empty());
    private static final NoticeReply PENDING =
            new NoticeReply.Answered(202, Optional.of(new NoticeReply.Pending()), Optional.empty());
    private static final NoticeReply UNKNOWN = new NoticeReply.Answered(404, Optional.empty(), Optional.empty());
    private static final NoticeReply FAILED = new NoticeReply.Answered(500, Optional.empty(), Optional.empty());

    /** A log that refuses on command, and the resulting notices. */
    private static final class Log implements NoticeLog, NoticeSource {
        final List<SpecificRecord> events = Collections.synchronizedList(new ArrayList<>());
        final List<Notice.Key> owed;
        final Set<Class<?>> refusedOnce = ConcurrentHashMap.newKeySet();
        final Set<Class<?>> refused = ConcurrentHashMap.newKeySet();
        final AtomicInteger refusals = new AtomicInteger();
        final List<UUID> ended = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger looks = new AtomicInteger();
        final Instant requestedAt;
        volatile boolean behind;
        volatile boolean ours = true;
        volatile Optional<CompletableFuture<Void>> acknowledgement = Optional.empty();

        Log(List<Notice.Key> owed) {
            this(owed, Duration.ofMinutes(1));
        }

        Log(List<Notice.Key> owed, Duration age) {
            this.owed = owed;
            this.requestedAt = Instant.now().minus(age);
        }

        @Override
        public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
            if (refusedOnce.removeIf(type -> type.isInstance(event))
                    || refused.stream().anyMatch(type -> type.isInstance(event))) {
                refusals.incrementAndGet();
                return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
            }
            return acknowledgement
                    .orElseGet(() -> CompletableFuture.completedFuture(null))
                    .thenRun(() -> events.add(event));
        }

        @Override
        public Reading read() {
            looks.incrementAndGet();
            if (behind) {
                return new Reading(List.of(), Set.of(0), Duration.ZERO);
            }
            return new Reading(
                    owed.stream()
                            .filter(key -> !ended.contains(key.signupId()))
                            .map(key -> new OpenCause(
                                    new Cause(key.signupId(), key.requestId()), Instant.EPOCH, List.of(notice(key))))
                            .toList(),
                    Set.of(),
                    Duration.ZERO);
        }

        @Override
        public int partition(UUID signupId) {
            return 0;
        }

        @Override
        public boolean ours(int partition) {
            return ours;
        }

        private Notice notice(Notice.Key key) {
            List<SpecificRecord> own;
            synchronized (events) {
                own = events.stream()
                        .filter(event -> EventId.signup(event)
                                .filter(key.signupId()::equals)
                                .isPresent())
                        .toList();
            }
            List<NoticeSent> sent = own.stream()
                    .filter(NoticeSent.class::isInstance)
                    .map(NoticeSent.class::cast)
                    .toList();
            return new Notice(
                    key,
                    requestedAt,
                    true,
                    sent.stream().mapToInt(NoticeSent::getAttempt).max().orElse(0),
                    sent.stream()
                            .reduce((first, second) -> second)
                            .map(last -> new Notice.Sending(last.getSentAt(), last.getOutcome(), Optional.empty())),
                    Optional.empty(),
                    own.stream().flatMap(event -> answer(event).stream()).findFirst(),
                    own.stream()
                            .filter(NoticeEscalated.class::isInstance)
                            .map(NoticeEscalated.class::cast)
                            .collect(Collectors.toMap(
                                    NoticeEscalated::getReason, NoticeEscalated::getEscalatedAt, (one, same) -> one)));
        }

        private static Optional<Notice.Answer> answer(SpecificRecord event) {
            if (event instanceof NoticeConfirmed confirmed) {
                return Optional.of(new Notice.Confirmed(confirmed.getConfirmedAt()));
            }
            return event instanceof NoticeRefused refused
                    ? Optional.of(new Notice.Refused(refused.getRefusedAt(), refused.getGround()))
                    : Optional.empty();
        }

        /** Waits for a read of the register that began after this. */
        void awaitLook() {
            int before = looks.get();
            await().until(() -> looks.get() >= before + 2);
        }

        @Override
        public void ended(Collection<Cause> causes) {
            causes.forEach(cause -> ended.add(cause.signupId()));
        }
    }

    /** Keeps requests pending until they are answered. */
    private static final class Client implements NoticeClient {
        final Map<String, List<CompletableFuture<NoticeReply>>> open = new HashMap<>();
        final List<String> ids = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger questions = new AtomicInteger();

        @Override
        public synchronized CompletionStage<NoticeReply> send(Broker broker, BrokerNotice notice, Duration limit) {
            ids.add(notice.webhookId());
            CompletableFuture<NoticeReply> reply = new CompletableFuture<>();
            open.computeIfAbsent(broker.id(), id -> new ArrayList<>()).add(reply);
            return reply;
        }

        @Override
        public CompletionStage<NoticeReply> ask(Broker broker, BrokerNotice notice, Duration limit) {
            questions.incrementAndGet();
            return send(broker, notice, limit);
        }

        synchronized int open(String broker) {
            return open.getOrDefault(broker, List.of()).size();
        }

        void answerAll(String broker, NoticeReply reply) {
            List<CompletableFuture<NoticeReply>> waiting;
            synchronized (this) {
                waiting = List.copyOf(open.getOrDefault(broker, List.of()));
                open.remove(broker);
            }
            waiting.forEach(each -> each.complete(reply));
        }
    }

    private static Broker broker(String id) {
        return Facts.broker(id, Optional.of(URI.create("https://" + id + ".example/notices")));
    }

    private static NoticeSender sender(Log log, Client client) {
        return sender(log, client, new SimpleMeterRegistry());
    }

    private static NoticeSender sender(Log log, Client client, MeterRegistry meters) {
        BrokerDirectory directory = BrokerDirectory.of(List.of(broker("fjord"), broker("nordlys")), CODEC);
        return sender(log, client, directory, SCHEDULE, meters);
    }

    private static NoticeSender sender(
            Log log, Client client, BrokerDirectory directory, NoticeSchedule schedule, MeterRegistry meters) {
        InstantSource clock = InstantSource.system();
        return new NoticeSender(
                log,
                new NoticeSteps(log, client, () -> directory, schedule, Duration.ofSeconds(1), clock, meters),
                Duration.ofMillis(10),
                Duration.ofHours(1),
                clock,
                meters);
    }

    private static List<Notice.Key> keys(String broker, int count) {
        List<Notice.Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new Notice.Key(UUID.randomUUID(), broker, NoticeType.WITHDRAWAL, Optional.empty()));
        }
        return keys;
    }

    @Test
    void a_refusal_is_recorded_with_its_ground_and_ends_the_notice_of_a_request() {
        UUID request = UUID.randomUUID();
        Log log = new Log(List.of(
                new Notice.Key(UUID.randomUUID(), "fjord", NoticeType.ERASURE, Optional.of(request)),
                new Notice.Key(UUID.randomUUID(), "nordlys", NoticeType.RESTRICTION, Optional.of(request))));
        log.refusedOnce.add(NoticeRefused.class);
        Client client = new Client();
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
    void a_sending_that_was_not_recorded_is_recorded_later_and_not_made_again() {
        Log log = new Log(keys("fjord", 1));
        log.refusedOnce.add(NoticeSent.class);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1));
        log.refusedOnce.add(NoticeSent.class);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1));
        log.refusedOnce.add(NoticeConfirmed.class);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1));
        log.refused.add(NoticeConfirmed.class);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1));
        log.refused.add(NoticeConfirmed.class);
        Client client = new Client();
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
        Log log = new Log(keys("nordlys", 1));
        log.refused.add(NoticeEscalated.class);
        Client client = new Client();
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
        Log log = new Log(keys("nordlys", 1));
        log.refused.add(NoticeEscalated.class);
        MeterRegistry meters = new SimpleMeterRegistry();
        Instant recordedFrom;
        try (NoticeSender sender = sender(log, new Client(), BROKERS, SCHEDULE, meters)) {
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

    @Test
    void a_broker_that_hangs_takes_a_few_places_of_its_own_and_none_of_the_others() {
        List<Notice.Key> keys = new ArrayList<>(keys("fjord", 50));
        keys.addAll(keys("nordlys", 3));
        Log log = new Log(keys);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1), SCHEDULE.limit().plusDays(1));
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1));
        Client client = new Client();
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
        Log log = new Log(keys, SCHEDULE.escalateAfter().plusDays(1));
        Notice.Key silent = keys.get(keys.size() - 1);
        log.events.add(NoticeEvents.sent(
                log.notice(silent),
                1,
                new Notice.Sending(log.requestedAt, NoticeOutcome.NO_ANSWER, Optional.empty()),
                Optional.empty()));
        Client client = new Client();
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
        Log log = new Log(keys);
        Client client = new Client();
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
        Log log = new Log(keys);
        Client client = new Client();
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
        Log log = new Log(keys);
        Client client = new Client();
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
        Log log = new Log(keys("fjord", 1), SCHEDULE.escalateAfter().plusDays(1));
        CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
        log.acknowledgement = Optional.of(acknowledgement);
        Client client = new Client();
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
