package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** A contact message over HTTP, with Kafka, the custody file and the register as in production. */
class ContactIT extends RunningIngest {
    @Test
    void an_accepted_message_has_its_evidence_and_its_sealed_person_in_the_log() {
        Instant before = Instant.now();
        Website.Answer answer = website.contact("happy", Website.message("Kari Nordmann"));

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        assertThat(answer.json().path("status").asText()).isEqualTo("RECEIVED");
        UUID id = id(answer);
        assertThat(answer.json().path("links").toString()).isEqualTo("{\"self\":\"/v1/signups/" + id + "\"}");
        Instant eraseBy = Instant.parse(answer.json().path("eraseBy").asText());
        // Half of what a signup may be held here: its own expiry.
        assertThat(eraseBy).isBetween(before.plusSeconds(1799), Instant.now().plusSeconds(1800));

        ContactReceived evidence =
                events(id, Topic.CONSENTS, ContactReceived.class).get(0);
        assertThat(evidence.getPurposes()).containsExactly(Purpose.HELPDESK);
        assertThat(evidence.getRecipients()).containsExactly("helpdesk");
        assertThat(evidence.getDataCategories()).contains(DataCategory.CORRESPONDENCE);
        assertThat(evidence.getEraseBy()).isEqualTo(eraseBy);
        SealedSignup sealed = events(id, Topic.SIGNUPS, SealedSignup.class).get(0);
        assertThat(sealed.getPurposes()).containsExactly(Purpose.HELPDESK);
        assertThat(sealed.getRecipients()).containsExactly("helpdesk");
        assertThat(sealed.getCountry()).isEqualTo("ZZ");
        assertThat(opened(sealed))
                .hasValue("{\"name\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"subject\":\"Who has my data?\","
                        + "\"text\":\"Hello,\\nwho has it?\",\"language\":\"nb\"}");
    }

    @Test
    void its_status_is_shown_and_there_is_no_receipt_of_a_consent() {
        UUID id = id(website.contact("status", Website.message("Kari Nordmann")));

        assertThat(website.get("/v1/signups/" + id).json().path("status").asText())
                .isEqualTo("RECEIVED");
        assertThat(website.get("/v1/signups/" + id + "/receipt").status()).isEqualTo(404);
    }

    @Test
    void a_message_can_be_called_back_like_a_signup() {
        UUID id = id(website.contact("called-back", Website.message("Kari Nordmann")));

        assertThat(website.withdraw(id.toString()).json().path("outcome").asText())
                .isEqualTo("ERASED_BEFORE_HANDOFF");
        assertThat(opened(events(id, Topic.SIGNUPS, SealedSignup.class).get(0))).isEmpty();
    }

    @Test
    void a_repeated_key_gives_the_same_message_and_a_signup_with_that_key_is_another_thing() {
        Website.Answer first = website.contact("twice", Website.message("Kari Nordmann"));
        Website.Answer second = website.contact("twice", Website.message("Kari Nordmann"));
        Website.Answer signup = website.signUp("twice", Website.body("Kari Nordmann"));

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(signup.status()).isEqualTo(202);
        assertThat(signup.json().path("signupId")).isNotEqualTo(first.json().path("messageId"));
        assertThat(events(id(first), Topic.SIGNUPS, SealedSignup.class)).hasSize(1);
    }

    @Test
    void a_faulty_message_is_refused_without_quoting_it() {
        Website.Answer answer =
                website.contact("faulty", Website.message("Kari Nordmann").replace("kari@example.no", "kari.example"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid-contact-message");
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/email");
        assertThat(answer.toString()).doesNotContain("kari").doesNotContain("Kari");
    }

    private static UUID id(Website.Answer answer) {
        return UUID.fromString(answer.json().path("messageId").asText());
    }

    private <T extends SpecificRecord> List<T> events(UUID id, Topic topic, Class<T> type) {
        return LogReader.events(installation, topic, type).stream()
                .filter(event -> EventId.signup(event).equals(Optional.of(id)))
                .toList();
    }

    /** The message as the router would see it. */
    private Optional<String> opened(SealedSignup event) {
        UUID id = EventId.signup(event).orElseThrow();
        try (SlotFile custody = installation.custody()) {
            Optional<DataKey> key = awaited(custody.key(new SlotReference(event.getSlot(), event.getGeneration()), id));
            SealBinding binding = SealBinding.of(event);
            byte[] sealed = new byte[event.getSealedPerson().remaining()];
            event.getSealedPerson().duplicate().get(sealed);
            return key.flatMap(k -> Sealer.open(k, sealed, binding::associatedData))
                    .map(person -> person.expose(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    static {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
