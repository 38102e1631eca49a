package org.brokerhandoff.bench;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.schemas.Digests;
import org.jspecify.annotations.Nullable;

/** A log with every kind of event: what people, websites, officers and brokers do with a running installation. */
final class TamperingTraffic {
    static final String STEADY = "steady";
    static final String SECOND = "second";
    static final String CHOOSY = "choosy";
    static final String SLOW = "slow";
    static final String GONE = "gone";
    static final String NARROW = "narrow";
    static final String HELPDESK = "helpdesk";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String COOKIES = "We set the cookies that you accept.";
    private static final int NARROW_PLACES = 2;

    private final SmallInstallation rig;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String ingest;
    private final String secondOfficer;
    private final List<UUID> accepted = new ArrayList<>();
    private int people;

    private TamperingTraffic(SmallInstallation rig, String secondOfficer) {
        this.rig = rig;
        this.secondOfficer = secondOfficer;
        this.ingest = "http://127.0.0.1:" + rig.ingestPort;
    }

    /** The required brokers. */
    static List<RigBroker> brokers() {
        return List.of(
                new RigBroker(STEADY, Behaviour.accepting(), 1, 1, List.of("caps: {hourly: 1000}"), false),
                new RigBroker(SECOND, Behaviour.accepting(), 2, 1, List.of(), false),
                new RigBroker(CHOOSY, Behaviour.refusing(1.0, 3), 1, 1, List.of(), false),
                new RigBroker(SLOW, Behaviour.unavailable(), 1, 1, List.of(), false),
                new RigBroker(GONE, Behaviour.gone(), 1, 1, List.of(), false),
                new RigBroker(
                        NARROW, Behaviour.accepting(), 1, 1, List.of("caps: {hourly: " + NARROW_PLACES + "}"), false),
                new RigBroker(HELPDESK, Behaviour.accepting(), 1, 1, List.of("kind: helpdesk"), false));
    }

    /** Sends everything, and waits until every signup is purged; returns their number. */
    static int send(SmallInstallation rig, int plain) throws IOException, InterruptedException {
        TamperingTraffic traffic = new TamperingTraffic(rig, secondOfficer(rig));
        traffic.send(plain);
        return traffic.accepted.size();
    }

    /** A further key of scope {@code admin}, of another owner: ingest reloads the file within half a second. */
    private static String secondOfficer(SmallInstallation rig) throws IOException {
        String key = "officer-" + UUID.randomUUID();
        Path file = rig.directory.resolve("api-keys.yaml");
        Path next = rig.directory.resolve("api-keys.next");
        SecretFile.create(next, Files.readString(file));
        Files.writeString(
                next,
                "  - {id: officer-2, scopes: [admin], sha256: \"" + Digests.hex(Digests.sha256(key)) + "\"}\n",
                StandardOpenOption.APPEND);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return key;
    }

    private void send(int plain) throws IOException, InterruptedException {
        cookies();
        List<UUID> waiting = signUp(3, SLOW);
        List<UUID> delivered = signUp(plain, STEADY, SECOND);
        signUp(3, CHOOSY, SECOND);
        signUp(2, CHOOSY);
        // Alone: another one assigned to it just then would wait until the suspension is over.
        UUID gone = signUp(1, GONE, SECOND).get(0);
        Rig.waitFor(() -> atSecond(gone), PATIENCE, "a suspension");
        signUp(2, GONE, SECOND);
        signUp(NARROW_PLACES, NARROW);
        Rig.waitFor(
                () -> rig.broker(NARROW)
                                .books()
                                .accounts()
                                .filter(Books.Account::isAccepted)
                                .count()
                        == NARROW_PLACES,
                PATIENCE,
                "a cap that is reached");
        signUp(2, NARROW).forEach(id -> done(rig.website.withdraw(id)));
        done(rig.website.ask(signUp(1, NARROW).get(0), "erasure"));
        for (int message = 0; message < 2; message++) {
            byte[] request = SamplePeople.contactRequest(SamplePeople.person(people++));
            done(rig.website.message(request, UUID.randomUUID().toString()))
                    .signupId()
                    .ifPresent(accepted::add);
        }
        Rig.waitFor(() -> delivered.stream().allMatch(rig::purged), PATIENCE, "purges of what was delivered");
        rights(delivered);
        disclosures(delivered);
        preservation(waiting.get(0));
        rig.broker(SLOW).behave(Behaviour.accepting());
        Rig.waitFor(() -> waiting.stream().allMatch(rig::purged), PATIENCE, "purges of what was parked");
        if (!Rig.waitFor(() -> accepted.stream().allMatch(rig::purged), PATIENCE, "purges")) {
            throw new IllegalStateException("not every signup was purged");
        }
    }

    private boolean atSecond(UUID id) {
        return rig.broker(SECOND)
                .books()
                .account(id)
                .filter(Books.Account::isAccepted)
                .isPresent();
    }

