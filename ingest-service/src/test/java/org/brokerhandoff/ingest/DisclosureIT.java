package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for disclosure from their entry to their decision, and orders to preserve. */
@SuppressWarnings("NullAway.Init") // set before the first test
class DisclosureIT extends DisclosureCalls {
    private static String order(String signupId, Instant until) {
        return body(signupId, "court-order").replace("\"preservation\":true", "\"preserveUntil\":\"" + until + "\"");
    }

    private Optional<Instant> end(String signupId) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(signupId))).map(SlotView::end);
        }
    }

    @Test
    void an_order_that_is_granted_by_another_keeps_the_key_and_its_release_puts_it_back() {
        String id = signUp();
        Instant promised = Instant.parse(
                website.get("/v1/signups/" + id).json().path("eraseBy").asText());
        Instant own = end(id).orElseThrow();
        Duration reserve = Duration.between(own, promised);
        Instant until = promised.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        String request = entered(Installation.ADMIN, order(id, until));
        assertThat(get(Installation.ADMIN, request).json().path("preserveUntil").asText())
                .isEqualTo(until.toString());
        assertThat(end(id)).as("ordered, not granted").contains(own);
        is(post(Installation.ADMIN, request + "/release", "{}"), 409, "no-hold");
        is(post(Installation.ADMIN, request + "/decision", GRANTED_BY_LAW), 403, "four-eyes-same-actor");
        assertThat(end(id)).contains(own);

        Website.Answer granted = post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_LAW);
        assertThat(granted.status()).describedAs("%s", granted).isEqualTo(201);
        assertThat(end(id)).contains(until.minus(reserve).truncatedTo(ChronoUnit.SECONDS));
        assertThat(granted.json().at("/decision/preservedUntil").asText()).isEqualTo(until.toString());
        assertThat(granted.json().at("/holding/extended").asBoolean()).isTrue();
        assertThat(granted.json().at("/holding/preservedUntil").asText()).isEqualTo(until.toString());
        assertThat(granted.json().at("/holding/eraseBy").asText()).isEqualTo(promised.toString());
        JsonNode status = website.get("/v1/signups/" + id).json();
        assertThat(status.path("extended").asBoolean()).isTrue();
        assertThat(status.path("preservedUntil").asText()).isEqualTo(until.toString());
        assertThat(website.get("/v1/signups/" + id + "/receipt")
                        .json()
                        .at("/purposes/0/storage/preservedUntil")
                        .asText())
                .isEqualTo(until.toString());

        String shorter = entered(Installation.ADMIN, order(id, until));
        is(post(Installation.OTHER_ADMIN, shorter + "/decision", GRANTED_BY_LAW), 409, "hold-changes-nothing");

        Website.Answer released = post(Installation.ADMIN, request + "/release", "{}");
        assertThat(released.status()).describedAs("%s", released).isEqualTo(201);
        assertThat(released.json().at("/release/releasedBy").isTextual()).isTrue();
        assertThat(released.json().at("/holding/extended").asBoolean(true)).isFalse();
        assertThat(end(id)).contains(own);
        assertThat(post(Installation.OTHER_ADMIN, request + "/release", "{}").status())
                .isEqualTo(200);
        assertThat(events(id, PreservationReleased.class)).hasSize(1);
        assertThat(website.get("/v1/signups/" + id).json().has("extended")).isFalse();
    }

    @Test
    void nothing_is_kept_of_a_signup_that_was_withdrawn() {
        String id = signUp();
        String request = entered(Installation.ADMIN, order(id, Instant.now().plus(Duration.ofDays(30))));
        assertThat(website.withdraw(id).status()).isEqualTo(200);
        is(post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_LAW), 409, "nothing-to-hold");
        assertThat(events(id, DisclosureDecided.class)).isEmpty();
    }

    @Test
    void a_request_is_entered_put_to_the_person_and_granted_by_another_and_each_step_names_its_actor() {
        String id = signUp();
        String capability = get(Installation.WEBSITE, "/v1/signups/" + id + "/receipt")
                .json()
                .path("capability")
                .asText();
        Website.Answer entered = enter(Installation.ADMIN, "whole", withContact(id));
        assertThat(entered.status()).describedAs("%s", entered).isEqualTo(201);
        assertThat(entered.json().path("state").asText()).isEqualTo("open");
        assertThat(entered.json().at("/holding/extended").asBoolean(true)).isFalse();
        assertThat(entered.json().at("/holding/eraseBy").asText())
                .isEqualTo(
                        website.get("/v1/signups/" + id).json().path("eraseBy").asText());
        String request = REQUESTS + "/" + entered.json().path("requestId").asText();

        is(post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_CONSENT), 409, "person-has-not-consented");
        String question = ask(request, Instant.now().plusSeconds(3600));
        is(post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_CONSENT), 409, "person-has-not-consented");

        for (String reader : List.of(Installation.WEBSITE, capability)) {
            JsonNode shown =
                    get(reader, "/v1/signups/" + id + "/questions").json().at("/questions/0");
            assertThat(shown.path("questionId").asText()).isEqualTo(question);
            assertThat(shown.path("state").asText()).isEqualTo("open");
            assertThat(shown.path("requester").asText()).isEqualTo("authority");
            assertThat(shown.path("scope")).hasSize(2);
        }
        String answerPath = "/v1/signups/" + id + "/questions/" + question + "/answer";
        Website.Answer answered = post(capability, answerPath, "{\"consented\":true}");
        assertThat(answered.status()).describedAs("%s", answered).isEqualTo(201);
        assertThat(answered.json().at("/answer/method").asText()).isEqualTo("receipt");
        assertThat(post(Installation.WEBSITE, answerPath, "{\"consented\":true}")
                        .status())
                .isEqualTo(200);
        is(post(Installation.WEBSITE, answerPath, "{\"consented\":false}"), 409, "question-answered");

        Website.Answer decided = post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_CONSENT);
        assertThat(decided.status()).describedAs("%s", decided).isEqualTo(201);
        Website.Answer repeated = post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_CONSENT);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.json()).isEqualTo(decided.json());
        is(post(Installation.OTHER_ADMIN, request + "/decision", REFUSED), 409, "disclosure-decided");
        is(post(Installation.ADMIN, request + "/decision", GRANTED_BY_CONSENT), 403, "four-eyes-same-actor");
        assertThat(get(Installation.ADMIN, request).json()).isEqualTo(decided.json());
        assertThat(get(Installation.ADMIN, REQUESTS).json().path("requests"))
                .anySatisfy(listed -> assertThat(listed.path("state").asText()).isEqualTo("granted"));

        DisclosureRequested first = events(id, DisclosureRequested.class).get(0);
        assertThat(first.getActor()).isEqualTo("admin-1");
        assertThat(first.getPreservation()).isTrue();
        assertThat(events(id, DisclosureQuestionAsked.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getActor()).isEqualTo("admin-1"));
        assertThat(events(id, DisclosureQuestionAnswered.class)).singleElement().satisfies(event -> {
            assertThat(event.getMethod()).isEqualTo(RequestMethod.RECEIPT);
            assertThat(event.getActor()).isNull();
        });
        assertThat(events(id, DisclosureDecided.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getActor()).isEqualTo("admin-2"));
        // The requester's contact details were sent as a message.
        String message = SignupIds.uuid(first.getSealedAs()).toString();
        assertThat(entered.json().at("/contact/messageId").asText()).isEqualTo(message);
        assertThat(events(message, ContactReceived.class))
                .singleElement()
                .satisfies(event -> assertThat(event.getPurposes()).containsExactly(Purpose.HELPDESK));
        assertThat(LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class))
                .filteredOn(record ->
                        SignupIds.uuid(record.getSignupId()).toString().equals(message))
                .hasSize(1);
    }

    @Test
    void a_websites_key_and_an_id_alone_do_nothing() {
        String id = signUp();
        String request = entered(Installation.ADMIN, body(id, "consent"));
        String question = ask(request, Instant.now().plusSeconds(3600));
        String other = signUp();
        String capabilityOfOther = get(Installation.WEBSITE, "/v1/signups/" + other + "/receipt")
                .json()
                .path("capability")
                .asText();
        for (String secret : List.of(Installation.WEBSITE, Installation.OTHER_WEBSITE)) {
            is(enter(secret, "not-admin", body(id, "consent")), 403, "forbidden");
            is(get(secret, REQUESTS), 403, "forbidden");
            is(get(secret, request), 403, "forbidden");
            is(post(secret, request + "/question", "{\"answerBy\":\"2030-01-01T00:00:00Z\"}"), 403, "forbidden");
            is(post(secret, request + "/decision", REFUSED), 403, "forbidden");
        }
        String questions = "/v1/signups/" + id + "/questions";
        String answer = questions + "/" + question + "/answer";
        // An unknown key, another signup's receipt, and ids in place of secrets.
        for (String secret : List.of("", "nobody", id, question, capabilityOfOther)) {
            assertThat(enter(secret, "nobody", body(id, "consent")).status()).isEqualTo(401);
            assertThat(get(secret, request).status()).isEqualTo(401);
            assertThat(post(secret, request + "/decision", REFUSED).status()).isEqualTo(401);
            assertThat(get(secret, questions).status()).isEqualTo(401);
            assertThat(post(secret, answer, "{\"consented\":true}").status()).isEqualTo(401);
        }
        // The other website gets the same answer as for a signup that does not exist.
        String unknown = questions.replace(id.substring(24), "0123456789ab");
        assertThat(get(Installation.OTHER_WEBSITE, questions).response().body())
                .isEqualTo(get(Installation.OTHER_WEBSITE, unknown).response().body());
        is(get(Installation.OTHER_WEBSITE, questions), 404, "unknown-signup");
        is(post(Installation.OTHER_WEBSITE, answer, "{\"consented\":true}"), 404, "unknown-question");
        is(get(Installation.ADMIN, questions), 403, "forbidden");
        is(post(Installation.ADMIN, answer, "{\"consented\":true}"), 403, "forbidden");
        // A question of another signup of the same website.
        is(
                post(
                        Installation.WEBSITE,
                        "/v1/signups/" + other + "/questions/" + question + "/answer",
                        "{\"consented\":true}"),
                404,
                "unknown-question");
        assertThat(events(id, DisclosureQuestionAnswered.class)).isEmpty();
        assertThat(events(id, DisclosureDecided.class)).isEmpty();
    }

    @Test
    void four_eyes_cannot_be_one_pair_also_with_two_keys(@TempDir Path elsewhere) throws IOException {
        String id = signUp();
        for (String secret : List.of(Installation.ADMIN, Installation.ROTATED_ADMIN)) {
            String request = entered(secret, body(id, "court-order"));
            for (String same : List.of(Installation.ADMIN, Installation.ROTATED_ADMIN)) {
                for (String decision : List.of(GRANTED_BY_LAW, REFUSED)) {
                    is(post(same, request + "/decision", decision), 403, "four-eyes-same-actor");
                }
            }
        }
        assertThat(events(id, DisclosureDecided.class)).isEmpty();

        // One secret renamed: the key that entered the request no longer exists.
        String request = entered(Installation.OTHER_ADMIN, body(id, "court-order"));
        Path keys = installation.directory().resolve("api-keys.yaml");
        String before = Files.readString(keys);
        String renamed = before.replace("id: admin-2,", "id: admin-9,");
        assertThat(renamed).isNotEqualTo(before);
        replace(keys, elsewhere, renamed);
        await().atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> is(
                        post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_LAW),
                        409,
                        "four-eyes-actor-unknown"));
        is(post(Installation.ADMIN, request + "/decision", GRANTED_BY_LAW), 409, "four-eyes-actor-unknown");
        replace(keys, elsewhere, before);
        await().atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> assertThat(post(Installation.ADMIN, request + "/decision", GRANTED_BY_LAW)
                                .status())
                        .isIn(200, 201));
        assertThat(events(id, DisclosureDecided.class)).hasSize(1);
    }

    @Test
    void a_late_answer_is_refused_and_silence_is_a_refusal() {
        String id = signUp();
        String request = entered(Installation.ADMIN, body(id, "consent"));
        String answerBy = Instant.now().plusSeconds(6).toString();
        Website.Answer asked = post(Installation.ADMIN, request + "/question", "{\"answerBy\":\"" + answerBy + "\"}");
        assertThat(asked.status()).isEqualTo(201);
        String question = asked.json().at("/questions/0/questionId").asText();
        is(
                post(
                        Installation.OTHER_ADMIN,
                        request + "/decision",
                        "{\"decision\":\"refused\",\"ground\":\"person-refused\"}"),
                409,
                "person-has-not-refused");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(Installation.WEBSITE, "/v1/signups/" + id + "/questions")
                        .json()
                        .at("/questions/0/state")
                        .asText()
                        .equals("closed"));
        is(
                post(
                        Installation.WEBSITE,
                        "/v1/signups/" + id + "/questions/" + question + "/answer",
                        "{\"consented\":true}"),
                409,
                "question-closed");
        is(post(Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_CONSENT), 409, "person-has-not-consented");
        assertThat(post(
                                Installation.OTHER_ADMIN,
                                request + "/decision",
                                "{\"decision\":\"refused\",\"ground\":\"person-refused\"}")
                        .status())
                .isEqualTo(201);
        assertThat(events(id, DisclosureQuestionAnswered.class)).isEmpty();
    }

    @Test
    void a_repeat_of_a_key_enters_no_second_request_whatever_it_says() {
        String id = signUp();
        List<Website.Answer> together = IntStream.range(0, 6)
                .mapToObj(
                        i -> CompletableFuture.supplyAsync(() -> enter(Installation.ADMIN, "repeat", withContact(id))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        List<String> ids = new ArrayList<>();
        together.forEach(answer -> {
            assertThat(answer.status()).describedAs("%s", answer).isEqualTo(201);
            ids.add(answer.json().path("requestId").asText());
        });
        assertThat(ids).containsOnly(ids.get(0));
        for (String other : List.of(
                body(id, "court-order"),
                "{",
                "{}",
                withContact(UUID.randomUUID().toString()))) {
            Website.Answer replayed = enter(Installation.ADMIN, "repeat", other);
            assertThat(replayed.status()).describedAs("%s", replayed).isEqualTo(201);
            assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(replayed.json().path("requestId").asText()).isEqualTo(ids.get(0));
        }
        assertThat(events(id, DisclosureRequested.class))
                .extracting(EventId::of)
                .containsOnly(id + "/disclosure/" + ids.get(0) + "/requested");
        assertThat(events(id, DisclosureRequested.class).stream()
                        .map(DisclosureRequested::getSealedAs)
                        .distinct())
                .hasSize(1);
        // A key of that name of another owner is another key; so is the same name for a message.
        assertThat(enter(Installation.OTHER_ADMIN, "repeat", body(id, "consent"))
                        .json()
                        .path("requestId")
                        .asText())
                .isNotEqualTo(ids.get(0));
        assertThat(website.contact("repeat", Website.message("Kari Nordmann")).status())
                .isEqualTo(202);
        assertThat(website.send(website.request(REQUESTS, Installation.ADMIN)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body(id, "consent")))
                                .build())
                        .code())
                .isEqualTo("idempotency-key-missing");
    }

    @Test
    void a_request_about_no_signup_and_faulty_ones_are_refused_and_nothing_is_kept() {
        String unknown = "0199ffff-ffff-7fff-bfff-" + signUp().substring(24);
        int before = LogReader.events(installation, Topic.CONSENTS, ContactReceived.class)
                .size();
        Website.Answer refused = enter(Installation.ADMIN, "unknown", withContact(unknown));
        is(refused, 422, "unknown-signup");
        assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/signupId");
        Website.Answer faulty =
                enter(Installation.ADMIN, "faulty", withContact(unknown).replace("ola@politi.example", "ola.politi"));
        is(faulty, 422, "invalid-disclosure-request");
        assertThat(faulty.json().at("/errors/0/pointer").asText()).isEqualTo("/contact/email");
        assertThat(faulty.response().body()).doesNotContainIgnoringCase("politi");
        assertThat(LogReader.events(installation, Topic.CONSENTS, ContactReceived.class))
                .hasSize(before);
        assertThat(events(unknown, DisclosureRequested.class)).isEmpty();
        // The refused key is free.
        assertThat(enter(Installation.ADMIN, "unknown", withContact(signUp())).status())
                .isEqualTo(201);

        for (String id : List.of(UUID.randomUUID().toString(), "KARI", "..")) {
            is(get(Installation.ADMIN, REQUESTS + "/" + id), 404, "unknown-disclosure-request");
            is(post(Installation.ADMIN, REQUESTS + "/" + id + "/decision", REFUSED), 404, "unknown-disclosure-request");
        }
    }
}
