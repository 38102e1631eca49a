package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Rectifications: new data of a signup that a broker has, its key, and the effect of a withdrawal on it. The test plays the router. */
@SuppressWarnings("NullAway.Init") // set before the first test
class CorrectionIT extends RunningIngest {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari.nordmann@example.no\",\"country\":\"SE\",\"language\":\"sv\"}";

    @Override
    IngestSettings settings(Path directory) throws IOException {
        ReceiptKeyMain.write(directory.resolve("receipt.pem"));
        return installation
                .settings()
                .with(new IngestSettings.Receipts(Optional.empty(), List.of(directory.resolve("receipt.pem"))));
    }

    private String signUp() {
        return website.signUp(UUID.randomUUID().toString(), Website.body("Kari Nordman"))
                .json()
                .path("signupId")
                .asText();
    }

    /** As a router does: the broker was offered it and has confirmed, the key is destroyed, and the purge is claimed. */
    private String handedOver() {
        String id = signUp();
        handOver(id);
        return id;
    }

    private void handOver(String id) {
        UUID signup = UUID.fromString(id);
        try (SlotFile custody = installation.custody()) {
            SlotView slot = awaited(custody.find(signup)).orElseThrow();
            assertThat(custody.offer(() -> true, slot.reference(), signup, 0, BrokerTag.of("fjord-markets"))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(OfferOutcome.Offered.class);
            custody.erase(slot.reference(), signup, EraseReason.DELIVERED)
                    .toCompletableFuture()
                    .join();
            awaited(custody.free(slot.reference(), signup));
        }
        try (SignupLife router = new SignupLife(installation)) {
            router.handedOver(id);
        }
    }

    private Website.Answer post(String secret, String path, String body) {
        return website.send(website.request(path, secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private Website.Answer rectify(String secret, String id) {
        return post(
                secret,
                "/v1/signups/" + id + "/rights-requests",
                "{\"type\":\"rectification\",\"person\":" + PERSON + "}");
    }

    private JsonNode rectified(String id) {
        Website.Answer answer = rectify(Installation.WEBSITE, id);
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json();
    }

    private JsonNode shown(JsonNode request) {
        return website.send(website.request(request.at("/links/self").asText(), Installation.WEBSITE)
                        .GET()
                        .build())
                .json();
    }

    private Optional<SlotView> slot(String id) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(id)));
        }
    }

    private <T extends SpecificRecord> List<T> events(Topic topic, Class<T> type) {
        return LogReader.events(installation, topic, type);
    }

    @Test
    void new_data_is_sealed_for_the_holder_alone_under_an_id_that_the_request_has_in_the_partition_of_the_signup() {
        String id = handedOver();
        JsonNode request = rectified(id);
        assertThat(request.path("status").asText()).isEqualTo("pending");
        String data = request.path("requestId").asText();

        assertThat(events(Topic.CONSENTS, RightsRequested.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(id))
                .singleElement()
                .satisfies(event -> {
                    assertThat(SignupIds.uuid(event.getSealedAs())).hasToString(data);
                    assertThat(event.getActor()).isEqualTo("website-1");
                });
        assertThat(events(Topic.CONSENTS, ContactReceived.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(data))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getPurposes()).containsExactly(Purpose.RECTIFICATION);
                    assertThat(event.getRecipients()).containsExactly("fjord-markets");
                    assertThat(SignupIds.uuid(event.getConcerns())).hasToString(id);
                    assertThat(event.getOwner()).isEqualTo("website-1");
                });
        assertThat(events(Topic.SIGNUPS, SealedSignup.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(data))
                .singleElement()
                .satisfies(event -> {
                    assertThat(SignupIds.uuid(event.getConcerns())).hasToString(id);
                    assertThat(event.getCountry()).isEqualTo("SE");
                    assertThat(event.getLanguage()).isEqualTo("sv");
                });
        int partitions = installation.settings().eventLog().partitions();
        assertThat(EventPartitions.of(UUID.fromString(data), partitions))
                .isEqualTo(EventPartitions.of(UUID.fromString(id), partitions));
        assertThat(slot(data)).map(SlotView::state).contains(SlotState.HELD);

        JsonNode recipient = shown(request).at("/recipients/0");
        assertThat(recipient.path("broker").asText()).isEqualTo("fjord-markets");
        assertThat(recipient.path("status").asText()).isEqualTo("pending");
        handOver(data);
        assertThat(shown(request).path("status").asText()).isEqualTo("completed");
        assertThat(shown(request).at("/correction/purge/reason").asText()).isEqualTo("DELIVERED");
    }

