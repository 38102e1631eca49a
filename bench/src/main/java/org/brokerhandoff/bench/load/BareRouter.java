package org.brokerhandoff.bench.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The reference for the router: polls Kafka, posts each record unchanged, produces a line when the broker has answered. No decision,
 * signature, unsealing, custody, evidence before the first byte, or purge; polled records are committed whether or not they were delivered.
 * As many in parallel, and as many connections, as ours. Arguments: Kafka's address, both ports of the broker, its authority's certificate.
 */
public final class BareRouter {
    private static final int IN_FLIGHT = 512;
    private static final int CONNECTIONS = 64;
    private static final int BATCH = 500;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int ID_LENGTH = 36;

    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final Context context;
    private final HttpClientAgent client;
    private final KafkaProducer<byte[], byte[]> producer;
    private final int plainPort;
    private final int tlsPort;

    private BareRouter(
            Vertx vertx, KafkaProducer<byte[], byte[]> producer, int plainPort, int tlsPort, String authority) {
        context = vertx.getOrCreateContext();
        client = vertx.createHttpClient(
                new HttpClientOptions().setTrustOptions(new PemTrustOptions().addCertPath(authority)),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.producer = producer;
        this.plainPort = plainPort;
        this.tlsPort = tlsPort;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var clients = BareTopics.clients(arguments[0]);
        BareRouter router = new BareRouter(
                vertx,
                clients.producer("bare-router"),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                arguments[3]);
        Thread polling =
                new Thread(() -> router.poll(clients.groupConsumer("bare-router", "bare-router", BATCH)), "bare-poll");
        polling.setDaemon(true);
        polling.start();
        Commands.untilTheEnd("ready");
        System.exit(0);
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of(BareTopics.SIGNUPS));
        while (true) {
            List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
            consumer.poll(POLL).forEach(batch::add);
            if (!batch.isEmpty()) {
                inFlight.acquireUninterruptibly(batch.size());
                context.runOnContext(then -> batch.forEach(this::post));
                consumer.commitAsync();
            }
        }
    }

    private void post(ConsumerRecord<byte[], byte[]> sealed) {
        String key = new String(sealed.key(), StandardCharsets.US_ASCII);
        String signup = key.substring(0, ID_LENGTH);
        StubAddress address = StubAddress.of(key.substring(ID_LENGTH + 1));
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(address.tls() ? tlsPort : plainPort)
                        .setSsl(address.tls())
                        .setURI(address.path()))
                .compose(request -> request.putHeader("content-type", "application/json")
                        .putHeader("webhook-id", signup)
                        .send(Buffer.buffer(sealed.value())))
                .compose(response -> response.body().map(body -> response.statusCode()))
                .onComplete(status -> record(sealed.key(), status.succeeded() ? status.result() : 0));
    }

    private void record(byte[] key, int status) {
        byte[] text = String.valueOf(status).getBytes(StandardCharsets.US_ASCII);
        var unused = producer.send(
                new ProducerRecord<>(BareTopics.DELIVERED, key, text), (metadata, failure) -> inFlight.release());
    }
}
