package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.ingest.receipt.InvalidReceiptKeys;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts over HTTP: signed, with operator and recipients, in both forms; the JDK verifies the signature from the published key. */
@SuppressWarnings("NullAway.Init") // set before the first test
class ReceiptIT extends SignedReceipts {
    @Test
    void a_receipt_names_the_operator_and_the_recipients_and_the_operator_is_in_the_log() {
        JsonNode receipt = receipt("application/json").json();
        assertThat(receipt.at("/parties").findValuesAsText("name")).contains("Portal AS", "fjord-markets");
        assertThat(receipt.at("/privacyNotice/href").asText()).isEqualTo("/v1/policies/" + "a".repeat(64));
        assertThat(receipt.at("/purposes/0/withdrawal/href").asText()).endsWith("/withdrawal");
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> assertThat(LogReader.events(installation, Topic.CONSENTS, OperatorPublished.class))
                        .extracting(OperatorPublished::getName)
                        .containsOnly("Portal AS"));
    }

    @Test
    void a_free_member_that_the_operator_does_not_list_is_refused_and_the_list_is_in_the_log() {
        Website.Answer refused =
                website.signUp("extra", Website.body("Kari Nordmann").replace("\"city\"", "\"shoeSize\""));
        assertThat(refused.json().path("errors").findValuesAsText("code")).containsExactly("member-not-allowed");
        assertThat(refused.response().body()).doesNotContain("shoeSize", "Bergen");
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> assertThat(LogReader.events(installation, Topic.CONSENTS, OperatorPublished.class))
                        .extracting(OperatorPublished::getExtraMembers)
                        .contains(List.of("city")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"preference-centre", "contact-form", "e-mail", "telephone", "letter", "helpdesk"})
    void a_consent_that_came_another_way_than_by_the_form_is_recorded_as_what_it_is(String method) {
        Website.Answer taken =
                website.signUp("by-" + method, Website.body("Kari Nordmann").replace("registration-form", method));
        assertThat(taken.status()).describedAs("%s", taken).isEqualTo(202);
        String given = taken.json().path("signupId").asText();

        assertThat(website.get("/v1/signups/" + given + "/receipt")
                        .json()
                        .at("/events/0/method")
                        .asText())
                .isEqualTo(method);
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(given))
                .extracting(event -> event.getMethod().name())
                .containsOnly(method.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Test
    void both_forms_are_signed_by_the_first_key_and_a_changed_receipt_is_not() throws Exception {
        assertThat(keys()).hasSize(2);
        JsonNode first = keys().get(0);
        JsonNode second = keys().get(1);
        for (String accept : List.of("application/json", "application/ld+json")) {
            Website.Answer answer = receipt(accept);
            assertThat(answer.header("Content-Type")).isEqualTo(accept);
            assertThat(answer.header("Vary")).isEqualToIgnoringCase("accept");
            String signature = answer.header("handoff-receipt-signature");
            String body = answer.response().body();

            assertThat(verified(first, signature, body)).isTrue();
            assertThat(verified(second, signature, body)).isFalse();
            assertThat(verified(first, signature, body.replace("broker-handoff", "broker-handofg")))
                    .isFalse();
        }
        assertThat(receipt("application/ld+json").json().path("@type").asText()).isEqualTo("dpv:ConsentReceipt");
    }

    /** The signed promise names the record in the log, by the hash that the ledger will have for it. */
    private void promises(Website.Answer answer, int status) throws Exception {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(status);
        assertThat(verified(
                        keys().get(0),
                        answer.header("handoff-receipt-signature"),
                        answer.response().body()))
                .isTrue();
        JsonNode leaf = answer.json().path("leaf");
        assertThat(leaf.path("ledger").asText()).isEqualTo(LEDGER);
        assertThat(Instant.parse(leaf.path("committedBy").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofHours(24)).minusSeconds(60),
                        Instant.now().plus(Duration.ofHours(24)));
        Leaf stored = LogReader.leaf(
                installation,
                Topic.CONSENTS,
                leaf.path("partition").asInt(),
                leaf.path("offset").asLong());
        assertThat(leaf.path("topic").asText()).isEqualTo("consents");
        assertThat(leaf.path("hash").asText()).isEqualTo(stored.hash().toString());
        assertThat(leaf.path("appendedAt").asText())
                .isEqualTo(((Leaf.Present) stored).appendedAt().toString());
        assertThat(((Leaf.Present) stored).key())
                .hasValue(SignupIds.bytes(
                        UUID.fromString(answer.json().path("signupId").asText())));
    }

    @Test
    void what_is_answered_to_a_signup_its_repeat_and_its_withdrawal_promises_the_leaf_of_the_event() throws Exception {
        String body = Website.body("Kari Nordmann");
        Website.Answer first = website.signUp("promised", body);
        promises(first, 202);
        Website.Answer repeated = website.signUp("promised", body);
        promises(repeated, 202);
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(repeated.json().at("/leaf/offset").asLong())
                .as("published again, since its position is not kept")
                .isGreaterThan(first.json().at("/leaf/offset").asLong());
        Website.Answer other = website.signUp("promised", body.replace("\"nordlys-invest\"", "\"kontinent-handel\""));
        assertThat(other.json().path("signupId")).isEqualTo(first.json().path("signupId"));
        assertThat(other.json().has("leaf"))
                .as("what it says was never published")
                .isFalse();

        String signup = first.json().path("signupId").asText();
        promises(website.withdraw(signup), 200);
        assertThat(website.withdraw(signup).json().has("leaf")).isFalse();
    }

    @Test
    void nobody_else_gets_a_receipt_and_everybody_gets_the_keys() {
        for (String key : List.of(Installation.OTHER_WEBSITE, Installation.ADMIN, "wrong")) {
            assertThat(website.send(website.request("/v1/signups/" + id + "/receipt", key)
                                    .GET()
                                    .build())
                            .status())
                    .isIn(401, 403, 404);
        }
        assertThat(keys().toString()).doesNotContain("\"d\"");
    }

    @Test
    void keys_that_cannot_be_used_are_refused_all_at_once(@TempDir Path other) throws Exception {
        Path readable = other.resolve("readable.pem");
        ReceiptKeyMain.write(readable);
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
        Path broken = Files.writeString(other.resolve("broken.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rw-------"));
        Path good = directory.resolve("new.pem");

        assertThatThrownBy(() -> ReceiptKeys.read(List.of(readable, broken, other.resolve("none"), good, good)))
                .isInstanceOf(InvalidReceiptKeys.class)
                .hasMessageContainingAll("readable.pem", "broken.pem", "none", "new.pem has the key")
                .message()
                .doesNotContain("AAAA");
        assertThat(ReceiptKeys.read(List.of()).signature(new byte[1])).isEmpty();
    }
}