    @Test
    void new_data_is_no_signup_to_anybody() {
        JsonNode request = rectified(handedOver());
        String data = "/v1/signups/" + request.path("requestId").asText();
        assertThat(website.get(data).status()).isEqualTo(404);
        assertThat(post(Installation.WEBSITE, data + "/withdrawal", "{}").code())
                .isEqualTo("unknown-signup");
        assertThat(post(Installation.WEBSITE, data + "/rights-requests", "{\"type\":\"erasure\"}")
                        .code())
                .isEqualTo("unknown-signup");
        assertThat(slot(request.path("requestId").asText()))
                .map(SlotView::state)
                .contains(SlotState.HELD);
    }

    @Test
    void who_may_not_act_on_the_signup_corrects_nothing() {
        String id = handedOver();
        assertThat(rectify(Installation.OTHER_WEBSITE, id).code()).isEqualTo("unknown-signup");
        assertThat(rectify("guessed", id).status()).isEqualTo(401);
        assertThat(rectify(Installation.ADMIN, id).status()).isEqualTo(403);
        assertThat(events(Topic.CONSENTS, RightsRequested.class))
                .noneMatch(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(id));
        String capability = website.send(website.request("/v1/signups/" + id + "/receipt", Installation.WEBSITE)
                        .GET()
                        .build())
                .json()
                .path("capability")
                .asText();
        assertThat(rectify(capability, id).status()).isEqualTo(202);
    }

    @Test
    void before_the_handoff_and_after_a_withdrawal_nothing_is_taken() {
        String id = signUp();
        assertThat(rectify(Installation.WEBSITE, id).code()).isEqualTo("not-handed-over-yet");
        website.withdraw(id);
        assertThat(rectify(Installation.WEBSITE, id).code()).isEqualTo("consent-withdrawn");
        String after = handedOver();
        website.withdraw(after);
        assertThat(rectify(Installation.WEBSITE, after).code()).isEqualTo("consent-withdrawn");
    }

    @Test
    void the_newest_data_replaces_what_was_not_sent_and_waits_for_what_was() {
        String id = handedOver();
        JsonNode first = rectified(id);
        JsonNode second = rectified(id);
        assertThat(second.path("requestId")).isNotEqualTo(first.path("requestId"));
        assertThat(slot(first.path("requestId").asText()))
                .as("it was not sent, and never is")
                .hasValueSatisfying(slot -> {
                    assertThat(slot.state()).isEqualTo(SlotState.ERASED);
                    assertThat(slot.attempt()).isZero();
                });

        String data = second.path("requestId").asText();
        try (SlotFile custody = installation.custody()) {
            UUID sealed = UUID.fromString(data);
            custody.offer(
                            () -> true,
                            awaited(custody.find(sealed)).orElseThrow().reference(),
                            sealed,
                            0,
                            BrokerTag.of("fjord-markets"))
                    .toCompletableFuture()
                    .join();
        }
        assertThat(rectify(Installation.WEBSITE, id).code()).isEqualTo("rectification-under-way");
        assertThat(slot(data)).map(SlotView::state).contains(SlotState.OFFERED);
    }

    @Test
    void a_withdrawal_destroys_new_data_that_waits() {
        String id = handedOver();
        String data = rectified(id).path("requestId").asText();
        assertThat(website.withdraw(id).status()).isEqualTo(200);
        assertThat(slot(data)).hasValueSatisfying(slot -> {
            assertThat(slot.state()).isEqualTo(SlotState.ERASED);
            assertThat(slot.reason()).contains(EraseReason.WITHDRAWN);
        });
    }

    @Test
    void of_a_withdrawal_and_a_rectification_at_once_no_new_data_is_left_to_send() {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 25; round++) {
                String id = handedOver();
                CompletableFuture<Website.Answer> rectification =
                        CompletableFuture.supplyAsync(() -> rectify(Installation.WEBSITE, id), two);
                CompletableFuture<Website.Answer> withdrawal =
                        CompletableFuture.supplyAsync(() -> website.withdraw(id), two);
                assertThat(withdrawal.join().status()).isEqualTo(200);
                Website.Answer answer = rectification.join();
                if (answer.status() == 202) {
                    assertThat(slot(answer.json().path("requestId").asText()))
                            .as("round %s", round)
                            .hasValueSatisfying(slot -> assertThat(slot.state()).isEqualTo(SlotState.ERASED));
                } else {
                    assertThat(answer.code()).isEqualTo("consent-withdrawn");
                    assertThat(events(Topic.CONSENTS, RightsRequested.class).stream()
                                    .filter(event -> SignupIds.uuid(event.getSignupId())
                                            .toString()
                                            .equals(id))
                                    .map(event ->
                                            SignupIds.uuid(event.getSealedAs()).toString())
                                    .map(this::slot)
                                    .flatMap(Optional::stream)
                                    .map(SlotView::state))
                            .doesNotContain(SlotState.HELD, SlotState.OFFERED);
                }
            }
        } finally {
            two.shutdownNow();
        }
    }
}
