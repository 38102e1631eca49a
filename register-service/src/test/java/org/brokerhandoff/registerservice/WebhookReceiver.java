package org.brokerhandoff.registerservice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A website's endpoint for webhooks, with a real HTTP server, whose behaviour a test sets; records arrivals. */
final class WebhookReceiver {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final HttpServer server;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final List<String> elsewhere = new CopyOnWriteArrayList<>();
    private volatile BiFunction<Integer, Arrival, Reaction> behaviour = (number, arrival) -> Reaction.status(204);

    /**
     * An arrival.
     *
     * @param taken whether it was answered with success
     */
    record Arrival(
            String id,
            String timestamp,
            String signature,
            String contentType,
            String body,
            JsonNode entry,
            boolean taken) {
        String type() {
            return entry.path("type").asText();
        }

        String signup() {
            return entry.at("/data/signupId").asText();
        }

        List<String> signatures() {
            return List.of(signature.split(" ", -1));
        }

        /** Verifies a signature as a receiver does, without any code of this system. */
        boolean signedWith(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(
                        Base64.getDecoder().decode(secret.strip().substring("whsec_".length())), "HmacSHA256"));
                byte[] digest = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
                boolean recent = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) < 300;
                return recent
                        && signatures().contains("v1," + Base64.getEncoder().encodeToString(digest));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private Arrival taken(boolean success) {
            return new Arrival(id, timestamp, signature, contentType, body, entry, success);
        }
    }

    /** Its answer: a status with headers, or nothing. */
    record Reaction(int status, List<String> headers) {
        static Reaction status(int status, String... headers) {
            return new Reaction(status, Arrays.asList(headers));
        }

        /** Never. */
        static Reaction silence() {
            return new Reaction(0, List.of());
        }

        /** The connection is closed. */
        static Reaction hangUp() {
            return new Reaction(-1, List.of());
        }
    }

    private WebhookReceiver(Vertx vertx) {
        this.vertx = vertx;
        this.server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    static WebhookReceiver start(Vertx vertx) {
        return new WebhookReceiver(vertx);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.actualPort() + "/hook?token=t";
    }

    String other() {
        return "http://127.0.0.1:" + server.actualPort() + "/elsewhere";
    }

    /** Sets the behaviour from now on; the first argument is the number of the arrival, from 0. */
    WebhookReceiver behave(BiFunction<Integer, Arrival, Reaction> next) {
        behaviour = next;
        return this;
    }

    private void handle(HttpServerRequest request) {
        if (!request.path().equals("/hook") || !"token=t".equals(request.query())) {
            elsewhere.add(request.uri());
        }
        request.bodyHandler(body -> answer(request, body));
    }

    private void answer(HttpServerRequest request, Buffer body) {
        Arrival arrival;
        try {
            arrival = new Arrival(
                    request.getHeader("webhook-id"),
                    request.getHeader("webhook-timestamp"),
                    request.getHeader("webhook-signature"),
                    request.getHeader("content-type"),
                    body.toString(),
                    JSON.readTree(body.getBytes()),
                    false);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Reaction reaction = behaviour.apply(arrivals.size(), arrival);
        arrivals.add(arrival.taken(reaction.status() / 100 == 2));
        if (reaction.status() < 0) {
            request.connection().close();
        } else if (reaction.status() > 0) {
            var response = request.response().setStatusCode(reaction.status());
            for (int at = 0; at < reaction.headers().size(); at += 2) {
                response.putHeader(
                        reaction.headers().get(at), reaction.headers().get(at + 1));
            }
            // A short processing time, as for a real receiver.
            vertx.setTimer(Duration.ofMillis(2).toMillis(), later -> response.end());
        }
    }

    List<Arrival> arrivals() {
        return arrivals;
    }

    /** Requested paths other than its own. */
    List<String> elsewhere() {
        return elsewhere;
    }

    /** What it has accepted about a signup, by type, in order of first arrival. */
    List<String> taken(String signup) {
        Set<String> ids = new LinkedHashSet<>();
        return taken().filter(each -> each.signup().equals(signup))
                .filter(each -> ids.add(each.id()))
                .map(Arrival::type)
                .toList();
    }

    Stream<Arrival> taken() {
        return arrivals.stream().filter(Arrival::taken);
    }
}
