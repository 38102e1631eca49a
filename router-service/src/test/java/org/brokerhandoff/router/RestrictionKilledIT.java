package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restrictions and two routers' attempts race, and all of their processes are killed at random: no attempt follows an answer. */
@Tag("faults")
class RestrictionKilledIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final int ROUNDS = LongRuns.instead(4, 25);
    private static final int SIGNUPS_PER_ROUND = 24;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    /** What a request was answered, and how many attempts custody had counted. */
    private record Answer(String found, int attempts) {}

    @Test
    void no_attempt_starts_after_a_restriction_was_answered_until_it_is_lifted() throws Exception {
        Random random = new Random();
        Files.createFile(directory.resolve("asked"));
        Files.createFile(directory.resolve("answers"));
        Set<UUID> ids = ConcurrentHashMap.newKeySet();
        Map<UUID, SignupSource.Sent> asked = new ConcurrentHashMap<>();
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.4, 1)
                    .otherwise(Behaviour.losingReplies(0.2, 2))
                    .otherwise(Behaviour.refusing(0.2, 3))
                    .otherwise(Behaviour.delayed(Duration.ofMillis(40))));
            fixture.nordlys.behave(Behaviour.flaky(0.2, 4));
            List<Process> running = new ArrayList<>(List.of(restricting(fixture), router(fixture), router(fixture)));
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    // Else, on a busy machine, all are restricted before any router has come up.
                    await().atMost(LIMIT).until(() -> fixture.membersWithPartitions() > 0);
                    send(fixture, ids, asked);
                    TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(2_500));
                    assertThat(running)
                            .as("killed, not ended: " + Files.readString(directory.resolve("router-output.txt")))
                            .allMatch(Process::isAlive);
                    // Each process alone, and both kinds at once.
                    boolean restricting = random.nextInt(3) != 0;
                    if (restricting) {
                        kill(running.get(0));
                        running.set(0, restricting(fixture));
                    }
                    if (!restricting || random.nextBoolean()) {
                        int victim = 1 + random.nextInt(2);
                        fixture.kill(running.get(victim));
                        running.set(victim, router(fixture));
                    }
                    assertNothingFollowed(fixture, answers());
                }
                await().atMost(LIMIT).until(() -> answers().keySet().containsAll(asked.keySet()));
                Map<UUID, Answer> answers = answers();
                assertThat(answers.values()).extracting(Answer::found).contains("HELD", "HANDOFF_STARTED");
                await().atMost(LIMIT).until(() -> {
                    Set<UUID> purged = fixture.distinctPurges().keySet();
                    return ids.stream().filter(id -> !asked.containsKey(id)).allMatch(purged::contains);
                });
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(heldNotParked(fixture, answers)).isEmpty());
                assertNothingFollowed(fixture, answers);

                lift(fixture, asked);
                await().atMost(LIMIT)
                        .until(() -> fixture.distinctPurges().keySet().containsAll(ids));
                assertDeliveredOnce(fixture, ids);
            } finally {
                running.forEach(Process::destroyForcibly);
            }
        }
    }

    /** With what the log says of each instead. What had to wait before it was restricted is not parked a second time. */
    private static Map<UUID, List<String>> heldNotParked(RouterFixture fixture, Map<UUID, Answer> answers) {
        Map<UUID, List<String>> histories = new HashMap<>();
        answers.forEach((id, answer) -> {
            if (answer.found().equals("HELD")
                    && fixture.events(Topic.HANDOFFS, id).stream().noneMatch(Parked.class::isInstance)) {
                histories.put(
                        id,
                        fixture.events(Topic.HANDOFFS, id).stream()
                                .map(SpecificRecord::toString)
                                .toList());
            }
        });
        return histories;
    }

    private Process router(RouterFixture fixture) throws IOException {
        return fixture.forkRouter(directory, RouterMain.class);
    }

    private Process restricting(RouterFixture fixture) throws IOException {
        List<String> command =
                JvmOptions.command(RestrictingMain.class, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(
                fixture.settings.custody().file().toString(),
                fixture.settings.keysetFile().toString(),
                directory.resolve("asked").toString(),
                directory.resolve("answers").toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Every other signup is asked to be restricted, within some hundred milliseconds. */
    private void send(RouterFixture fixture, Set<UUID> ids, Map<UUID, SignupSource.Sent> asked) throws IOException {
        for (int i = 0; i < SIGNUPS_PER_ROUND; i++) {
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            ids.add(sent.signupId());
            if (i % 2 == 0) {
                asked.put(sent.signupId(), sent);
                // The last word shows that the line is whole.
                Files.writeString(
                        directory.resolve("asked"),
                        sent.slot().slot() + " " + sent.slot().generation() + " " + sent.signupId() + " .\n",
                        StandardOpenOption.APPEND);
            }
        }
    }

    private Map<UUID, Answer> answers() throws IOException {
        Map<UUID, Answer> answers = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("answers"))) {
            String[] words = line.split(" ", -1);
            answers.put(UUID.fromString(words[0]), new Answer(words[1], Integer.parseInt(words[2])));
        }
        return answers;
    }

    /** By the brokers' books, and by the log. */
    private static void assertNothingFollowed(RouterFixture fixture, Map<UUID, Answer> answers) {
        Map<UUID, Integer> highest = new HashMap<>();
        fixture.events(Topic.HANDOFFS).forEach(event -> {
            int attempt = attempt(event);
            if (attempt > 0) {
                highest.merge(EventId.signup(event).orElseThrow(), attempt, Math::max);
            }
        });
        answers.forEach((id, answer) -> {
            if (answer.found().equals("ENDED")) {
                return;
            }
            int arrived = Stream.of(fixture.fjord, fixture.nordlys)
                    .flatMap(broker -> broker.books().account(id).stream())
                    .mapToInt(Books.Account::deliveries)
                    .sum();
            assertThat(arrived).as("requests of %s, %s", id, answer).isLessThanOrEqualTo(answer.attempts());
            assertThat(highest.getOrDefault(id, 0))
                    .as("attempts of %s, %s", id, answer)
                    .isLessThanOrEqualTo(answer.attempts());
        });
    }

    private static int attempt(SpecificRecord event) {
        if (event instanceof AttemptMade made) {
            return made.getAttempt();
        } else if (event instanceof Delivered delivered) {
            return delivered.getAttempt();
        }
        return event instanceof Refused refused ? refused.getAttempt() : 0;
    }

    private static void lift(RouterFixture fixture, Map<UUID, SignupSource.Sent> asked) {
        asked.values()
                .forEach(sent -> assertThat(fixture.source
                                .custody()
                                .lift(sent.slot(), sent.signupId())
                                .toCompletableFuture()
                                .join())
                        .isNotInstanceOf(LiftOutcome.NotRestricted.class));
    }

    private static void assertDeliveredOnce(RouterFixture fixture, Set<UUID> ids) {
        Map<UUID, Set<String>> purges = fixture.distinctPurges();
        for (UUID id : ids) {
            long accepted = Stream.of(fixture.fjord, fixture.nordlys)
                    .filter(broker -> broker.books()
                            .account(id)
                            .filter(Books.Account::isAccepted)
                            .isPresent())
                    .count();
            assertThat(accepted).as("brokers that have %s", id).isEqualTo(1);
            assertThat(purges.get(id)).as("purges of %s", id).hasSize(1);
        }
        assertThat(fixture.purges())
                .allSatisfy(purged -> assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED));
    }
}
