package org.brokerhandoff.bench.replies;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.operations.memory.WipingTransport;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.DirectoryParser;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.http.VertxBrokerClient;
import org.brokerhandoff.router.http.VertxNoticeClient;
import org.brokerhandoff.sandbox.SandboxCertificate;
import org.brokerhandoff.schemas.EventCodec;

/**
 * Handoffs, pings, questions and notices by the router's client to three misbehaving peers: over HTTP/1.1, HTTP/1.1 in TLS, and HTTP/2. Each
 * reply carries the token of the request that it was made for.
 */
public final class RepliesTrial {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** During the first ones the JVM loads its classes, on the event loops: their time is meaningless. */
    private static final int NOT_TIMED = 512;

    private final int requests;
    private final int atOnce;
    private final Duration limit;
    private final Random random;
    private final long seed;

    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private final Set<String> honest = ConcurrentHashMap.newKeySet();
    private final Set<String> honestStreams = ConcurrentHashMap.newKeySet();
    private final List<String> foreign = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answered = new AtomicInteger();
    private final Set<String> answeredForItself = ConcurrentHashMap.newKeySet();
    /** The limit ended them, or nearly: a slow machine has many, which say nothing about the client. */
    private final Set<String> atTheLimit = ConcurrentHashMap.newKeySet();

    private final AtomicInteger noReply = new AtomicInteger();
    private final AtomicInteger notSent = new AtomicInteger();
    private final AtomicInteger unasked = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicLong slowestMillis = new AtomicLong();