    private List<UUID> signUp(int number, String... recipients) {
        List<Future<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            replies.add(rig.website.signup(
                    SamplePeople.signupRequest(
                            SamplePeople.person(people++), Rig.POLICY_VERSION, List.of(recipients), Instant.now()),
                    UUID.randomUUID().toString()));
        }
        List<UUID> ids = replies.stream()
                .map(TamperingTraffic::done)
                .map(reply -> reply.signupId().orElseThrow(() -> new IllegalStateException("a signup was refused")))
                .toList();
        accepted.addAll(ids);
        return ids;
    }

    private void rights(List<UUID> delivered) {
        done(rig.website.withdraw(delivered.get(0)));
        done(rig.website.withdraw(delivered.get(1)));
        done(rig.website.ask(delivered.get(2), "access"));
        done(rig.website.ask(delivered.get(3), "erasure"));
        done(rig.website.ask(delivered.get(4), "restriction"));
        Reply objection = done(rig.website.ask(delivered.get(5), "objection"));
        UUID objected = UUID.fromString(objection.members().get("requestId"));
        done(rig.website.decide(delivered.get(5), objected, false));
        Reply restriction = done(rig.website.ask(delivered.get(6), "restriction"));
        done(rig.website.decide(
                delivered.get(6), UUID.fromString(restriction.members().get("requestId")), true));
        Reply correction = done(rig.website.rectify(
                delivered.get(7),
                new JsonObject()
                        .put("fullName", "Kari Nordmann")
                        .put("email", "kari.nordmann@example.no")
                        .put("country", "NO")));
        accepted.add(UUID.fromString(correction.members().get("requestId")));
    }

    private void disclosures(List<UUID> delivered) throws IOException, InterruptedException {
        UUID withConsent = delivered.get(8);
        String byConsent = requested(withConsent, "authority", "consent");
        officer(
                rig.installation.adminKey(),
                "/v1/disclosure-requests/" + byConsent + "/question",
                new JsonObject()
                        .put("answerBy", Instant.now().plus(Duration.ofDays(14)).toString()));
        JsonObject questions = call("GET", "/v1/signups/" + withConsent + "/questions", websiteKey(), Map.of(), null);
        String question = questions.getJsonArray("questions").getJsonObject(0).getString("questionId");
        call(
                "POST",
                "/v1/signups/" + withConsent + "/questions/" + question + "/answer",
                websiteKey(),
                Map.of(),
                new JsonObject().put("consented", true));
        decided(byConsent, "granted", "person-consented");
        decided(requested(delivered.get(9), "court", "court-order"), "granted", "legal-basis");
        decided(requested(delivered.get(10), "third-party", "legitimate-interests"), "refused", "privacy-prevails");
    }

    /** A court orders that what is still sealed be kept for another week. */
    private void preservation(UUID waiting) throws IOException, InterruptedException {
        String order = requested(asking(waiting, "court", "court-order")
                .put("preserveUntil", Instant.now().plus(Duration.ofDays(7)).toString()));
        decided(order, "granted", "legal-basis");
    }

    private String requested(UUID signup, String requester, String basis) throws IOException, InterruptedException {
        return requested(asking(signup, requester, basis)
                .put("preservation", false)
                .put(
                        "contact",
                        new JsonObject()
                                .put("name", "Ola Politi")
                                .put("email", "ola@politi.example")
                                .put("subject", "Case 4711")
                                .put("text", "Please answer to this address.")));
    }

    private static JsonObject asking(UUID signup, String requester, String basis) {
        return new JsonObject()
                .put("signupId", signup.toString())
                .put("requester", requester)
                .put("country", "NO")
                .put("basis", basis)
                .put("scope", new JsonArray(List.of("recipients", "purge")));
    }

    private String requested(JsonObject request) throws IOException, InterruptedException {
        JsonObject reply = call(
                "POST",
                "/v1/disclosure-requests",
                rig.installation.adminKey(),
                Map.of("Idempotency-Key", UUID.randomUUID().toString()),
                request);
        return reply.getString("requestId");
    }

    private void decided(String request, String decision, String ground) throws IOException, InterruptedException {
        officer(
                secondOfficer,
                "/v1/disclosure-requests/" + request + "/decision",
                new JsonObject().put("decision", decision).put("ground", ground));
    }

    private void cookies() throws IOException, InterruptedException {
        Reply published = done(rig.website.publish(
                "cookies", "cookies-1", "en", COOKIES, Instant.now().minusSeconds(60)));
        if (published.status() >= 300) {
            throw new IllegalStateException("the cookie policy was refused: " + published.status());
        }
        for (boolean analytics : List.of(true, false)) {
            Map<String, Object> choice = new LinkedHashMap<>();
            choice.put(
                    "choices",
                    new JsonObject()
                            .put("necessary", true)
                            .put("analytics", analytics)
                            .put("thirdParty", false));
            choice.put("documentSha256", Digests.hex(Digests.sha256(COOKIES)));
            choice.put("chosenAt", Instant.now().toString());
            choice.put("method", "banner");
            call("POST", "/v1/cookie-choices", websiteKey(), Map.of(), new JsonObject(choice));
        }
    }

    private void officer(String key, String path, JsonObject body) throws IOException, InterruptedException {
        var unused = call("POST", path, key, Map.of(), body);
    }

    private String websiteKey() {
        return rig.installation.websiteKey();
    }

    /** Calls ingest, with retries while it is not ready, or does not know the key yet. */
    private JsonObject call(
            String method, String path, String key, Map<String, String> headers, @Nullable JsonObject body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ingest + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode(), StandardCharsets.UTF_8));
        headers.forEach(request::header);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() < 300) {
                return new JsonObject(reply.body());
            }
            boolean later = List.of(401, 404, 409, 425, 429, 503).contains(reply.statusCode());
            if (!later || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(method + " " + path.replaceAll("[0-9a-f-]{36}", "ID") + " was answered "
                        + reply.statusCode() + " "
                        + Optional.ofNullable(new JsonObject(reply.body()).getString("code"))
                                .orElse(""));
            }
            Thread.sleep(200);
        }
    }

    private static Reply done(Future<Reply> reply) {
        Reply answer = reply.toCompletionStage().toCompletableFuture().join();
        if (answer.status() >= 400) {
            throw new IllegalStateException("ingest answered " + answer.status() + " "
                    + answer.members().getOrDefault("code", ""));
        }
        return answer;
    }
}
