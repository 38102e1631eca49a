package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.journal.HistoryRules;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class HandoffRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final PendingSignup SIGNUP = Examples.signup(ID, "fjord-markets");
    private static final Assignment ASSIGNMENT =
            new Assignment("fjord-markets", 0, Examples.RECEIVED.plusMillis(1_234));

    private static byte[] bytes(Assignment assignment, String person) {
        try (PersonalData clear = PersonalData.takeOver(person.getBytes(StandardCharsets.UTF_8));
                PersonalData body = HandoffRequest.body(SIGNUP, assignment, clear)) {
            return body.expose(byte[]::clone);
        }
    }

    private static JsonNode body(String person) {
        try {
            return JSON.readTree(bytes(ASSIGNMENT, person));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_body_has_the_contracts_members_and_no_other() {
        JsonNode body = body("{\"fullName\":\"Kari Nordmann\",\"country\":\"NO\"}");
        assertThat(body.fieldNames()).toIterable().containsExactly("signupId", "person", "consent", "assignedAt");
        assertThat(body.get("signupId").asText()).isEqualTo(ID.toString());
        assertThat(body.get("consent").fieldNames())
                .toIterable()
                .containsExactly("policyVersion", "purposes", "givenAt");
        assertThat(body.get("consent").get("policyVersion").asText()).isEqualTo("2026-11-01");
        assertThat(body.get("consent").get("purposes").get(0).asText()).isEqualTo("broker-handoff");
        assertThat(body.get("assignedAt").asText()).isEqualTo("2026-11-22T13:00:01.234Z");
    }

    @Test
    void a_message_goes_to_the_helpdesk_with_its_purpose_and_no_consent() throws IOException {
        PendingSignup message = Examples.message(ID, "helpdesk");
        try (PersonalData clear = PersonalData.takeOver("{\"name\":\"Kari\"}".getBytes(StandardCharsets.UTF_8));
                PersonalData body = HandoffRequest.body(message, ASSIGNMENT, clear)) {
            assertThat(JSON.readTree(body.expose(byte[]::clone)))
                    .isEqualTo(JSON.readTree("{\"signupId\":\"" + ID + "\",\"message\":{\"name\":\"Kari\"},"
                            + "\"purpose\":\"helpdesk\",\"assignedAt\":\"2026-11-22T13:00:01.234Z\"}"));
        }
    }

    @Test
    void the_person_arrives_as_it_was_sealed_to_the_byte() {
        Random random = new Random(10);
        for (int i = 0; i < 200; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                name.appendCodePoint(0x20 + random.nextInt(0x3000));
            }
            String person = JSON.createObjectNode()
                    .put("fullName", name.toString())
                    .put("number", 1)
                    .toString();
            assertThat(new String(bytes(ASSIGNMENT, person), StandardCharsets.UTF_8))
                    .contains("\"person\":" + person + ",");
            assertThat(body(person).get("person").get("fullName").asText()).isEqualTo(name.toString());
        }
    }

    /** A broker that compares bodies under one idempotency key must not be given a reason to refuse. */
    @Test
    void a_router_that_reads_the_assignment_back_sends_the_same_bytes() {
        Assigned event = Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setBroker("fjord-markets")
                .setHop(0)
                .setDirectoryDigest(new Digest(new byte[32]))
                .setDecidedAt(ASSIGNMENT.decidedAt())
                .setCountry("NO")
                .setRecipients(java.util.List.of("fjord-markets"))
                .setCandidates(java.util.List.of())
                .setExclusions(java.util.List.of())
                .build();
        Decoded.Event read = (Decoded.Event) Examples.CODEC.decode(Examples.CODEC.encode(event));
        Assignment readBack =
                HistoryRules.apply(History.NONE, read.event()).assignment().orElseThrow();
        assertThat(bytes(readBack, "{}")).isEqualTo(bytes(ASSIGNMENT, "{}"));
    }

    @Test
    void a_mapped_body_is_handed_over_and_one_without_a_mapping_is_the_contracts_own() {
        FieldMapping mapping = new FieldMapping(List.of(new FieldMapping.Member(
                "name",
                new FieldMapping.Value(FieldMapping.Source.FULL_NAME, "", FieldMapping.Form.AS_IS, Optional.empty()))));
        String person = "{\"fullName\":\"Kari Nordmann\",\"country\":\"NO\"}";
        try (PersonalData clear = PersonalData.takeOver(person.getBytes(StandardCharsets.UTF_8));
                PersonalData mapped = HandoffRequest.body(SIGNUP, ASSIGNMENT, clear, mapping);
                PersonalData plain = HandoffRequest.body(SIGNUP, ASSIGNMENT, clear, FieldMapping.NONE)) {
            assertThat(new String(mapped.<byte[]>expose(byte[]::clone), StandardCharsets.UTF_8))
                    .isEqualTo("{\"name\":\"Kari Nordmann\"}");
            assertThat(plain.<byte[]>expose(byte[]::clone)).isEqualTo(bytes(ASSIGNMENT, person));
        }
    }
}
