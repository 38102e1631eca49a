package org.brokerhandoff.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.status.ReceiptFacts;
import org.brokerhandoff.register.PublishedRecipient;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The content of a receipt, as JSON and in the terms of DPV. */
class ReceiptJsonTest {
    private static final Instant GIVEN = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID ID = UUID.fromString("0199d2a4-7c31-7abc-8def-0123456789ab");
    private static final Operator OPERATOR = new Operator(
            "Portal AS",
            "Storgata 1, 0155 Oslo",
            "privacy@portal.example",
            Optional.of("dpo@portal.example"),
            "NO",
            List.of(new Operator.Processor("Hosting AB", "servers", "SE")),
            new Operator.Website(Map.of(), Optional.empty()));

    private static ReceiptFacts facts() {
        RecordedConsent consent = new RecordedConsent(
                1,
                "2026-11-01",
                Digests.sha256("policy"),
                Optional.empty(),
                "nb",
                List.of(Purpose.BROKER_HANDOFF),
                List.of(DataCategory.IDENTITY, DataCategory.COUNTRY_OF_RESIDENCE),
                List.of("fjord-markets", "unheard-of"),
                "NO",
                WithdrawalMethod.WEBSITE_REQUEST,
                GIVEN,
                ConsentMethod.REGISTRATION_FORM,
                GIVEN.plusSeconds(1),
                GIVEN.plusSeconds(86_400),
                Optional.of(18));
        SignupStatus status = new SignupStatus(
                ID,
                Optional.of("website-1"),
                SignupState.RECEIVED,
                GIVEN.plusSeconds(1),
                GIVEN.plusSeconds(86_400),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(consent),
                Optional.empty(),
                Optional.empty(),
                false);
        return new ReceiptFacts(
                status,
                List.of(new PublishedRecipient(
                        "fjord-markets",
                        "Fjord Markets AS",
                        "https://fjord-markets.example/privacy",
                        Optional.empty(),
                        Optional.of(RecipientRole.JOINT_CONTROLLER))));
    }

    private static ObjectNode receipt() {
        return ReceiptJson.receipt(facts(), Optional.of(OPERATOR), Optional.of("hcap_secret"))
                .orElseThrow();
    }

    @Test
    void every_mandatory_field_of_the_standard_has_a_member_in_both_forms() throws Exception {
        ObjectNode receipt = receipt();
        ObjectNode linked = ReceiptJsonLd.of(receipt);
        List<String> fields = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        try (InputStream csv = Objects.requireNonNull(ReceiptJsonTest.class.getResourceAsStream("27560-fields.csv"))) {
            for (String line : new String(csv.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] columns = line.split(";", -1);
                fields.add(columns[0] + "/" + columns[1]);
                if (empty(receipt.at(columns[2]))) {
                    missing.add(columns[1] + " at " + columns[2]);
                }
                if (empty(linked.at(columns[3]))) {
                    missing.add(columns[1] + " at " + columns[3] + " (JSON-LD)");
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(fields).hasSize(24).doesNotHaveDuplicates();
    }

    private static boolean empty(JsonNode node) {
        return node.isMissingNode() || node.asText().isBlank();
    }

    @Test
    void parties_have_their_names_and_roles_and_a_recipient_that_no_directory_has_is_still_listed() {
        ObjectNode receipt = receipt();
        assertThat(receipt.at("/parties/1/name").asText()).isEqualTo("Fjord Markets AS");
        assertThat(receipt.at("/parties/1/role").asText()).isEqualTo("joint-controller");
        assertThat(receipt.at("/parties/1/contact").asText()).isEqualTo("https://fjord-markets.example/privacy");
        assertThat(receipt.at("/purposes/0/recipients/1").asText()).isEqualTo("unheard-of");
        assertThat(receipt.at("/purposes/0/storage/locations").toString()).isEqualTo("[\"NO\",\"SE\"]");
        assertThat(receipt.at("/parties/0/processors/0/purpose").asText()).isEqualTo("servers");
    }

    @Test
    void the_age_that_the_person_confirmed_stands_with_the_consent_in_both_forms() {
        assertThat(receipt().at("/events/0/declaredAge").asInt()).isEqualTo(18);
        assertThat(ReceiptJsonLd.of(receipt())
                        .at("/dpv:hasConsentStatus/0/handoff:declaredAge")
                        .asInt())
                .isEqualTo(18);
    }

    @Test
    void without_an_operator_nobody_is_made_up() {
        ObjectNode receipt =
                ReceiptJson.receipt(facts(), Optional.empty(), Optional.empty()).orElseThrow();
        assertThat(receipt.at("/purposes/0/piiControllers").isMissingNode()).isTrue();
        assertThat(receipt.at("/purposes/0/storage/locations").isMissingNode()).isTrue();
        assertThat(receipt.path("parties")).hasSize(1);
    }

    /** The context defines every name: a reader that drops what it cannot expand loses nothing. */
    @Test
    void every_name_of_the_json_ld_has_a_prefix_that_its_context_defines() {
        ObjectNode linked = ReceiptJsonLd.of(receipt());
        List<String> prefixes = new ArrayList<>();
        linked.path("@context").fieldNames().forEachRemaining(prefixes::add);
        List<String> unknown = new ArrayList<>();
        names(linked.deepCopy().without("@context"), prefixes, unknown);
        assertThat(unknown).isEmpty();
        assertThat(linked.path("@type").asText()).isEqualTo("dpv:ConsentReceipt");
        assertThat(linked.at("/@context/dpv").asText()).isEqualTo("https://w3id.org/dpv#");
    }

    private static void names(JsonNode node, List<String> prefixes, List<String> unknown) {
        Pattern compact = Pattern.compile("([a-z-]+):[A-Za-z0-9-]+");
        node.properties().forEach(member -> {
            String name = member.getKey();
            var matcher = compact.matcher(name);
            if (!name.startsWith("@") && !(matcher.matches() && prefixes.contains(matcher.group(1)))) {
                unknown.add(name);
            }
            if (name.equals("@type")
                    && !prefixes.contains(member.getValue().asText().split(":", 2)[0])) {
                unknown.add(member.getValue().asText());
            }
        });
        node.forEach(each -> names(each, prefixes, unknown));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null | false",
                "'' | false",
                "*/* | false",
                "application/json | false",
                "application/ld+json | true",
                "APPLICATION/LD+JSON | true",
                "text/html, application/ld+json;q=0.9 | true",
                "application/ld+json; profile=\"x\" | true",
                "application/ld+json;q=0 | false",
                "application/ld+json;q=0.000 | false",
                "application/ld+jsonx | false",
            })
    void json_ld_is_given_to_those_who_ask_for_it(String accept, boolean linked) {
        assertThat(ReceiptEndpoint.wantsJsonLd(accept)).isEqualTo(linked);
    }
}
