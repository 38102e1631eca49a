package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.sandbox.Behaviour;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes of ingest and router, whose wall clock is stepped while they hold signups, and while they are down. */
@Tag("faults")
class SteppedClockIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String BROKER = "fjord-markets";
    private static final int SIGNUPS = 50;

    @TempDir
    private Path directory;

    private final Map<String, UUID> accepted = new LinkedHashMap<>();
    private final Map<String, byte[]> requests = new LinkedHashMap<>();
    private Path offset = Path.of("clock-offset");
    private int probes;

    @Test
    void a_clock_that_steps_destroys_nothing_prolongs_nothing_and_makes_no_second_signups() throws Exception {
        offset = directory.resolve("clock-offset");
        step(Duration.ZERO);
        try (Rig rig = new Rig(
                directory.resolve("rig"),
                Map.of(BROKER, Behaviour.accepting()),
                16,
                Map.of(),
                List.of("-XX:TieredStopAtLevel=1", "-Dorg.brokerhandoff.test.clock-offset-file=" + offset))) {
            rig.stopBroker(BROKER);
            for (int i = 0; i < SIGNUPS; i++) {
                accept(rig, "signup-" + i);
            }
            // The hold is 30 minutes: by this clock all 50 are overdue.
            step(Duration.ofMinutes(40));
            awaitDoubt(rig);
            long seenNanos = System.nanoTime();
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> System.nanoTime() - seenNanos
                            > Duration.ofSeconds(3).toNanos());
            step(Duration.ZERO);
            awaitTrust(rig);
            assertThat(purges(rig)).isZero();

            if (Boolean.getBoolean("handoff.test.long")) {
                // In short, only with processes that were down: below.
                step(Duration.ofDays(2));
                awaitDoubt(rig);
                everyRepeatIsTheSameSignup(rig);
                step(Duration.ZERO);
                awaitTrust(rig);
                everyRepeatIsTheSameSignup(rig);
            }

            step(Duration.ofMinutes(-40));
            awaitDoubt(rig);
            step(Duration.ZERO);
            awaitTrust(rig);

            // Down, and restarted with a wrong clock.
            rig.ingest.kill();
            rig.router.kill();
            step(Duration.ofDays(2));
            rig.ingest.start();
            rig.router.start();
            awaitDoubt(rig);
            everyRepeatIsTheSameSignup(rig);
            assertThat(purges(rig)).isZero();
            step(Duration.ZERO);
            awaitTrust(rig);
            everyRepeatIsTheSameSignup(rig);

            rig.startBroker(BROKER);
            await().atMost(PATIENCE).until(() -> purges(rig) == accepted.size());
            for (UUID id : accepted.values()) {
                assertThat(rig.takers(id)).as("takers of %s", id).containsExactly(BROKER);
                assertThat(rig.observer
                                .life(id)
                                .flatMap(life -> life.purged())
                                .orElseThrow()
                                .getReason())
                        .isEqualTo(PurgeReason.DELIVERED);
            }
            assertThat(accepted.values()).doesNotHaveDuplicates();
            Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
            assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
            assertThat(rig.ingest.output() + rig.router.output())
                    .contains("clock-stepped-ahead", "clock-stepped-back", "CLOCK_RETURNED");
        }
    }

    private void step(Duration ahead) throws IOException {
        Path next = directory.resolve("next-offset");
        Files.writeString(next, String.valueOf(ahead.toMillis()));
        // The processes read it all the time, and must never see a partial number.
        Files.move(next, offset, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void accept(Rig rig, String key) {
        byte[] request = SamplePeople.signupRequest(
                SamplePeople.person(requests.size()), Rig.POLICY_VERSION, List.of(BROKER), Instant.now());
        requests.put(key, request);
        Reply reply = done(rig.website.signup(request, key));
        assertThat(reply.status()).isEqualTo(202);
        accepted.put(key, reply.signupId().orElseThrow());
    }

    /** A new signup is refused: at once, and with the reason. */
    private void awaitDoubt(Rig rig) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            String key = "probe-" + ++probes;
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(1000 + probes), Rig.POLICY_VERSION, List.of(BROKER), Instant.now());
            Reply reply = done(rig.website.signupOnce(request, key));
            if (reply.status() == 202) {
                requests.put(key, request);
                accepted.put(key, reply.signupId().orElseThrow());
            }
            return reply.status() == 503
                    && "clock-in-doubt".equals(reply.members().get("code"));
        });
    }

    private void awaitTrust(Rig rig) throws Exception {
        rig.ingest.awaitReady(PATIENCE);
        rig.router.awaitReady(PATIENCE);
    }

    private void everyRepeatIsTheSameSignup(Rig rig) {
        accepted.forEach((key, id) -> {
            Reply reply = done(rig.website.signup(Objects.requireNonNull(requests.get(key)), key));
            assertThat(reply.status()).as(key).isEqualTo(202);
            assertThat(reply.signupId()).as(key).hasValue(id);
        });
    }

    private long purges(Rig rig) {
        return accepted.values().stream().filter(rig::purged).count();
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
