package org.brokerhandoff.operations.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that holds a person's data ends in each abnormal way, and reveals nothing of that person. */
class CrashedJvmIT {
    private static final String PERSON = "kari.nordmann.4791234567@example.no";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "BUS", "ILL", "FPE", "ABRT"})
    void a_crash_leaves_nothing_on_the_terminal_and_nothing_on_disk(String signal) throws Exception {
        Ended ended = run(JvmOptions.command(HoldingProcess.class, options("-Xmx32m")), "wait", signal);

        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.standardError()).isEmpty();
        assertNothingIsLeft(ended);
    }

    /** Otherwise the test above could pass because this machine's JVM writes no report anyway. */
    @Test
    void without_the_options_the_same_crash_tells_of_the_process() throws Exception {
        List<String> command = new ArrayList<>(JvmOptions.command(HoldingProcess.class, options("-Xmx32m")));
        command.removeAll(JvmOptions.MEMORY_STAYS_IN_MEMORY);
        command.add(1, "-XX:+ErrorFileToStderr");
        // A test's core file is useless.
        command.add(1, "-XX:-CreateCoredumpOnCrash");

        Ended ended = run(command, "wait", "SEGV");

        assertThat(ended.standardError()).contains("SIGSEGV");
    }

    @Test
    void memory_that_runs_out_leaves_no_heap_dump() throws Exception {
        Ended ended = run(JvmOptions.command(HoldingProcess.class, options("-Xmx32m")), "fill", "");

        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.standardOutput() + ended.standardError()).contains("OutOfMemoryError");
        assertNothingIsLeft(ended);
    }

    @Test
    void a_dump_of_the_threads_shows_no_person() throws Exception {
        Ended ended = run(JvmOptions.command(HoldingProcess.class, options("-Xmx32m")), "wait", "QUIT", "KILL");

        assertThat(ended.standardOutput()).contains("Full thread dump");
        assertNothingIsLeft(ended);
    }

    @Test
    void no_other_process_can_attach_and_ask_for_a_heap_dump() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        assumeTrue(Files.isExecutable(jcmd), "needs a JDK's tools");
        Process holding = start(JvmOptions.command(HoldingProcess.class, options("-Xmx32m")), "wait");
        try {
            Path dump = directory.resolve("heap.hprof");
            Process attaching = new ProcessBuilder(
                            jcmd.toString(), String.valueOf(holding.pid()), "GC.heap_dump", dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("jcmd.txt").toFile())
                    .start();

            assertThat(attaching.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(attaching.exitValue()).isNotZero();
            assertThat(dump).doesNotExist();
        } finally {
            holding.destroyForcibly().waitFor();
        }
    }

    private String[] options(String... further) throws IOException {
        List<String> options = new ArrayList<>(List.of(further));
        options.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        return options.toArray(String[]::new);
    }

    private Process start(List<String> command, String what) throws IOException {
        List<String> all = new ArrayList<>(command);
        // Its working folder would receive a report or a core file; the class path may be relative to ours.
        all.set(all.indexOf("-cp") + 1, absolute(System.getProperty("java.class.path")));
        all.addAll(List.of(what, personFile().toString()));
        Process process = new ProcessBuilder(all)
                .directory(Files.createDirectories(directory.resolve("work")).toFile())
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
        await().atMost(LIMIT).until(() -> !process.isAlive() || text("out.txt").startsWith("holding"));
        return process;
    }

    /** The person reaches the process like a website's request: not as an argument. */
    private Path personFile() throws IOException {
        Path file = directory.resolve("person.txt");
        return Files.exists(file) ? file : Files.writeString(file, PERSON);
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .reduce((left, right) -> left + File.pathSeparator + right)
                .orElseThrow();
    }

    private Ended run(List<String> command, String what, String... signals) throws Exception {
        Process process = start(command, what);
        for (String signal : signals) {
            if (!signal.isEmpty()) {
                assertThat(new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                if (signal.equals("QUIT")) {
                    // The last section of a dump.
                    await().atMost(LIMIT).until(() -> text("out.txt").contains("Metaspace"));
                }
            }
        }
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), text("out.txt"), text("err.txt"));
    }

    private String text(String file) throws IOException {
        return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1);
    }

    private void assertNothingIsLeft(Ended ended) throws IOException {
        assertThat(ended.standardOutput()).doesNotContain("nordmann", "4791234567");
        assertThat(ended.standardError()).doesNotContain("nordmann", "4791234567");
        try (Stream<Path> files = Files.list(directory.resolve("work"))) {
            assertThat(files).isEmpty();
        }
        try (Stream<Path> files = Files.walk(directory.resolve("tmp"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("hsperfdata")))
                    .isEmpty();
        }
    }

    private record Ended(int exitCode, String standardOutput, String standardError) {}

    /** Holds a person in strings, in bytes and in busy threads, and waits for its end or causes it. */
    static final class HoldingProcess {
        private static final List<byte[]> FILLED = new ArrayList<>();

        private HoldingProcess() {}

        public static void main(String[] arguments) throws Exception {
            String person = Files.readString(Path.of(arguments[1]));
            byte[] bytes = person.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 2; i++) {
                Thread reading = new Thread(() -> read(person, bytes), "reading");
                reading.setDaemon(true);
                reading.start();
            }
            System.out.println("holding");
            System.out.flush();
            while (arguments[0].equals("fill")) {
                FILLED.add(person.repeat(1000).getBytes(StandardCharsets.UTF_8));
            }
            // The thread interrupted by a signal to the process holds the person.
            read(person, bytes);
        }

        private static void read(String person, byte[] bytes) {
            long until = System.nanoTime() + LIMIT.toNanos();
            int hash = 0;
            while (System.nanoTime() < until) {
                hash += person.indexOf("example") + bytes[hash & 7];
                if (hash % 1_000 == 0) {
                    try {
                        TimeUnit.MILLISECONDS.sleep(1);
                    } catch (InterruptedException e) {
                        throw new UncheckedIOException(new IOException(e));
                    }
                }
            }
        }
    }
}
