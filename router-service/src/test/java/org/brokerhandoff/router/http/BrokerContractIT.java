package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.CorrectionClient;
import org.brokerhandoff.router.deliver.HandoffRequest;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every request that the router makes to a broker, as it arrives, against {@code docs/broker-openapi.yaml}. */
class BrokerContractIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final JsonNode DOCUMENT = read();
    /** What every HTTP client sends and no contract names. */
    private static final Set<String> ORDINARY =
            Set.of("host", "content-length", "content-type", "accept", "accept-encoding", "user-agent", "connection");

    private static final byte[] PERSON =
            ("{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\","
                            + "\"phone\":\"+4791234567\",\"language\":\"nb\",\"extra\":{\"city\":\"Bergen\"}}")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] MESSAGE =
            ("{\"name\":\"Kari\",\"email\":\"kari@example.no\",\"subject\":\"Who has it?\","
                            + "\"text\":\"Hello,\\nwho has my data?\",\"language\":\"nb\"}")
                    .getBytes(StandardCharsets.UTF_8);

    private record Arrived(String method, String path, String query, Map<String, String> headers, String body) {}

    private final Vertx vertx = Vertx.vertx();
    private final VertxBrokerClient client = new VertxBrokerClient(vertx, Duration.ofSeconds(5), Optional.empty());
    private final VertxNoticeClient notices =
            new VertxNoticeClient(client, Duration.ofSeconds(5), InstantSource.system());
    private final List<Arrived> arrived = Collections.synchronizedList(new ArrayList<>());
    private int port;

    private static JsonNode read() {
        try {
            return new YAMLMapper()
                    .readTree(Path.of("..", "docs", "broker-openapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void listen() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    Map<String, String> headers = new java.util.TreeMap<>();
                    request.headers()
                            .forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
                    arrived.add(new Arrived(
                            request.method().name(),
                            request.path(),
                            request.query() == null ? "" : request.query(),
                            headers,
                            body.toString(StandardCharsets.UTF_8)));
                    request.response().end("{\"status\":\"accepted\"}");
                }));
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Broker broker(String query) {
        Broker example = Examples.broker("fjord-markets");
        return new Broker(
                example.id(),
                example.name(),
                example.countries(),
                example.languages(),
                example.transferBasis(),
                example.privacyPolicy(),
                URI.create("http://127.0.0.1:" + port + "/handoffs" + query),
                Optional.of(URI.create("http://127.0.0.1:" + port + "/notices" + query)),
                List.of(WebhookSecret.parse(Examples.SECRET).orElseThrow()),
                1,
                1,
                true,
                Broker.Status.ACTIVE,
                Terms.PLAIN,
                Profile.of(RecipientKind.BROKER),
                Connection.PLAIN,
                FieldMapping.NONE);
    }

    private static void done(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void everyRequest(Broker broker) throws Exception {
        UUID id = UUID.randomUUID();
        UUID messageId = UUID.randomUUID();
        for (PendingSignup signup :
                List.of(Examples.signup(id, broker.id()), Examples.message(messageId, broker.id()))) {
            byte[] sealed = signup.signupId().equals(id) ? PERSON : MESSAGE;
            PersonalData body = HandoffRequest.body(
                    signup, new Assignment(broker.id(), 0, Examples.RECEIVED), PersonalData.takeOver(sealed.clone()));
            WebhookSignature signature =
                    WebhookSignature.of(signup.signupId().toString(), Instant.now(), body, broker.secrets());
            done(client.post(broker, body, signature, LIMIT));
            try (PersonalData nothing = PersonalData.takeOver(new byte[0])) {
                WebhookSignature empty =
                        WebhookSignature.of(signup.signupId().toString(), Instant.now(), nothing, broker.secrets());
                done(client.ask(broker, signup.signupId(), empty, LIMIT));
            }
            done(new BrokerPing(client, LIMIT, InstantSource.system(), UUID::randomUUID).ask(signup, broker));
        }
        BrokerNotice notice = new BrokerNotice(id, NoticeType.WITHDRAWAL, Examples.RECEIVED, Optional.empty());
        done(notices.send(broker, notice, LIMIT));
        done(notices.ask(broker, notice, LIMIT));
    }

    private void correction(Broker broker, UUID signup, UUID id) throws Exception {
        PendingSignup data = Examples.correction(Examples.signup(id, broker.id()), signup);
        PersonalData body = HandoffRequest.body(
                data,
                new Assignment(broker.id(), 0, Examples.RECEIVED),
                PersonalData.takeOver(PERSON.clone()),
                broker.fields());
        BrokerNotice told = BrokerNotice.ofCorrection(data).orElseThrow();
        CorrectionClient corrections = new VertxCorrectionClient(client);
        done(corrections.post(
                broker, body, WebhookSignature.of(told.webhookId(), Instant.now(), body, broker.secrets()), LIMIT));
        assertThat(body.wiped()).isTrue();
        done(corrections.ask(
                broker,
                told,
                WebhookSignature.of(told.webhookId(), Instant.now(), new byte[0], broker.secrets()),
                LIMIT));
    }

    @Test
    void a_correction_is_a_notice_that_the_document_describes_and_its_question_names_its_request() throws Exception {
        UUID signup = UUID.randomUUID();
        UUID id = UUID.randomUUID();
        correction(broker("?key=a"), signup, id);
        assertThat(arrived).hasSize(2).allSatisfy(request -> {
            check(request);
            assertThat(request.headers()).containsEntry("webhook-id", signup + "/rectification/" + id);
        });
        JsonNode body = JSON.readTree(arrived.get(0).body());
        assertThat(faults("Notice", body)).isEmpty();
        assertThat(body.at("/person/fullName").asText()).isEqualTo("Kari Nordmann");
        assertThat(arrived.get(1).path()).isEqualTo("/notices/" + signup);
        assertThat(arrived.get(1).query()).isEqualTo("key=a&requestId=" + id);
    }

    @Test
    void a_correction_for_a_broker_with_mapped_fields_has_the_body_that_they_make() throws Exception {
        UUID signup = UUID.randomUUID();
        Broker broker = Examples.mapped(
                broker(""),
                new FieldMapping(List.of(
                        new FieldMapping.Member(
                                "ref",
                                new FieldMapping.Value(
                                        FieldMapping.Source.SIGNUP_ID,
                                        "signupId",
                                        FieldMapping.Form.AS_IS,
                                        Optional.empty())),
                        new FieldMapping.Member(
                                "mail",
                                new FieldMapping.Value(
                                        FieldMapping.Source.EMAIL,
                                        "email",
                                        FieldMapping.Form.AS_IS,
                                        Optional.empty())))));
        correction(broker, signup, UUID.randomUUID());
        JsonNode body = JSON.readTree(arrived.get(0).body());
        assertThat(body.has("person")).isFalse();
        assertThat(body.path("handoff").toString())
                .isEqualTo("{\"ref\":\"" + signup + "\",\"mail\":\"kari@example.no\"}");
        assertThat(faults("Notice", body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"status\":\"completed\"}', ACCEPTED",
        "'{\"status\":\"pending\"}', ACCEPTED",
        "'{\"status\":\"refused\",\"reason\":\"incorrect\"}', REJECTED",
        "'{\"status\":\"unknown\"}', UNKNOWN",
        "'{\"status\":\"refused\"}',",
        "'{\"status\":\"accepted\"}',",
        "'{\"status\":\"rejected\"}',",
        "'pending',"
    })
    void a_correction_is_answered_in_the_words_of_notices(String body, BrokerReply.@Nullable Verdict verdict) {
        assertThat(VertxCorrectionClient.verdict(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Optional.ofNullable(verdict));
    }

    @Test
    void every_request_is_one_that_the_document_describes() throws Exception {
        everyRequest(broker(""));
        Set<String> operations = new HashSet<>();
        arrived.forEach(request -> operations.add(check(request)));
        Set<String> described = new HashSet<>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> described.add(
                                operation.getValue().path("operationId").textValue())));
        assertThat(operations).isEqualTo(described);
    }

    @Test
    void the_query_of_an_address_stays_behind_what_is_added_to_its_path() throws Exception {
        everyRequest(broker("?key=a/b&c=%2F"));
        assertThat(arrived).allSatisfy(request -> assertThat(request.query()).isEqualTo("key=a/b&c=%2F"));
        arrived.forEach(BrokerContractIT::check);
    }

    @Test
    void the_same_notice_has_one_id_in_every_request_and_it_is_not_that_of_the_handoff() throws Exception {
        everyRequest(broker(""));
        String handoff = arrived.get(0).headers().get("webhook-id");
        assertThat(arrived.get(0).headers()).containsEntry("idempotency-key", handoff);
        List<Arrived> about = arrived.stream()
                .filter(request -> request.path().startsWith("/notices"))
                .toList();
        assertThat(about)
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(request.headers()).containsEntry("webhook-id", handoff + "/withdrawal"));
        assertThat(about.get(0).headers()).containsEntry("idempotency-key", handoff + "/withdrawal");
        assertThat(about.get(1).headers()).doesNotContainKey("idempotency-key");
    }

    @Test
    void what_is_not_in_the_contract_would_be_found() throws Exception {
        everyRequest(broker(""));
        Arrived helpdesk = arrived.stream()
                .filter(request ->
                        request.body().contains("helpdesk") && request.path().equals("/handoffs"))
                .findFirst()
                .orElseThrow();
        assertThat(faults("HelpdeskMessage", JSON.readTree(helpdesk.body().replace("\"purpose\"", "\"use\""))))
                .isNotEmpty();
        assertThat(faults("Handoff", JSON.readTree(helpdesk.body()))).isNotEmpty();
    }

    @Test
    void every_operation_has_examples_of_its_request_and_its_answers_and_they_are_valid() {
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String where = operation.getKey() + " " + path.getKey();
                    JsonNode body = operation.getValue().at("/requestBody/content/application~1json");
                    if (!body.isMissingNode()) {
                        examples(where, body);
                    }
                    operation.getValue().path("responses").properties().forEach(response -> {
                        JsonNode content = resolved(response.getValue()).at("/content/application~1json");
                        if (!content.isMissingNode()) {
                            examples(where + " " + response.getKey(), content);
                        }
                    });
                }));
    }

    private static void examples(String where, JsonNode content) {
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples").forEach(example -> examples.add(example.path("value")));
        assertThat(examples).as(where).isNotEmpty();
        examples.forEach(example -> assertThat(validate(content.path("schema"), example))
                .as(where + " " + example)
                .isEmpty());
    }

    /** Checks one request; the operation that it is. */
    private static String check(Arrived request) {
        String template = template(request.path());
        JsonNode operation =
                DOCUMENT.path("paths").path(template).path(request.method().toLowerCase(java.util.Locale.ROOT));
        String where = request.method() + " " + request.path();
        assertThat(operation.isObject()).as(where).isTrue();
        Set<String> described = new HashSet<>(ORDINARY);
        for (JsonNode reference : operation.path("parameters")) {
            JsonNode parameter = resolved(reference);
            String name = parameter.path("name").textValue();
            String value = parameter.path("in").textValue().equals("path")
                    ? request.path().substring(request.path().lastIndexOf('/') + 1)
                    : request.headers().get(name);
            described.add(name);
            if (value == null) {
                assertThat(parameter.path("required").booleanValue())
                        .as(where + " lacks " + name)
                        .isFalse();
            } else {
                assertThat(validate(parameter.path("schema"), TextNode.valueOf(value)))
                        .as(where + " " + name)
                        .isEmpty();
            }
        }
        assertThat(described).as(where).containsAll(request.headers().keySet());
        JsonNode body = operation.path("requestBody");
        if (body.isMissingNode()) {
            assertThat(request.body()).as(where).isEmpty();
        } else {
            assertThat(request.headers()).containsEntry("content-type", "application/json");
            try {
                assertThat(validate(body.at("/content/application~1json/schema"), JSON.readTree(request.body())))
                        .as(where)
                        .isEmpty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return operation.path("operationId").textValue();
    }

    private static String template(String path) {
        return path.equals("/handoffs/ping") ? path : path.replaceAll("^(/[a-z]+)/[0-9a-f-]{36}$", "$1/{signupId}");
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").textValue().substring(1)) : node;
    }

    private static List<?> faults(String schema, JsonNode value) {
        return validate(JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema), value);
    }

    private static List<?> validate(JsonNode schema, JsonNode value) {
        // The schemas refer to each other as parts of the document.
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", DOCUMENT.get("components"));
        return SCHEMAS.getSchema(whole).validate(value);
    }
}
