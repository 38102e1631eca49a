package org.brokerhandoff.bench.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The reference for ingest: parses the signup, produces it unchanged, answers 202 when Kafka has acknowledged it. No validation, idempotency,
 * consent event, sealing or custody. Its producer has the same settings as ours. Argument: Kafka's address. Prints its port.
 */
public final class BareIngest {
    private static final JsonFactory JSON = new JsonFactory();

    private final KafkaProducer<byte[], byte[]> producer;
    private final Vertx vertx;

    private BareIngest(Vertx vertx, KafkaProducer<byte[], byte[]> producer) {
        this.vertx = vertx;
        this.producer = producer;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        BareIngest ingest =
                new BareIngest(vertx, BareTopics.clients(arguments[0]).producer("bare-ingest"));
        int port = vertx.createHttpServer()
                .requestHandler(ingest::take)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        Commands.untilTheEnd(String.valueOf(port));
        System.exit(0);
    }

    private void take(HttpServerRequest request) {
        Context context = vertx.getOrCreateContext();
        request.body().onSuccess(body -> {
            byte[] bytes = body.getBytes();
            UUID signup = UUID.randomUUID();
            byte[] key = (signup + " " + recipient(bytes)).getBytes(StandardCharsets.US_ASCII);
            var unused = producer.send(
                    new ProducerRecord<>(BareTopics.SIGNUPS, key, bytes),
                    (metadata, failure) -> context.runOnContext(then -> answer(request, signup, failure == null)));
        });
    }

    private static void answer(HttpServerRequest request, UUID signup, boolean taken) {
        var unused = request.response()
                .setStatusCode(taken ? 202 : 503)
                .putHeader("content-type", "application/json")
                .end(Buffer.buffer("{\"signupId\":\"" + signup + "\"}"));
    }

    /** Parses the whole request, and extracts its recipient, to which the bare router sends it. */
    private static String recipient(byte[] body) {
        String recipient = "";
        try (JsonParser parser = JSON.createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING
                        && "recipients"
                                .equals(parser.getParsingContext().getParent().getCurrentName())) {
                    recipient = parser.getText();
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON");
        }
        return recipient;
    }
}
