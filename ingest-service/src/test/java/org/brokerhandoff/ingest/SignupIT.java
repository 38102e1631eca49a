package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** A signup over HTTP, with Kafka, the custody file and the register as in production. */
class SignupIT extends RunningIngest {
    @Test
    void what_was_found_about_the_keys_place_is_shown_and_published() {
        JsonNode checks = website.get("/health/ready").json().path("checks");
        String shown = StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> check.path("name").asText().equals("custody-preflight"))
                .map(check -> check.at("/details/highestPurgeLevel").asText())
                .findFirst()
                .orElseThrow();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(LogReader.events(installation, Topic.PURGES, CustodyExamined.class))
                        .isNotEmpty()
                        .allSatisfy(examined -> {
                            assertThat(examined.getService()).isEqualTo(ServiceName.INGEST);
                            assertThat(examined.getHighestLevel().name()).isEqualTo(shown);
                        }));
    }

    @Test
    void an_accepted_signup_has_its_consent_and_its_sealed_person_in_the_log() {
        Instant before = Instant.now();
        Website.Answer answer = website.signUp("happy", Website.body("Kari Nordmann"));

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        assertThat(answer.header("Idempotency-Replayed")).isEmpty();
        assertThat(answer.json().path("status").asText()).isEqualTo("RECEIVED");
        UUID id = UUID.fromString(answer.json().path("signupId").asText());
        assertThat(id.version()).isEqualTo(7);
        assertThat(answer.json().at("/links/self").asText()).isEqualTo("/v1/signups/" + id);
        assertThat(answer.json().at("/links/receipt").asText()).isEqualTo("/v1/signups/" + id + "/receipt");
        assertThat(answer.json().at("/links/withdrawal").asText()).isEqualTo("/v1/signups/" + id + "/withdrawal");
        Instant eraseBy = Instant.parse(answer.json().path("eraseBy").asText());
        assertThat(eraseBy).isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));

        ConsentGranted consent = consents(id).get(0);
        assertThat(consent.getPolicyVersion()).isEqualTo(Website.POLICY);
        assertThat(consent.getRecipients()).containsExactly("fjord-markets", "nordlys-invest");
        SealedSignup sealed = sealed(id).get(0);
        assertThat(sealed.getEraseBy()).isEqualTo(eraseBy);
        assertThat(sealed.getKeyExpiry()).isEqualTo(eraseBy.minusSeconds(600));
        assertThat(opened(sealed))
                .hasValue("{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\","
                        + "\"phone\":\"+4791234567\",\"language\":\"nb\",\"extra\":{\"city\":\"Bergen\"}}");
    }

    @Test
    void a_repeated_key_gives_the_same_signup_and_publishes_nothing_more() {
        Website.Answer first = website.signUp("repeated", Website.body("Ola Nordmann"));
        Website.Answer second = website.signUp("repeated", Website.body("Ola Nordmann"));

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.json()).isEqualTo(first.json());
        UUID id = UUID.fromString(first.json().path("signupId").asText());
        assertThat(sealed(id)).hasSize(1);
        assertThat(consents(id)).hasSize(1);
    }

    @Test
    void requests_with_one_key_at_the_same_time_give_one_signup() {
        List<CompletableFuture<Website.Answer>> answers = IntStream.range(0, 20)
                .mapToObj(i -> website.signUpAsync("together", Website.body("Åse Ødegård")))
                .toList();

        List<String> ids = answers.stream()
                .map(CompletableFuture::join)
                .peek(answer -> assertThat(answer.status()).isEqualTo(202))
                .map(answer -> answer.json().path("signupId").asText())
                .distinct()
                .toList();
        assertThat(ids).hasSize(1);
        assertThat(answers.stream()
                        .filter(answer ->
                                answer.join().header("Idempotency-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(sealed(UUID.fromString(ids.get(0)))).hasSize(1);
    }

    @Test
    void the_key_of_one_client_is_not_the_key_of_another() {
        Website.Answer first = website.signUp("shared-text", Website.body("Kari Nordmann"));
        Website.Answer other = website.send(website.request("/v1/signups", Installation.OTHER_WEBSITE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "shared-text")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Website.body("Kari Nordmann")))
                .build());

        assertThat(other.status()).isEqualTo(202);
        assertThat(other.json().path("signupId")).isNotEqualTo(first.json().path("signupId"));
    }

    @Test
    void status_and_receipt_are_there_as_soon_as_the_signup_is_accepted() {
        Website.Answer accepted = website.signUp("status", Website.body("Kari Nordmann"));
        String id = accepted.json().path("signupId").asText();

        Website.Answer status = website.get("/v1/signups/" + id);
        assertThat(status.status()).describedAs("%s", status).isEqualTo(200);
        assertThat(status.json().path("status").asText()).isEqualTo("RECEIVED");
        assertThat(status.json().path("eraseBy")).isEqualTo(accepted.json().path("eraseBy"));

        Website.Answer receipt = website.get("/v1/signups/" + id + "/receipt");
        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.json().at("/privacyNotice/sha256").asText()).isEqualTo("a".repeat(64));
        assertThat(receipt.json().at("/purposes/0/recipients/1").asText()).isEqualTo("nordlys-invest");
        assertThat(receipt.json().at("/events/0/method").asText()).isEqualTo("registration-form");
    }

    @Test
    void an_unknown_signup_is_not_found() {
        for (String path : List.of("", "/receipt")) {
            assertThat(website.get("/v1/signups/" + UUID.randomUUID() + path).code())
                    .isEqualTo("unknown-signup");
            assertThat(website.get("/v1/signups/not-an-id" + path).status()).isEqualTo(404);
        }
        assertThat(website.withdraw(UUID.randomUUID().toString()).status()).isEqualTo(404);
    }

    @Test
    void a_withdrawal_before_the_hand_off_destroys_the_key_first() {
        String id = website.signUp("withdrawn", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();

        Website.Answer answer = website.withdraw(id);

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(200);
        assertThat(answer.json().path("outcome").asText()).isEqualTo("ERASED_BEFORE_HANDOFF");
        assertThat(opened(sealed(UUID.fromString(id)).get(0))).isEmpty();
        assertThat(website.withdraw(id).json()).isEqualTo(answer.json());
        Website.Answer status = website.get("/v1/signups/" + id);
        assertThat(status.json().path("status").asText()).isEqualTo("WITHDRAWN");
        assertThat(status.json().at("/withdrawal/at")).isEqualTo(answer.json().path("withdrawnAt"));
        assertThat(website.signUp("withdrawn", Website.body("Kari Nordmann"))
                        .json()
                        .path("signupId")
                        .asText())
                .isEqualTo(id);
    }

    @Test
    void a_withdrawal_after_a_broker_was_offered_the_data_says_so_and_destroys_the_key_too() {
        String id = website.signUp("offered", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
        offer(UUID.fromString(id));

        Website.Answer answer = website.withdraw(id);

        assertThat(answer.json().path("outcome").asText()).isEqualTo("HANDOFF_STARTED");
        assertThat(opened(sealed(UUID.fromString(id)).get(0))).isEmpty();
        assertThat(website.withdraw(id).json()).isEqualTo(answer.json());
    }

    @Test
    void a_withdrawal_after_the_delivery_keeps_its_first_time() {
        String id = website.signUp("delivered", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
        SlotReference slot = offer(UUID.fromString(id));
        try (SlotFile custody = installation.custody()) {
            assertThat(custody.erase(slot, UUID.fromString(id), EraseReason.DELIVERED)
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(EraseOutcome.Erased.class);
        }

        Website.Answer answer = website.withdraw(id);

        assertThat(answer.json().path("outcome").asText()).isEqualTo("HANDOFF_STARTED");
        assertThat(website.withdraw(id).json()).isEqualTo(answer.json());
        assertThat(website.signUp("delivered", Website.body("Kari Nordmann")).header("Idempotency-Replayed"))
                .isEqualTo("true");
    }

    /** Does what the router does before it sends anything. */
    private SlotReference offer(UUID id) {
        try (SlotFile custody = installation.custody()) {
            SlotReference slot = awaited(custody.find(id)).orElseThrow().reference();
            assertThat(custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord-markets"))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(OfferOutcome.Offered.class);
            return slot;
        }
    }

    @Test
    void after_a_restart_the_same_key_gives_the_same_signup() {
        Website.Answer first = website.signUp("restart", Website.body("Kari Nordmann"));
        service.close();
        service = installation.start(vertx);
        website = new Website(service.port()).ready();

        Website.Answer second = website.signUp("restart", Website.body("Kari Nordmann"));

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    }

    private List<SealedSignup> sealed(UUID id) {
        return LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).equals(id))
                .toList();
    }

    private List<ConsentGranted> consents(UUID id) {
        return LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).equals(id))
                .toList();
    }

    /** The person as the router would see them. */
    private Optional<String> opened(SealedSignup event) {
        UUID id = SignupIds.uuid(event.getSignupId());
        try (SlotFile custody = installation.custody()) {
            Optional<DataKey> key = awaited(custody.key(new SlotReference(event.getSlot(), event.getGeneration()), id));
            SealBinding binding = SealBinding.of(event);
            byte[] sealed = new byte[event.getSealedPerson().remaining()];
            event.getSealedPerson().duplicate().get(sealed);
            return key.flatMap(k -> Sealer.open(k, sealed, binding::associatedData))
                    .map(SignupIT::text);
        }
    }

    private static String text(PersonalData person) {
        return person.expose(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }

    static {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
