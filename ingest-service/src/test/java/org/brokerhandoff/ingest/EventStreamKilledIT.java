package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest is killed with SIGKILL while it streams; the reader reconnects to the next process with its position. */
@Tag("faults")
class EventStreamKilledIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> LIFE = List.of("signup.assigned", "signup.delivered", "signup.purged");

    @TempDir
    Path directory;

    private record Ingest(Process process, int port) {
        void kill() {
            process.destroyForcibly();
            await().atMost(LIMIT).until(() -> !process.isAlive());
        }
    }

    @Test
    void nothing_is_missing_and_nothing_comes_in_another_order_after_each_kill() throws IOException {
        Installation installation = Installation.in(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
        Ingest ingest = start(installation);
        List<String> signups = new ArrayList<>();
        List<EventStream.Told> told = new ArrayList<>();
        try (Projection projection = Projection.of(installation.settings())) {
            Website website = new Website(ingest.port()).ready();
            installation.publishDirectory();
            for (int at = 0; at < 6; at++) {
                String key = "killed-" + at;
                Website.Answer answer = await().atMost(LIMIT)
                        .until(
                                () -> website.signUp(key, Website.body("Kari Nordmann")),
                                taken -> taken.status() == 202);
                signups.add(answer.json().path("signupId").asText());
            }
            String position = position(ingest);
            try (SignupLife router = new SignupLife(installation)) {
                for (int kill = 0; kill < 3; kill++) {
                    try (EventStream stream =
                            EventStream.open(ingest.port(), Installation.WEBSITE, Optional.of(position))) {
                        assertThat(stream.status()).isEqualTo(200);
                        // One entry is sent before the kill, the other not until the next service runs.
                        router.handedOver(signups.get(2 * kill));
                        String heard = signups.get(2 * kill);
                        await().atMost(LIMIT).until(() -> !stream.types(heard).isEmpty());
                        ingest.kill();
                        router.handedOver(signups.get(2 * kill + 1));
                        await().atMost(LIMIT).until(stream::ended);
                        told.addAll(stream.told());
                        position = stream.position();
                    }
                    ingest = start(installation);
                }
                try (EventStream stream =
                        EventStream.open(ready(ingest).port(), Installation.WEBSITE, Optional.of(position))) {
                    String last = signups.get(5);
                    await().atMost(LIMIT).until(() -> stream.types(last).equals(LIFE));
                    told.addAll(stream.told());
                }
            }
            assertThat(projection.projector().unreadableEvents()).isZero();
        } finally {
            ingest.kill();
        }
        assertThat(told).extracting(EventStream.Told::id).doesNotHaveDuplicates();
        for (String signup : signups) {
            assertThat(told.stream()
                            .filter(each -> each.signup().equals(signup))
                            .map(EventStream.Told::type))
                    .containsExactlyElementsOf(LIFE);
        }
        assertThat(IntStream.range(0, told.size())
                        .filter(at -> told.get(at).signup().isEmpty()))
                .isEmpty();
    }

    private static String position(Ingest ingest) {
        try (EventStream stream = EventStream.open(ingest.port(), Installation.WEBSITE, Optional.empty())) {
            await().atMost(LIMIT).until(() -> !stream.position().isEmpty());
            return stream.position();
        }
    }

    private static Ingest ready(Ingest ingest) {
        new Website(ingest.port()).ready();
        return ingest;
    }

    private static Ingest start(Installation installation) throws IOException {
        List<String> command =
                JvmOptions.command(CrashingIngest.class, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        // It never reaches an arrow: nothing is withdrawn.
        command.addAll(List.of(
                installation.directory().toString(),
                installation.bootstrapServers(),
                installation.topicPrefix(),
                "WITHDRAWAL_ACKNOWLEDGED"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("port ")) {
                return new Ingest(process, Integer.parseInt(line.substring("port ".length())));
            }
        }
        throw new IllegalStateException("the process ended before it listened");
    }
}
