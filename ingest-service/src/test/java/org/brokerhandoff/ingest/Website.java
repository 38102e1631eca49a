package org.brokerhandoff.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.brokerhandoff.ingest.fuzz.AnswerCheck;
import org.brokerhandoff.ingest.fuzz.ApiDescription;
import org.brokerhandoff.ingest.fuzz.RawAnswer;

/** Calls an ingest service as a website's backend does, and checks that each answer is documented in {@code openapi.yaml}. */
final class Website {
    static final String POLICY = "2026-11-01";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AnswerCheck DESCRIBED = new AnswerCheck(ApiDescription.ofIngest(), "zq~canary");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    Website(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** An answer: status, headers, body. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        String code() {
            return json().path("code").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status() + " " + response.body();
        }
    }

    Answer signUp(String key, String body) {
        return signUpAsync(key, body).join();
    }

    CompletableFuture<Answer> signUpAsync(String key, String body) {
        return client.sendAsync(
                        request("/v1/signups", Installation.WEBSITE)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", key)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(Website::described);
    }

    private static Answer described(HttpResponse<String> response) {
        HttpRequest request = response.request();
        List<String> headers = new ArrayList<>();
        response.headers().map().forEach((name, values) -> values.forEach(value -> headers.add(name + ": " + value)));
        RawAnswer answer = new RawAnswer(response.statusCode(), headers, response.body());
        org.assertj.core.api.Assertions.assertThat(
                        DESCRIBED.faults(request.method(), request.uri().getRawPath(), answer))
                .describedAs("%s %s: %s", request.method(), request.uri(), answer)
                .isEmpty();
        return new Answer(response);
    }

    Answer contact(String key, String body) {
        return send(request("/v1/contact-messages", Installation.WEBSITE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer withdraw(String id) {
        return send(request("/v1/signups/" + id + "/withdrawal", Installation.WEBSITE)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    Answer ask(String id, String right) {
        return post("/v1/signups/" + id + "/rights-requests", Installation.WEBSITE, "{\"type\":\"" + right + "\"}");
    }

    Answer rectify(String id) {
        return post(
                "/v1/signups/" + id + "/rights-requests",
                Installation.WEBSITE,
                "{\"type\":\"rectification\",\"person\":{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}}");
    }

    Answer decide(String path, String body) {
        return post(path, Installation.ADMIN, body);
    }

    private Answer post(String path, String secret, String body) {
        return send(request(path, secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer get(String path) {
        return send(request(path, Installation.WEBSITE).GET().build());
    }

    Answer publish(String version, String language, char digest, Instant effectiveAt) {
        return send(request("/v1/policies", Installation.ADMIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"version\":\"" + version + "\",\"language\":\"" + language
                        + "\",\"sha256\":\"" + String.valueOf(digest).repeat(64) + "\",\"effectiveAt\":\""
                        + effectiveAt + "\"}"))
                .build());
    }

    HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + secret);
    }

    Answer send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(Website::described)
                .join();
    }

    /** Waits until the service is ready, then publishes the policy that {@link #body} names. */
    Website ready() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                get("/health/ready").response().body())
                        .contains("{\"status\":\"UP\",\"checks\"")
                        .doesNotContain("register-starting"));
        publish(POLICY, "en", 'a', Instant.parse("2020-01-01T00:00:00Z"));
        return this;
    }

    static String message(String name) {
        return """
                {"name":"%s","email":"kari@example.no","subject":"Who has my data?","text":"Hello,\\nwho has it?",
                 "language":"nb"}""".formatted(name);
    }

    static String body(String name) {
        return body(name, POLICY, Instant.now());
    }

    static String body(String name, String policy, Instant givenAt) {
        return """
                {"person":{"fullName":"%s","email":"kari@example.no","country":"NO","phone":"912 34 567","language":"nb",
                 "extra":{"city":"Bergen"}},
                 "consent":{"policyVersion":"%s","purposes":["broker-handoff"],"recipients":["fjord-markets","nordlys-invest"],
                 "givenAt":"%s","method":"registration-form"}}""".formatted(name, policy, givenAt);
    }
}
