package org.brokerhandoff.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal in processes that are killed, or whose disk is full. */
class JournalProcessIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Tag("faults")
    @Test
    void a_killed_process_loses_no_reservation_that_was_durable() throws IOException {
        for (int round = 1; round <= 4; round++) {
            Path file = directory.resolve("round-" + round).resolve("idempotency.db");
            int durable = -1;
            Process process = start("", file);
            try (BufferedReader output = output(process)) {
                for (int line = 0; line < round * 400; line++) {
                    durable = number(output, "durable ");
                }
                int reached = durable;
                assertThatThrownBy(() -> IdempotencyJournal.open(file, () -> JournalProcess.NOON))
                        .describedAs("two processes, at %s", reached)
                        .isInstanceOf(IllegalStateException.class);
            } finally {
                kill(process);
            }
            try (IdempotencyJournal journal = IdempotencyJournal.open(file, () -> JournalProcess.NOON)) {
                assertThat(journal.complaint()).isEmpty();
                for (int number = 0; number <= durable; number++) {
                    assertThat(journal.find("client", "key " + number).map(Reservation::signupId))
                            .hasValue(JournalProcess.id(number));
                }
            }
        }
    }

    @Test
    void a_full_disk_refuses_what_does_not_fit_and_keeps_what_does() throws IOException {
        Path file = directory.resolve("idempotency.db");
        // In units of 512 bytes: the file may not grow a second time.
        Process process = start("ulimit -f 3000; ", file);
        int refused;
        try (BufferedReader output = output(process)) {
            refused = number(output, "refused ");
        } finally {
            kill(process);
        }
        assertThat(refused).isGreaterThan(8000);
        assertThat(Files.size(dayFile())).isLessThanOrEqualTo(3000 * 512);
        try (IdempotencyJournal journal = IdempotencyJournal.open(file, () -> JournalProcess.NOON)) {
            assertThat(journal.complaint()).isEmpty();
            assertThat(journal.find("client", "key " + refused)).isEmpty();
            for (int number = 0; number < refused; number++) {
                assertThat(journal.find("client", "key " + number).map(Reservation::signupId))
                        .hasValue(JournalProcess.id(number));
            }
            Reservation after = JournalProcess.reserve(journal, refused);
            assertThat(after.state()).isEqualTo(Reservation.State.NEW);
            UUID first = JournalProcess.reserve(journal, 0).signupId();
            assertThat(first).isEqualTo(JournalProcess.id(0));
        }
    }

    private Path dayFile() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith("2026-11-22"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Process start(String before, Path file) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.addAll(JvmOptions.command(
                JournalProcess.class, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.add(file.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int number(BufferedReader output, String start) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(start)) {
                return Integer.parseInt(line.substring(start.length()));
            }
        }
        throw new IllegalStateException("the process ended before it said " + start);
    }

    private static void kill(Process process) {
        process.destroyForcibly();
        Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> !process.isAlive());
    }
}
