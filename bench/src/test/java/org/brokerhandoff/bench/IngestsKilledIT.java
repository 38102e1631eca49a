package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.sandbox.Behaviour;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two ingest services as processes over one custody of cells: repeats go to the other one, and one is killed. */
@Tag("faults")
@Isolated("starts engines, a database and all services")
class IngestsKilledIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int SIGNUPS = 100;
    private static final int VERSIONS = 20;
    private static final int ASKED = 10;

    @TempDir
    Path folder;

    @Test
    void a_key_is_one_signup_at_two_ingest_services_also_when_one_is_killed_before_it_answers() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "");
                Rig rig = rig(engines)) {
            int port = LoopbackPorts.free();
            try (ServiceProcess second = second(rig, port);
                    WebsiteClient other = website(rig, vertx, port)) {
                second.bringUp(LIMIT);
                List<UUID> ids = repeated(rig.website, other);
                ids.add(killedBeforeTheAnswer(engines, rig, other));
                ids.add(killedAtRandom(rig, other));
                publishedAtOnce(rig.website, other);
                askedAtOnce(rig.website, other, ids);
                await().atMost(LIMIT).until(() -> ids.stream().allMatch(rig::purged));
                for (UUID id : ids) {
                    assertThat(rig.takers(id)).hasSize(1);
                }
                assertThat(rig.books("fjord").accounts().count())
                        .as("no other signup")
                        .isEqualTo(ids.size());
                Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
                assertThat(verdict.holds())
                        .as(verdict.render(Verdict.Style.PLAIN))
                        .isTrue();
            }
        } finally {
            CellsIT.now(vertx.close());
        }
    }

    /** Each request to both: at once, or to one after the other. */
    private static List<UUID> repeated(WebsiteClient one, WebsiteClient other) {
        List<UUID> ids = new ArrayList<>();
        for (int person = 0; person < SIGNUPS; person++) {
            byte[] request = CellsIT.request(person, "fjord");
            String key = UUID.randomUUID().toString();
            Future<WebsiteClient.Reply> first = one.signup(request, key);
            if (person % 2 == 0) {
                CellsIT.now(first);
            }
            UUID repeated = CellsIT.now(other.signup(request, key)).signupId().orElseThrow();
            ids.add(CellsIT.now(first).signupId().orElseThrow());
            assertThat(repeated).isEqualTo(ids.get(person));
        }
        return ids;
    }

    /** Its reservation is durable; its key cannot be held, since two cells do not answer. */
    private static UUID killedBeforeTheAnswer(CellEngines engines, Rig rig, WebsiteClient other) throws Exception {
        await().atMost(LIMIT).until(() -> engines.database.unfinished().isEmpty());
        byte[] request = CellsIT.request(SIGNUPS, "fjord");
        engines.suspend(0);
        engines.suspend(1);
        UUID reserved;
        try {
            Future<WebsiteClient.Reply> unanswered = rig.website.signupOnce(request, "killed");
            await().atMost(LIMIT).until(() -> engines.database.unfinished().isPresent());
            reserved = engines.database.unfinished().orElseThrow();
            rig.ingest.kill();
            assertThat(unanswered.succeeded()).isFalse();
        } finally {
            engines.proceed(0);
            engines.proceed(1);
        }
        UUID repeated = CellsIT.now(other.signup(request, "killed")).signupId().orElseThrow();
        assertThat(repeated).isEqualTo(reserved);
        rig.ingest.bringUp(LIMIT);
        assertThat(CellsIT.now(rig.website.signup(request, "killed")).signupId())
                .contains(reserved);
        return reserved;
    }

    /** Killed at a random moment, before or after the signup is durable. */
    private static UUID killedAtRandom(Rig rig, WebsiteClient other) throws Exception {
        byte[] request = CellsIT.request(SIGNUPS + 1, "fjord");
        var unused = rig.website.signupOnce(request, "killed-at-random");
        rig.ingest.kill();
        UUID repeated = CellsIT.now(other.signup(request, "killed-at-random"))
                .signupId()
                .orElseThrow();
        rig.ingest.bringUp(LIMIT);
        assertThat(CellsIT.now(rig.website.signup(request, "killed-at-random")).signupId())
                .contains(repeated);
        return repeated;
    }

    /** A version with two texts, and one with the same text, to both at once. */
    private static void publishedAtOnce(WebsiteClient one, WebsiteClient other) {
        Instant effectiveAt = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        for (int number = 0; number < VERSIONS; number++) {
            String version = "2027-" + number;
            Future<WebsiteClient.Reply> first = one.publishPolicy(version, "one text", effectiveAt);
            Future<WebsiteClient.Reply> second =
                    other.publishPolicy(version, number == 0 ? "one text" : "another text", effectiveAt);
            List<Integer> answers =
                    List.of(CellsIT.now(first).status(), CellsIT.now(second).status());
            if (number == 0) {
                assertThat(answers).allMatch(status -> status == 201 || status == 200);
            } else {
                assertThat(answers).containsOnlyOnce(409).anyMatch(status -> status == 201 || status == 200);
            }
        }
    }

    /** The same request of a person to both at once: it is entered once. */
    private static void askedAtOnce(WebsiteClient one, WebsiteClient other, List<UUID> ids) {
        for (UUID id : ids.subList(0, ASKED)) {
            Future<WebsiteClient.Reply> first = one.ask(id, "access");
            Future<WebsiteClient.Reply> second = other.ask(id, "access");
            assertThat(CellsIT.now(first).status()).isEqualTo(202);
            assertThat(CellsIT.now(second).members())
                    .as("the same request, with the same times")
                    .isEqualTo(CellsIT.now(first).members());
        }
    }

    private static WebsiteClient website(Rig rig, Vertx vertx, int port) {
        return new WebsiteClient(
                vertx,
                "127.0.0.1",
                port,
                4,
                rig.installation.websiteKey(),
                rig.installation.adminKey(),
                Duration.ofMillis(200));
    }

    /** As on another host: it shares no file that it writes. */
    private ServiceProcess second(Rig rig, int port) throws IOException {
        Map<String, String> environment = new HashMap<>(rig.installation.environment());
        Path host = folder.resolve("another-host");
        environment.put("HANDOFF_HTTP_PORT", String.valueOf(port));
        environment.put("HANDOFF_CUSTODY_FILE", host.resolve("custody.slots").toString());
        environment.put(
                "HANDOFF_IDEMPOTENCY_FILE", host.resolve("idempotency.db").toString());
        return new ServiceProcess(
                "ingest-2",
                "org.brokerhandoff.ingest.Main",
                List.of(),
                environment,
                folder.resolve("ingest-2.log"),
                new Loopback().host("ingest-2"),
                "http://127.0.0.1:" + port + "/health/ready");
    }

    private Rig rig(CellEngines engines) throws Exception {
        return new Rig(RigSettings.in(
                        folder.resolve("rig"),
                        List.of(new RigBroker("fjord", Behaviour.accepting(), 1, 1, List.of(), false)),
                        4)
                .withServices(new RigSettings.Services(1, 1, Map.of("HANDOFF_CUSTODY", engines.setting()), List.of())));
    }
}
