package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person's requests: their effect on the key, their events, and who may make and decide them. */
@SuppressWarnings("NullAway.Init") // set before the first test
class RightsIT extends RunningIngest {
    @Override
    IngestSettings settings(Path directory) throws IOException {
        ReceiptKeyMain.write(directory.resolve("receipt.pem"));
        return installation
                .settings()
                .with(new IngestSettings.Receipts(Optional.empty(), List.of(directory.resolve("receipt.pem"))));
    }

    private String signUp() {
        return website.signUp(UUID.randomUUID().toString(), Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private static String path(String signup) {
        return "/v1/signups/" + signup + "/rights-requests";
    }

    private Website.Answer post(String secret, String path, String body) {
        return website.send(website.request(path, secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private Website.Answer get(String secret, String path) {
        return website.send(website.request(path, secret).GET().build());
    }

    private Website.Answer ask(String signup, String type) {
        return post(Installation.WEBSITE, path(signup), "{\"type\":\"" + type + "\"}");
    }

    private JsonNode asked(String signup, String type) {
        Website.Answer answer = ask(signup, type);
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json();
    }

    private JsonNode read(String signup, JsonNode request) {
        Website.Answer answer =
                get(Installation.WEBSITE, request.at("/links/self").asText());
        assertThat(answer.status()).describedAs("%s %s", signup, answer).isEqualTo(200);
        return answer.json();
    }

    private Website.Answer decide(String signup, JsonNode request, String decision, String ground) {
        return post(
                Installation.ADMIN,
                path(signup) + "/" + request.path("requestId").asText() + "/decision",
                "{\"decision\":\"" + decision + "\",\"ground\":\"" + ground + "\"}");
    }

    private <E extends SpecificRecord> List<E> events(String signup, Class<E> type) {
        return LogReader.events(installation, Topic.CONSENTS, type).stream()
                .filter(event -> EventId.signup(event)
                        .map(UUID::toString)
                        .filter(signup::equals)
                        .isPresent())
                .toList();
    }

    private SlotView slot(String signup) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(signup))).orElseThrow();
        }
    }

    private OfferOutcome offer(String signup) {
        try (SlotFile custody = installation.custody()) {
            UUID id = UUID.fromString(signup);
            SlotReference slot = awaited(custody.find(id)).orElseThrow().reference();
            return custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord-markets"))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void an_erasure_before_the_handoff_destroys_the_key_and_ends_the_consent() {
        String id = signUp();
        JsonNode request = asked(id, "erasure");
        assertThat(request.path("status").asText()).isEqualTo("completed");
        assertThat(request.path("found").asText()).isEqualTo("HELD");
        assertThat(slot(id).state()).isEqualTo(SlotState.ERASED);
        assertThat(asked(id, "erasure")).as("data is erased once").isEqualTo(request);

        assertThat(events(id, RightsRequested.class)).singleElement().satisfies(event -> {
            assertThat(event.getMethod()).isEqualTo(RequestMethod.WEBSITE);
            assertThat(event.getActor()).isEqualTo("website-1");
        });
        assertThat(events(id, ConsentWithdrawn.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getMethod()).isEqualTo(WithdrawalMethod.ERASURE_REQUEST));
        assertThat(get(Installation.WEBSITE, "/v1/signups/" + id)
                        .json()
                        .at("/withdrawal/outcome")
                        .asText())
                .isEqualTo("ERASED_BEFORE_HANDOFF");

        String withdrawn = signUp();
        website.withdraw(withdrawn);
        assertThat(asked(withdrawn, "erasure").path("found").asText())
                .as("it was gone before")
                .isEqualTo("ENDED");
    }

    @Test
    void a_restriction_stops_the_handoff_until_it_is_refused_and_can_be_asked_for_anew() {
        String id = signUp();
        JsonNode request = asked(id, "restriction");
        assertThat(request.path("found").asText()).isEqualTo("HELD");
        assertThat(request.path("status").asText()).isEqualTo("completed");
        assertThat(offer(id)).isInstanceOf(OfferOutcome.Restricted.class);
        assertThat(asked(id, "restriction")).isEqualTo(request);

        Website.Answer decided = decide(id, request, "refused", "manifestly-unfounded");
        assertThat(decided.status()).describedAs("%s", decided).isEqualTo(200);
        assertThat(decided.json().path("status").asText()).isEqualTo("refused");
        assertThat(read(id, request).at("/decision/ground").asText()).isEqualTo("manifestly-unfounded");
        assertThat(slot(id).restricted()).isFalse();
        assertThat(decide(id, request, "refused", "manifestly-unfounded").status())
                .as("a repeat")
                .isEqualTo(200);
        assertThat(decide(id, request, "granted", "justified").code()).isEqualTo("already-decided");
        assertThat(events(id, RightsRequestDecided.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getActor()).isEqualTo("admin-1"));

        JsonNode again = asked(id, "restriction");
        assertThat(again.path("requestId")).isNotEqualTo(request.path("requestId"));
        assertThat(slot(id).restricted()).isTrue();
    }

    @Test
    void a_restriction_that_rests_on_two_requests_is_lifted_with_the_second() {
        String id = signUp();
        JsonNode restriction = asked(id, "restriction");
        JsonNode objection = asked(id, "objection");
        assertThat(objection.path("status").asText()).as("it is weighed").isEqualTo("in-progress");
        assertThat(decide(id, objection, "refused", "compelling-grounds").status())
                .isEqualTo(200);
        assertThat(slot(id).restricted()).isTrue();
        decide(id, restriction, "refused", "legal-claims");
        assertThat(slot(id).restricted()).isFalse();
    }

    @Test
    void a_granted_objection_erases_what_is_held() {
        String id = signUp();
        JsonNode objection = asked(id, "objection");
        assertThat(decide(id, objection, "granted", "justified")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("completed");
        assertThat(slot(id).state()).isEqualTo(SlotState.ERASED);
        assertThat(events(id, ConsentWithdrawn.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getActor()).isEqualTo("admin-1"));
    }

    @ParameterizedTest
    @CsvSource({"erasure,false", "restriction,true", "objection,true"})
    void after_an_offer_the_broker_has_to_be_told(String type, boolean restricts) {
        String id = signUp();
        assertThat(offer(id)).isInstanceOf(OfferOutcome.Offered.class);
        JsonNode request = asked(id, type);
        assertThat(request.path("found").asText()).isEqualTo("HANDOFF_STARTED");
        assertThat(slot(id).restricted()).as("no further attempt").isEqualTo(restricts);
        assertThat(events(id, RightsRequested.class)).singleElement().satisfies(event -> {
            assertThat(event.getFound()).isEqualTo(HoldingFound.HANDOFF_STARTED);
            assertThat(event.getAttempts()).isEqualTo(restricts ? 1 : null);
        });
    }

    @Test
    void access_and_portability_are_answered_at_once_and_leave_the_key_alone() {
        String id = signUp();
        JsonNode access = read(id, asked(id, "access"));
        assertThat(access.path("status").asText()).isEqualTo("completed");
        assertThat(access.at("/answer/legalBasis").asText()).contains("Art. 6 (1) (a)");
        assertThat(access.at("/answer/namedRecipients/0").asText()).isEqualTo("fjord-markets");
        assertThat(access.at("/answer/signup/status").asText()).isEqualTo("RECEIVED");
        assertThat(access.at("/answer/routing").asText()).contains("without looking at the data");
        assertThat(access.toString()).doesNotContain("Kari", "kari@");
        JsonNode portability = read(id, asked(id, "portability"));
        assertThat(get(Installation.WEBSITE, portability.at("/answer/receipt").asText())
                        .status())
                .isEqualTo(200);
        assertThat(slot(id).state()).isEqualTo(SlotState.HELD);
        assertThat(slot(id).restricted()).isFalse();
        assertThat(get(Installation.WEBSITE, path(id)).json().path("requests")).hasSize(2);
        assertThat(decide(id, access, "refused", "excessive").code()).isEqualTo("nothing-to-decide");
    }

    @Test
    void an_answer_is_put_off_once_and_the_open_ones_are_listed_by_their_due_time() {
        String id = signUp();
        JsonNode objection = asked(id, "objection");
        String self = objection.at("/links/self").asText();
        Website.Answer extended = post(Installation.ADMIN, self + "/extension", "{\"reason\":\"complexity\"}");
        assertThat(extended.status()).describedAs("%s", extended).isEqualTo(200);
        assertThat(extended.json().path("dueAt").asText())
                .isGreaterThan(objection.path("dueAt").asText());
        assertThat(post(Installation.ADMIN, self + "/extension", "{\"reason\":\"complexity\"}")
                        .json())
                .isEqualTo(extended.json());
        assertThat(post(Installation.ADMIN, self + "/extension", "{\"reason\":\"number-of-requests\"}")
                        .code())
                .isEqualTo("already-extended");
        assertThat(read(id, objection).at("/extension/reason").asText()).isEqualTo("complexity");
        List<String> open = new ArrayList<>();
        get(Installation.ADMIN, "/v1/rights-requests")
                .json()
                .path("requests")
                .forEach(each -> open.add(each.path("requestId").asText()));
        assertThat(open).contains(objection.path("requestId").asText());
        decide(id, objection, "refused", "compelling-grounds");
        assertThat(get(Installation.ADMIN, "/v1/rights-requests").response().body())
                .doesNotContain(objection.path("requestId").asText());
    }

    @Test
    void the_person_asks_with_the_receipt_for_that_signup_alone_and_nobody_decides_but_an_admin() {
        String id = signUp();
        String other = signUp();
        String capability = get(Installation.WEBSITE, "/v1/signups/" + id + "/receipt")
                .json()
                .path("capability")
                .asText();
        Website.Answer byReceipt = post(capability, path(id), "{\"type\":\"objection\"}");
        assertThat(byReceipt.status()).describedAs("%s", byReceipt).isEqualTo(202);
        assertThat(byReceipt.json().path("method").asText()).isEqualTo("receipt");
        assertThat(events(id, RightsRequested.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getActor()).isNull());
        String self = byReceipt.json().at("/links/self").asText();
        assertThat(get(capability, self).status()).isEqualTo(200);

        assertThat(post(capability, path(other), "{\"type\":\"erasure\"}").status())
                .isEqualTo(401);
        assertThat(post("guessed", path(id), "{\"type\":\"erasure\"}").status()).isEqualTo(401);
        // Another website's key finds no such signup, and its request has no effect.
        assertThat(post(Installation.OTHER_WEBSITE, path(id), "{\"type\":\"erasure\"}")
                        .code())
                .isEqualTo("unknown-signup");
        assertThat(get(Installation.OTHER_WEBSITE, self).code()).isEqualTo("unknown-signup");
        assertThat(get(Installation.OTHER_WEBSITE, path(id)).code()).isEqualTo("unknown-signup");
        assertThat(slot(id).state()).isEqualTo(SlotState.HELD);
        // A request is found only under its own signup.
        assertThat(get(Installation.WEBSITE, self.replace(id, other)).code()).isEqualTo("unknown-request");
        assertThat(post(Installation.ADMIN, path(id), "{\"type\":\"erasure\"}").status())
                .isEqualTo(403);

        String body = "{\"decision\":\"refused\",\"ground\":\"legal-claims\"}";
        assertThat(post(Installation.WEBSITE, self + "/decision", body).status())
                .isEqualTo(403);
        assertThat(post(capability, self + "/decision", body).status()).isEqualTo(401);
        assertThat(post(Installation.WEBSITE, self + "/extension", "{\"reason\":\"complexity\"}")
                        .status())
                .isEqualTo(403);
        assertThat(get(Installation.WEBSITE, "/v1/rights-requests").status()).isEqualTo(403);
        assertThat(post(Installation.ADMIN, self.replace(id, other) + "/decision", body)
                        .code())
                .isEqualTo("unknown-request");
        assertThat(post(Installation.ADMIN, path(UUID.randomUUID().toString()) + "/" + id + "/decision", body)
                        .code())
                .isEqualTo("unknown-signup");
        assertThat(slot(id).restricted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'forget-me'}                      | 422 | /type      | type-unknown",
                "{'type':'rectification'}                  | 422 | /person    | required",
                "{'type':'rectification','person':'Kari'}  | 422 | /person    | not-an-object",
                "{'type':'rectification','person':{'fullName':'Kari','email':'kari','country':'NO'}} | 422 | /person/email | email-invalid",
                "{'type':'erasure','person':{'fullName':'Kari Nordmann','email':'kari@example.no','country':'NO'}} | 422 | /person | person-unexpected",
                "{}                                        | 422 | /type      | required",
                "{'type':'erasure','method':'receipt'}     | 422 | /method    | method-unknown",
                "{'type':'erasure','method':'Kari'}        | 422 | /method    | method-unknown",
                "{'type':'erasure','name':'Kari Nordmann'} | 422 | \"\"       | unknown-member",
                "{'type':7}                                | 422 | /type      | not-a-string",
            })
    void a_body_that_asks_for_nothing_known_is_refused_and_nothing_is_done(
            String body, int status, String pointer, String code) {
        String id = signUp();
        Website.Answer answer = post(Installation.WEBSITE, path(id), body.replace('\'', '"'));
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(status);
        assertThat(answer.code()).isEqualTo("invalid-rights-request");
        assertThat(answer.json().at("/errors/0/code").asText()).isEqualTo(code);
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
        assertThat(answer.response().body()).doesNotContain("Kari", "forget-me");
        assertThat(slot(id).state()).isEqualTo(SlotState.HELD);
        assertThat(events(id, RightsRequested.class)).isEmpty();
    }

    /** One thread refuses the last request that a restriction rests on while another makes a new one: the new one's restriction holds. */
    @Test
    void a_restriction_that_is_asked_for_while_another_is_lifted_holds() {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 20; i++) {
                String id = signUp();
                JsonNode objection = asked(id, "objection");
                CompletableFuture<Website.Answer> refusal = CompletableFuture.supplyAsync(
                        () -> decide(id, objection, "refused", "compelling-grounds"), threads);
                CompletableFuture<JsonNode> restriction =
                        CompletableFuture.supplyAsync(() -> asked(id, "restriction"), threads);
                assertThat(refusal.join().status()).isEqualTo(200);
                assertThat(restriction.join().path("found").asText()).isEqualTo("HELD");
                assertThat(slot(id).restricted()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