    /**
     * A trial.
     *
     * @param atOnce concurrent requests
     * @param limit time limit of one exchange
     * @param seed determines the requests and, together with scheduling, the answers
     */
    public RepliesTrial(int requests, int atOnce, Duration limit, long seed) {
        this.requests = requests;
        this.atOnce = atOnce;
        this.limit = limit;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /**
     * Runs it.
     *
     * @throws IOException if a peer cannot be started
     */
    public RepliesOutcome run() throws IOException, InterruptedException {
        SandboxCertificate certificate = SandboxCertificate.make(SandboxCertificate.Kind.GOOD);
        Vertx vertx = WipingTransport.vertx();
        long startNanos = System.nanoTime();
        try {
            KeyManagerFactory keys = certificate.keyStore().getKeyManagerFactory(vertx);
            try (FuzzingPeer plain = new FuzzingPeer(ServerSocketFactory.getDefault(), seed, honest);
                    FuzzingPeer tls = new FuzzingPeer(sockets(keys), seed + 1, honest);
                    FuzzingStreamPeer streams = new FuzzingStreamPeer(keys, seed + 2, honestStreams);
                    VertxBrokerClient client = new VertxBrokerClient(vertx, CONNECT_LIMIT, Optional.empty())) {
                List<Broker> brokers = brokers(certificate.pem(), plain.port(), tls.port(), streams.port());
                send(vertx, client, brokers);
                return new RepliesOutcome(
                        requests,
                        answered.get(),
                        control(honest),
                        control(honestStreams),
                        noReply.get(),
                        notSent.get(),
                        foreign,
                        unasked.get(),
                        late.get(),
                        slowestMillis.get(),
                        plain.connections() + tls.connections() + streams.connections(),
                        (System.nanoTime() - startNanos) / 1e9);
            }
        } catch (IOException e) {
            throw e;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the peers' TLS cannot be set up", e);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static ServerSocketFactory sockets(KeyManagerFactory keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private static List<Broker> brokers(String authority, int plain, int tls, int streams) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Map<String, String> files = Map.of(
                "ca.pem", authority, "secret", "whsec_" + Base64.getEncoder().encodeToString(secret));
        String yaml = "brokers:\n"
                + entry("plain", "http", plain, "")
                + entry("tls", "https", tls, "    http2: false\n    tls: {caFile: ca.pem}\n")
                + entry("streams", "https", streams, "    tls: {caFile: ca.pem}\n");
        if (DirectoryParser.parse(
                        yaml.getBytes(StandardCharsets.UTF_8),
                        name -> Optional.ofNullable(files.get(name)),
                        new EventCodec())
                instanceof ParsedDirectory.Valid valid) {
            return List.of("plain", "tls", "streams").stream()
                    .map(id -> valid.directory().find(id).orElseThrow())
                    .toList();
        }
        throw new IllegalStateException("the directory above has a problem");
    }

    private static String entry(String id, String scheme, int port, String more) {
        String address = scheme + "://localhost:" + port;
        return "  - id: " + id + "\n    name: " + id + "\n    countries: [\"*\"]\n    transferBasis: {default: EEA}\n"
                + "    privacyPolicy: https://broker.example/privacy\n    endpoint: " + address
                + "/handoffs\n    notices: "
                + address + "/notices\n    secretFiles: [secret]\n    local: true\n" + more;
    }

    private void send(Vertx vertx, VertxBrokerClient client, List<Broker> brokers) throws InterruptedException {
        VertxNoticeClient notices = new VertxNoticeClient(client, CONNECT_LIMIT, InstantSource.system());
        Semaphore places = new Semaphore(atOnce);
        for (int i = 0; i < requests; i++) {
            int draw = random.nextInt(10);
            Broker broker = brokers.get(draw < 6 ? 0 : draw < 7 ? 1 : 2);
            int kind = random.nextInt(10);
            UUID id = new UUID(random.nextLong(), random.nextLong());
            boolean timed = i >= NOT_TIMED;
            issued.add(id.toString());
            places.acquire();
            vertx.runOnContext(nothing -> {
                long startNanos = System.nanoTime();
                request(client, notices, broker, kind, id).whenComplete((reply, failure) -> {
                    ended(id.toString(), reply, System.nanoTime() - startNanos, timed);
                    places.release();
                });
            });
        }
        // One that never ends shows as missing.
        if (!places.tryAcquire(atOnce, 4 * (limit.toMillis() + RepliesOutcome.SLACK_MILLIS), TimeUnit.MILLISECONDS)) {
            late.addAndGet(atOnce - places.availablePermits());
        }
    }

    private RepliesOutcome.Control control(Set<String> answeredCorrectly) {
        List<String> inTime = answeredCorrectly.stream()
                .filter(id -> !atTheLimit.contains(id))
                .toList();
        return new RepliesOutcome.Control(inTime.size(), (int)
                inTime.stream().filter(answeredForItself::contains).count());
    }

    /** The accepted reply: its token, or why there is none. */
    private record Result(boolean sent, Optional<String> token) {
        static Result of(BrokerReply reply) {
            return reply instanceof BrokerReply.Answered answered
                    ? new Result(true, Optional.of(answered.retryAfter().orElse("")))
                    : new Result(reply instanceof BrokerReply.NoReply, Optional.empty());
        }

        static Result of(NoticeReply reply) {
            return new Result(
                    true,
                    reply instanceof NoticeReply.Answered answered
                            ? Optional.of(answered.retryAfter().orElse(""))
                            : Optional.empty());
        }
    }

    private CompletionStage<Result> request(
            VertxBrokerClient client, VertxNoticeClient notices, Broker broker, int kind, UUID id) {
        byte[] json = ("{\"signupId\":\"" + id + "\",\"more\":\"" + "x".repeat(kind * 100) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        PersonalData body = PersonalData.takeOver(kind < 2 ? new byte[0] : json);
        WebhookSignature signature = WebhookSignature.of(id.toString(), Instant.now(), body, broker.secrets());
        if (kind < 2) {
            return client.ask(broker, id, signature, limit).thenApply(Result::of);
        } else if (kind < 4) {
            return client.ping(broker, body, signature, limit).thenApply(Result::of);
        } else if (kind < 6) {
            body.wipe();
            BrokerNotice notice = new BrokerNotice(id, NoticeType.WITHDRAWAL, Instant.now(), Optional.empty());
            return (kind == 4 ? notices.send(broker, notice, limit) : notices.ask(broker, notice, limit))
                    .thenApply(Result::of);
        }
        return client.post(broker, body, signature, limit).thenApply(Result::of);
    }

    private void ended(String id, Result result, long tookNanos, boolean timed) {
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(tookNanos);
        if (tookMillis >= limit.toMillis()) {
            atTheLimit.add(id);
        }
        if (timed) {
            slowestMillis.accumulateAndGet(tookMillis, Math::max);
        }
        if (timed && tookMillis > limit.toMillis() + RepliesOutcome.SLACK_MILLIS) {
            late.incrementAndGet();
        }
        if (result.token().isEmpty()) {
            (result.sent() ? noReply : notSent).incrementAndGet();
            return;
        }
        String token = result.token().get();
        answered.incrementAndGet();
        if (token.equals(id)) {
            answeredForItself.add(id);
        } else if (token.equals("unasked")) {
            unasked.incrementAndGet();
        } else if (token.equals("interim") || issued.contains(token)) {
            foreign.add(id + " was answered by " + token);
        }
    }
}
