package org.brokerhandoff.quickstart.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Speaks to ingest over HTTP as a website's backend does: every signup with an idempotency key, repeated with the same key until
 * ingest has answered for good.
 */
public final class WebsiteClient implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Vertx vertx;
    private final HttpClientAgent client;
    private final String host;
    private final int port;
    private final String websiteKey;
    private final String adminKey;
    private final Duration pause;
    private final AtomicLong repeats = new AtomicLong();

    /**
     * A reply of ingest.
     *
     * @param status HTTP status
     * @param members text members; one of an object within has its path for a name, such as {@code broker.id}
     */
    public record Reply(int status, Map<String, String> members) {
        /** The id of the signup, or of the message, if the reply names one. */
        public Optional<UUID> signupId() {
            return Optional.ofNullable(members.getOrDefault("signupId", members.get("messageId")))
                    .map(UUID::fromString);
        }
    }

    /**
     * A client.
     *
     * @param connections connections at most
     * @param pause wait before a repeat
     */
    public WebsiteClient(
            Vertx vertx, String host, int port, int connections, String websiteKey, String adminKey, Duration pause) {
        this.vertx = vertx;
        this.host = host;
        this.port = port;
        this.websiteKey = websiteKey;
        this.adminKey = adminKey;
        this.pause = pause;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2_000), new PoolOptions().setHttp1MaxSize(connections));
    }

    /** Requests that had to be sent again. */
    public long repeats() {
        return repeats.get();
    }

    /** Sends a signup once. */
    public Future<Reply> signupOnce(byte[] request, String idempotencyKey) {
        return send(HttpMethod.POST, "/v1/signups", websiteKey, Optional.of(idempotencyKey), request);
    }

    /** Sends a signup until it is answered by anything but 503 or silence, with the same key. */
    public Future<Reply> signup(byte[] request, String idempotencyKey) {
        return untilAnswered(() -> signupOnce(request, idempotencyKey));
    }

    /** Sends a message to the helpdesk until it is answered by anything but 503 or silence, with the same key. */
    public Future<Reply> message(byte[] request, String idempotencyKey) {
        return untilAnswered(
                () -> send(HttpMethod.POST, "/v1/contact-messages", websiteKey, Optional.of(idempotencyKey), request));
    }

    /** Withdraws a consent until that is answered. */
    public Future<Reply> withdraw(UUID signupId) {
        return untilAnswered(() -> send(
                HttpMethod.POST, "/v1/signups/" + signupId + "/withdrawal", websiteKey, Optional.empty(), new byte[0]));
    }

    /** Asks for a person's right, such as {@code erasure}, until that is answered. */
    public Future<Reply> ask(UUID signupId, String right) {
        return post("/v1/signups/" + signupId + "/rights-requests", websiteKey, new JsonObject().put("type", right));
    }

    /** Hands new data of a person in, until that is answered. */
    public Future<Reply> rectify(UUID signupId, JsonObject person) {
        return post(
                "/v1/signups/" + signupId + "/rights-requests",
                websiteKey,
                new JsonObject().put("type", "rectification").put("person", person));
    }

    /** Asks how far a person's request is. */
    public Future<Reply> request(UUID signupId, UUID requestId) {
        return untilAnswered(() -> send(
                HttpMethod.GET,
                "/v1/signups/" + signupId + "/rights-requests/" + requestId,
                websiteKey,
                Optional.empty(),
                new byte[0]));
    }

    /** Decides a person's request as an officer does, until that is answered. */
    public Future<Reply> decide(UUID signupId, UUID requestId, boolean granted) {
        return post(
                "/v1/signups/" + signupId + "/rights-requests/" + requestId + "/decision",
                adminKey,
                new JsonObject()
                        .put("decision", granted ? "granted" : "refused")
                        .put("ground", granted ? "justified" : "compelling-grounds"));
    }

    private Future<Reply> post(String path, String key, JsonObject body) {
        byte[] request = body.encode().getBytes(StandardCharsets.UTF_8);
        return untilAnswered(() -> send(HttpMethod.POST, path, key, Optional.empty(), request));
    }

    /** Asks for the status of a signup. */
    public Future<Reply> status(UUID signupId) {
        return untilAnswered(
                () -> send(HttpMethod.GET, "/v1/signups/" + signupId, websiteKey, Optional.empty(), new byte[0]));
    }

    /** Publishes a version of the privacy policy, in English. */
    public Future<Reply> publishPolicy(String version, String text, Instant effectiveAt) {
        return publish("privacy", version, "en", text, effectiveAt);
    }

    /** Publishes a version of a document in one language. */
    public Future<Reply> publish(String kind, String version, String language, String text, Instant effectiveAt) {
        JsonObject body = new JsonObject()
                .put("kind", kind)
                .put("version", version)
                .put("language", language)
                .put("text", text)
                .put("effectiveAt", effectiveAt.toString());
        return untilAnswered(() -> send(
                HttpMethod.POST,
                "/v1/policies",
                adminKey,
                Optional.empty(),
                body.encode().getBytes(StandardCharsets.UTF_8)));
    }

    private Future<Reply> untilAnswered(Supplier<Future<Reply>> request) {
        return request.get()
                .transform(result -> result.succeeded() && result.result().status() != 503
                        ? Future.succeededFuture(result.result())
                        : again(request));
    }

    private Future<Reply> again(Supplier<Future<Reply>> request) {
        repeats.incrementAndGet();
        return vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).compose(elapsed -> untilAnswered(request));
    }

    private Future<Reply> send(
            HttpMethod method, String path, String key, Optional<String> idempotencyKey, byte[] body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(host)
                .setPort(port)
                .setURI(path)
                .putHeader("authorization", "Bearer " + key)
                .setIdleTimeout(15_000);
        if (body.length > 0) {
            options.putHeader("content-type", "application/json");
        }
        idempotencyKey.ifPresent(value -> options.putHeader("idempotency-key", value));
        return client.request(options)
                .compose(request -> request.send(Buffer.buffer(body))
                        // Within, so on the event loop: from another thread it may come after the body, and find none.
                        .compose(response -> response.body()
                                .map(reply -> new Reply(response.statusCode(), members(reply.getBytes())))));
    }

    private static Map<String, String> members(byte[] json) {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                members(parser, "", members);
            }
        } catch (IOException notJson) {
            return Map.of();
        }
        return members;
    }

    /** Members of an object within an object get its name and a dot before theirs; elements of a list have numbers for names. */
    private static void members(JsonParser parser, String prefix, Map<String, String> members) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            member(parser, parser.nextToken(), prefix + parser.currentName(), members);
        }
    }

    private static void member(JsonParser parser, JsonToken value, String name, Map<String, String> members)
            throws IOException {
        if (value.isScalarValue()) {
            members.put(name, parser.getText());
        } else if (value == JsonToken.START_OBJECT) {
            members(parser, name + ".", members);
        } else {
            JsonToken element = parser.nextToken();
            for (int i = 0; element != JsonToken.END_ARRAY; i++) {
                member(parser, element, name + "." + i, members);
                element = parser.nextToken();
            }
        }
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
