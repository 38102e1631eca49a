package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.client.Answer;
import org.brokerhandoff.client.IngestClient;
import org.brokerhandoff.client.IngestException;
import org.brokerhandoff.client.ReceiptVerifier;
import org.brokerhandoff.client.Submission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client for a website's backend, with a real ingest. */
@ExtendWith(RunningSite.Provider.class)
class WebsiteClientIT {
    private final IngestClient client;

    WebsiteClientIT(RunningSite site) {
        this.client = new IngestClient(URI.create(site.ingest()), site.websiteKey(), Duration.ofMinutes(1));
    }

    /** For a broker that no other test makes fail. */
    private byte[] body(String email) throws Exception {
        String version = client.document("privacy", "nb").json().path("version").asText();
        return """
                {"person":{"fullName":"Åse Klientsen","email":"%s","country":"NO","language":"nb"},
                 "consent":{"policyVersion":"%s","purposes":["broker-handoff"],"recipients":["fjord-markets"],
                            "givenAt":"%s","method":"registration-form"}}""".formatted(email, version, Instant.now()).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_submission_that_is_sent_twice_is_one_signup_followed_to_its_purge_with_a_receipt_that_holds()
            throws Exception {
        UUID id;
        try (Submission submission = Submission.of(body("aase@klientsen.example"))) {
            Answer first = client.signUp(submission);
            assertThat(first.status()).isEqualTo(202);
            assertThat(client.signUp(submission).id()).isEqualTo(first.id());
            id = UUID.fromString(first.id());
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> client.status(id).json().has("purge"));
        Answer receipt = client.receipt(id);
        ReceiptVerifier verifier = ReceiptVerifier.of(client.receiptKeys().body());
        assertThat(verifier.holds(receipt)).isTrue();
        byte[] changed = receipt.body().clone();
        changed[changed.length / 2] ^= 1;
        assertThat(verifier.holds(new Answer(200, changed, receipt.signature())))
                .isFalse();
        assertThat(client.withdraw(id).json().path("outcome").asText()).isEqualTo("HANDOFF_STARTED");
    }

    @Test
    void faults_are_named_by_field_and_the_key_stays_free_for_the_corrected_form() throws Exception {
        String key = UUID.randomUUID().toString();
        assertThatThrownBy(() -> client.signUp(Submission.of(key, body("aase@klientsen"))))
                .isInstanceOfSatisfying(
                        IngestException.Invalid.class,
                        refused -> assertThat(refused.problem().faults())
                                .singleElement()
                                .satisfies(fault ->
                                        assertThat(Optional.of(fault.pointer())).contains("/person/email")));
        assertThat(client.signUp(Submission.of(key, body("aase2@klientsen.example")))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void an_unknown_signup_and_a_wrong_key_are_told_apart(RunningSite site) {
        assertThatThrownBy(() -> client.status(UUID.fromString("0199aa00-0000-7000-8000-000000000001")))
                .isInstanceOf(IngestException.NotFound.class);
        IngestClient stranger = new IngestClient(URI.create(site.ingest()), "wrong", Duration.ofSeconds(10));
        assertThatThrownBy(() -> stranger.withdraw(UUID.randomUUID()))
                .isInstanceOf(IngestException.NotAuthorized.class);
    }
}
