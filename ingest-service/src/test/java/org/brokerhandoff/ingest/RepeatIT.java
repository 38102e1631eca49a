package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reuse of an idempotency key, whatever became of the first request. */
class RepeatIT {
    @TempDir
    private Path directory;

    private final AtomicReference<Arrow> failing = new AtomicReference<>();
    private Vertx vertx;
    private Installation installation;
    private IngestWithRegister service;
    private Website website;

    @BeforeEach
    void start() {
        TestKafka kafka = TestKafka.shared();
        vertx = Vertx.vertx();
        installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        service = IngestWithRegister.start(installation.settings(), vertx, arrow -> {
            if (failing.get() == arrow) {
                throw new IllegalStateException("as if something had failed here");
            }
        });
        installation.publishDirectory();
        website = new Website(service.port()).ready();
    }

    @AfterEach
    void stop() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "HELD, EXPIRED, true",
        "HELD, EXPIRED, false",
        "HELD, INVALID, true",
        "HELD, WITHDRAWN, false",
        "HELD, WITHDRAWN, true",
        "CONSENT_ACKNOWLEDGED, EXPIRED, true",
        "CONSENT_ACKNOWLEDGED, EXPIRED, false",
        "SIGNUP_ACKNOWLEDGED, INVALID, true"
    })
    void an_id_that_has_a_purge_is_never_taken_in(Arrow arrow, EraseReason reason, boolean freed) {
        failAt(arrow, "key", Website.body("Kari Nordmann"));
        UUID spent = purge(reason, freed);
        long before = grantedTo(spent).size();

        Website.Answer repeat = website.signUp("key", Website.body("Kari Nordmann"));

        assertThat(repeat.status()).describedAs("%s", repeat).isEqualTo(409);
        assertThat(repeat.code()).isEqualTo("idempotency-key-spent");
        assertThat(grantedTo(spent)).hasSize((int) before);
        Website.Answer anew = website.signUp("another-key", Website.body("Kari Nordmann"));
        assertThat(anew.status()).isEqualTo(202);
        assertThat(anew.json().path("signupId").asText()).isNotEqualTo(spent.toString());
    }

    @Test
    void an_id_whose_consent_stands_in_the_log_and_whose_key_is_lost_is_spent() {
        failAt(Arrow.CONSENT_ACKNOWLEDGED, "key", Website.body("Kari Nordmann"));
        try (SlotFile custody = installation.custody()) {
            SlotView slot = onlySlot(custody, SlotState.HELD);
            custody.erase(slot.reference(), slot.signupId(), EraseReason.EXPIRED)
                    .toCompletableFuture()
                    .join();
            // Without its purge, as if an older copy of the file lacked the slot.
            assertThat(awaited(custody.free(slot.reference(), slot.signupId()))).isTrue();
        }
        assertThat(website.signUp("key", Website.body("Kari Nordmann")).code()).isEqualTo("idempotency-key-spent");
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"HELD", "CONSENT_ACKNOWLEDGED", "SIGNUP_ACKNOWLEDGED"})
    void a_repeat_says_of_the_consent_what_was_said_before(Arrow arrow) {
        failAt(arrow, "key", Website.body("Kari Nordmann", Website.POLICY, Instant.now()));

        Website.Answer repeat = website.signUp(
                "key",
                Website.body("Kari Nordmann", Website.POLICY, Instant.now().minusSeconds(60)));

        assertThat(repeat.status()).describedAs("%s", repeat).isEqualTo(202);
        UUID id = UUID.fromString(repeat.json().path("signupId").asText());
        assertThat(grantedTo(id)).isNotEmpty().allMatch(grantedTo(id).get(0)::equals);
        assertThat(LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class))
                .isNotEmpty()
                .allMatch(event ->
                        event.getConsentGivenAt().equals(grantedTo(id).get(0).getGivenAt()));
    }

    @ParameterizedTest
    @CsvSource({
        "HELD, nordlys-invest, fjord-partners",
        "CONSENT_ACKNOWLEDGED, '\"fjord-markets\",', ''",
        "SIGNUP_ACKNOWLEDGED, '\"country\":\"NO\"', '\"country\":\"SE\"'",
        "CONSENT_ACKNOWLEDGED, '\"language\":\"nb\"', '\"language\":\"en\"'",
        "CONSENT_ACKNOWLEDGED, registration-form, preference-centre"
    })
    void a_repeat_with_another_consent_while_the_first_is_unanswered_publishes_nothing(
            Arrow arrow, String part, String other) {
        String body = Website.body("Kari Nordmann");
        failAt(arrow, "key", body);
        List<ConsentGranted> before = LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class);

        Website.Answer repeat = website.signUp("key", body.replace(part, other));

        // A broker that is not in the directory is refused before, and until the first is answered nothing else can be
        // said.
        assertThat(repeat.status()).describedAs("%s", repeat).isIn(409, 503);
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .isEqualTo(before);
        assertThat(website.signUp("key", body).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"person\":{}}",
                "{\"person\":{\"fullName\":\"Kari\",\"email\":\"no address\"},\"consent\":7}"
            })
    void the_answer_to_a_key_stands_whatever_a_later_body_says(String body) {
        Website.Answer first = website.signUp("key", Website.body("Kari Nordmann"));
        assertThat(first.status()).isEqualTo(202);

        Website.Answer again = website.signUp("key", body);
        assertThat(again.status()).describedAs("%s", again).isEqualTo(202);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(website.signUp("key", Website.body("Kari Nordmann", "2031", Instant.now()))
                        .json())
                .isEqualTo(first.json());
        assertThat(website.signUp("fresh-key", body).status()).isIn(400, 422);

        Website.Answer message = website.contact("key", Website.message("Kari Nordmann"));
        assertThat(message.status()).isEqualTo(202);
        assertThat(website.contact("key", body).json()).isEqualTo(message.json());
    }

    @Test
    void a_refused_key_is_free_for_a_valid_request() {
        assertThat(website.signUp("key", "{}").status()).isEqualTo(422);
        assertThat(website.signUp("key", Website.body("Kari Nordmann")).status())
                .isEqualTo(202);
    }

    private void failAt(Arrow arrow, String key, String body) {
        failing.set(arrow);
        assertThat(website.signUp(key, body).status()).isEqualTo(503);
        failing.set(null);
    }

    /** What sweeper and router do with a key that is never requested again. */
    private UUID purge(EraseReason reason, boolean freed) {
        try (SlotFile custody = installation.custody();
                EventPublisher publisher = new EventPublisher(
                        new KafkaClients(installation.settings().eventLog()),
                        new EventCodec(),
                        "/router",
                        InstantSource.system())) {
            SlotView held = onlySlot(custody, SlotState.HELD);
            SlotReference slot = held.reference();
            custody.erase(slot, held.signupId(), reason).toCompletableFuture().join();
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            publisher
                    .publish(
                            Topic.PURGES,
                            held.signupId(),
                            Purged.newBuilder()
                                    .setSignupId(SignupIds.fixed(held.signupId()))
                                    .setReason(PurgeReason.valueOf(reason.name()))
                                    .setLevel(PurgeLevel.UNREADABLE)
                                    .setKeyErasedAt(now)
                                    .setReadBack(ReadBack.MAPPED)
                                    .setSlot(slot.slot())
                                    .setGeneration(slot.generation())
                                    .setPurgedAt(now)
                                    .build())
                    .toCompletableFuture()
                    .orTimeout(Duration.ofSeconds(30).toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            if (freed) {
                assertThat(awaited(custody.free(slot, held.signupId()))).isTrue();
            }
            return held.signupId();
        }
    }

    private SlotView onlySlot(SlotFile custody, SlotState state) {
        List<UUID> ids = LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class).stream()
                .map(event -> SignupIds.uuid(event.getSignupId()))
                .toList();
        for (int slot = 0; slot < installation.slots(); slot++) {
            for (int generation = 0; generation < 3; generation++) {
                var view = awaited(custody.read(new SlotReference(slot, generation)))
                        .filter(at -> at.state() == state);
                if (view.isPresent()
                        && (ids.isEmpty() || ids.contains(view.get().signupId()))) {
                    return view.get();
                }
            }
        }
        throw new IllegalStateException("no slot is " + state);
    }

    private List<ConsentGranted> grantedTo(UUID id) {
        return LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).equals(id))
                .toList();
    }
}
