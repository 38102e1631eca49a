package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.sandbox.Behaviour;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The database of custody is killed, and then its standby, while websites send signups: what they are told, and what becomes of the signups. */
@Tag("faults")
@Isolated("starts engines, a database and all services")
class DatabaseKilledIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** A website waits for five seconds; beside it, this machine may be busy. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final int AT_ONCE = 8;
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger people = new AtomicInteger();
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();

    private record Sent(String key, byte[] body, int status, JsonObject said, String retryAfter, Duration took) {
        boolean accepted() {
            return status == 202;
        }
    }

    @Test
    void without_the_database_signups_are_refused_with_the_time_to_come_again_and_with_it_each_key_is_one_signup()
            throws Exception {
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "");
                SmallInstallation installation = installation(engines)) {
            AtomicBoolean going = new AtomicBoolean(true);
            List<CompletableFuture<Void>> websites = IntStream.range(0, AT_ONCE)
                    .mapToObj(website -> CompletableFuture.runAsync(() -> {
                        while (going.get()) {
                            send(installation).join();
                        }
                    }))
                    .toList();
            await().atMost(LIMIT).until(() -> sent.size() >= AT_ONCE);
            engines.database.primary.kill();
            going.set(false);
            websites.forEach(CompletableFuture::join);
            refusedMeanwhile(installation);
            engines.database.start(engines.database.primary);
            acceptedAgain(installation);

            engines.database.standby.kill();
            refusedMeanwhile(installation);
            engines.database.start(engines.database.standby);
            acceptedAgain(installation);

            Set<UUID> ids = eachKeyIsOneSignup(installation);
            await().atMost(LIMIT).until(() -> ids.stream().allMatch(installation::purged));
            assertThat(installation.broker("fjord").books().accounts().count())
                    .as("no second signup")
                    .isEqualTo(sent.size());
            Verdict verdict = AuditVerifier.verify(installation.clients, installation.codec, Instant.now(), true);
            assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
        }
    }

    /** In the first rounds nothing but a commit that does not come says that the database is away, in the last ones it is known. */
    private void refusedMeanwhile(SmallInstallation installation) {
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Sent>> all = IntStream.range(0, AT_ONCE)
                    .mapToObj(website -> send(installation))
                    .toList();
            assertThat(all).allSatisfy(one -> assertThat(one.join().accepted()).isFalse());
        }
        assertThat(sent).filteredOn(one -> !one.accepted()).allSatisfy(one -> {
            assertThat(one.status()).as("%s", one.said()).isEqualTo(503);
            assertThat(one.said().getString("code")).isEqualTo("custody-unavailable");
            assertThat(one.retryAfter()).matches("[0-9]+");
            assertThat(one.took()).isLessThan(ANSWER);
        });
    }

    private void acceptedAgain(SmallInstallation installation) {
        Sent first = sent.stream().filter(one -> !one.accepted()).findFirst().orElseThrow();
        await().atMost(LIMIT)
                .until(() ->
                        send(installation, first.key(), first.body()).join().accepted());
    }

    /** What was answered before the database was killed, what was under way, and what was refused. */
    private Set<UUID> eachKeyIsOneSignup(SmallInstallation installation) {
        Set<UUID> ids = new HashSet<>();
        for (Sent one : sent) {
            UUID id = CellsIT.now(installation.website.signup(one.body(), one.key()))
                    .signupId()
                    .orElseThrow();
            assertThat(ids.add(id)).as("another signup for another key").isTrue();
            assertThat(CellsIT.now(installation.website.signup(one.body(), one.key()))
                            .signupId())
                    .contains(id);
            if (one.accepted()) {
                assertThat(one.said().getString("signupId")).isEqualTo(id.toString());
            }
        }
        return ids;
    }

    private CompletableFuture<Sent> send(SmallInstallation installation) {
        byte[] body = CellsIT.request(people.getAndIncrement(), "fjord");
        return send(installation, UUID.randomUUID().toString(), body).thenApply(answered -> {
            sent.add(answered);
            return answered;
        });
    }

    private CompletableFuture<Sent> send(SmallInstallation installation, String key, byte[] body) {
        long began = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + installation.ingestPort + "/v1/signups"))
                .header("authorization", "Bearer " + installation.installation.websiteKey())
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(reply -> new Sent(
                        key,
                        body,
                        reply.statusCode(),
                        new JsonObject(reply.body()),
                        reply.headers().firstValue("retry-after").orElse(""),
                        Duration.ofNanos(System.nanoTime() - began)));
    }

    private SmallInstallation installation(CellEngines engines) throws IOException {
        return new SmallInstallation(
                folder.resolve("installation"),
                List.of(new RigBroker("fjord", Behaviour.accepting(), 1, 1, List.of(), false)),
                Map.of("HANDOFF_CUSTODY", engines.setting(), "HANDOFF_PARKING_INTERVAL", "PT1S"));
    }
}
