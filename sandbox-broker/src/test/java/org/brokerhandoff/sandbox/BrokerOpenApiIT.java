package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** {@code docs/broker-openapi.yaml}: valid OpenAPI, and consistent with the sandbox broker's requests and answers. */
class BrokerOpenApiIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final JsonNode DOCUMENT = read();
    private static final UUID ID = UUID.randomUUID();
    private static final String HANDOFF =
            "{\"signupId\":\"" + ID + "\",\"person\":{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\","
                    + "\"country\":\"NO\",\"phone\":\"+4791234567\",\"language\":\"nb\",\"extra\":{\"city\":\"Bergen\"}},"
                    + "\"consent\":{\"policyVersion\":\"2026-11-01\",\"purposes\":[\"broker-handoff\"],"
                    + "\"givenAt\":\"2026-11-22T13:00:00Z\"},\"assignedAt\":\"2026-11-22T13:00:00.123Z\"}";
    private static final String NOTICE =
            "{\"signupId\":\"" + ID + "\",\"type\":\"withdrawal\",\"requestedAt\":\"2026-11-22T13:00:00Z\"}";
    private static final String REQUEST =
            NOTICE.replace("withdrawal", "erasure").replace("}", ",\"requestId\":\"" + UUID.randomUUID() + "\"}");
    private static final String PING = "{\"country\":\"NO\",\"language\":\"nb\",\"purposes\":[\"broker-handoff\"]}";

    private static JsonNode read() {
        try {
            return new ObjectMapper(new YAMLFactory())
                    .readTree(Path.of("..", "docs", "broker-openapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    @Test
    void the_document_is_openapi_3_1_by_its_published_schema() throws IOException {
        // As the OpenAPI Initiative publishes it (Apache License 2.0), version of 2022-10-07 or later.
        try (InputStream published = BrokerOpenApiIT.class.getResourceAsStream("/openapi-3.1-schema.json")) {
            assertThat(SCHEMAS.getSchema(JSON.readTree(published)).validate(DOCUMENT))
                    .isEmpty();
        }
        DOCUMENT.findValuesAsText("$ref")
                .forEach(reference -> assertThat(
                                DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void every_example_is_what_its_schema_says() {
        int examples = 0;
        for (JsonNode content : DOCUMENT.findValues("content")) {
            for (JsonNode media : content) {
                ObjectNode schema = JSON.createObjectNode();
                schema.putArray("allOf").add(media.get("schema"));
                schema.set("components", DOCUMENT.get("components"));
                List<JsonNode> values = new ArrayList<>();
                media.path("examples").forEach(example -> values.add(example.path("value")));
                if (media.has("example")) {
                    values.add(media.get("example"));
                }
                for (JsonNode value : values) {
                    assertThat(SCHEMAS.getSchema(schema).validate(value))
                            .as(value.toString())
                            .isEmpty();
                    examples++;
                }
            }
        }
        assertThat(examples).isGreaterThan(10);
    }

    @Test
    void every_answer_of_the_sandbox_broker_is_one_that_the_document_has() throws Exception {
        try (SandboxBroker broker = SandboxBroker.start(VERTX, SandboxBrokerSettings.named("fjord"))) {
            broker.behave(Behaviour.script(
                    Reaction.fail(429, Duration.ofSeconds(2)),
                    Reaction.fail(503, Duration.ofSeconds(2)),
                    Reaction.fail(410),
                    new Reaction.Refuse(409, "no"),
                    Reaction.refuse("no")));
            question(broker, "/handoffs", 200);
            for (int status : new int[] {429, 503, 410, 409, 422, 200, 200}) {
                post(broker, "/handoffs", "Handoff", HANDOFF, status);
            }
            question(broker, "/handoffs", 200);
            post(broker, "/handoffs/ping", "Ping", PING, 200);
            broker.behaveOnPings(PingBehaviour.always(PingBehaviour.Reaction.REJECT));
            post(broker, "/handoffs/ping", "Ping", PING, 409);
            broker.behaveOnNotices(NoticeBehaviour.pending(1));
            question(broker, "/notices", 200);
            post(broker, "/notices", "Notice", NOTICE, 202);
            question(broker, "/notices", 200);
            question(broker, "/notices", 200);
            broker.behaveOnNotices(NoticeBehaviour.completing());
            post(broker, "/notices", "Notice", NOTICE, 200);
            broker.behaveOnNotices(NoticeBehaviour.refusing("legal-claims"));
            post(broker, "/notices", "Notice", REQUEST, 200);
            question(broker, "/notices", 200);
            broker.behaveOnNotices(NoticeBehaviour.failing(503, 99));
            post(broker, "/notices", "Notice", NOTICE, 503);
        }
        try (SandboxBroker broker =
                SandboxBroker.start(VERTX, SandboxBrokerSettings.named("fjord").withSecrets(WebhookSecret.random()))) {
            post(broker, "/handoffs", "Handoff", HANDOFF, 401);
            post(broker, "/handoffs/ping", "Ping", PING, 401);
            post(broker, "/notices", "Notice", NOTICE, 401);
        }
    }

    private static void post(SandboxBroker broker, String path, String schema, String body, int status)
            throws IOException, InterruptedException {
        valid(schema, JSON.readTree(body));
        answer(
                path,
                "post",
                status,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.port() + path))
                        .header("idempotency-key", ID.toString())
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static void question(SandboxBroker broker, String collection, int status)
            throws IOException, InterruptedException {
        answer(
                collection + "/{signupId}",
                "get",
                status,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.port() + collection + "/" + ID))
                        .GET());
    }

    private static void answer(String path, String method, int status, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> got =
                CLIENT.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        String where = method + " " + path + " " + got.statusCode() + " " + got.body();
        assertThat(got.statusCode()).as(where).isEqualTo(status);
        JsonNode response =
                DOCUMENT.path("paths").path(path).path(method).path("responses").path(Integer.toString(status));
        if (response.has("$ref")) {
            response = DOCUMENT.at(response.get("$ref").asText().substring(1));
        }
        assertThat(response.isObject()).as(where).isTrue();
        JsonNode schema = response.at("/content/application~1json/schema/$ref");
        if (!schema.isMissingNode()) {
            valid(schema.asText().substring("#/components/schemas/".length()), JSON.readTree(got.body()));
        }
    }

    private static void valid(String name, JsonNode value) {
        // The schemas refer to each other as parts of the document.
        ObjectNode schema = JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
        schema.set("components", DOCUMENT.get("components"));
        assertThat(SCHEMAS.getSchema(schema).validate(value))
                .as(name + " " + value)
                .isEmpty();
    }
}
