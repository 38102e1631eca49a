package org.brokerhandoff.audit.canary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** A client of ingest, as a website's backend is. Blocks. */
final class IngestClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Above the age limit of any country. */
    private static final int AGE = 30;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final URI address;
    private final String key;

    IngestClient(URI address, String key) {
        this.address = address;
        this.key = key;
    }

    /**
     * What the invented person consents to.
     *
     * @param broker the only recipient, a canary broker
     * @param country of residence, one that the broker serves
     * @param language of the person
     * @param policyVersion the version in force
     * @param givenAt now
     */
    record Consent(String broker, String country, String language, String policyVersion, Instant givenAt) {
        private String json() {
            ObjectNode given = JSON.createObjectNode()
                    .put("policyVersion", policyVersion)
                    .put("givenAt", givenAt.toString())
                    .put("method", "registration-form")
                    .put("declaredAge", AGE);
            given.putArray("purposes").add("broker-handoff");
            given.putArray("recipients").add(broker);
            return given.toString();
        }
    }

    /** Submits {@code person}; returns the id. */
    UUID signUp(InventedPerson person, Consent consent) throws InterruptedException {
        byte[] body = person.exposeAsJson(consent.country(), consent.language(), consent.json());
        try {
            JsonNode reply = ask(request("/v1/signups")
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
            return UUID.fromString(reply.path("signupId").asText());
        } catch (IllegalArgumentException e) {
            throw new CannotCheck("the server at " + address + " is not ingest");
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** The version of the privacy policy in force for readers of {@code language}. */
    String policyVersion(String language) throws InterruptedException {
        return ask(request("/v1/policies/current?kind=privacy&language=" + language)
                        .GET())
                .path("version")
                .asText();
    }

    /** Whether ingest reports the signup's purge. */
    boolean purged(UUID signupId) throws InterruptedException {
        return ask(request("/v1/signups/" + signupId).GET()).path("purge").isObject();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(LIMIT).header("Authorization", "Bearer " + key);
    }

    private JsonNode ask(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(reply.body());
            if (reply.statusCode() >= 300) {
                throw new CannotCheck("ingest answered " + reply.statusCode() + " "
                        + body.path("code").asText("")
                        + body.at("/errors/0/code").asText("").transform(code -> code.isEmpty() ? "" : ": " + code));
            }
            return body;
        } catch (JsonProcessingException e) {
            // Its message quotes the input.
            throw new CannotCheck("the server at " + address + " is not ingest");
        } catch (IOException e) {
            throw new CannotCheck("ingest at " + address + " cannot be reached: "
                    + e.getClass().getSimpleName());
        }
    }
}
