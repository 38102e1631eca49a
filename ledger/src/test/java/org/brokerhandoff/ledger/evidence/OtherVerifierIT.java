package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.ledger.note.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in docs/ is an independent implementation: it accepts what this one writes, and nothing else. */
class OtherVerifierIT {
    private static final Path SCRIPT = Path.of("..", "docs", "check_evidence.py");

    @TempDir
    private Path folder = Path.of("");

    /**
     * Runs the script for each line of its input, with tab-separated arguments, and prints the result: an interpreter for each would take
     * longer than all checks.
     */
    private static final String MANY_RUNS = """
            import runpy, sys
            for line in sys.stdin:
                sys.argv = line.rstrip("\\n").split("\\t")
                code = 0
                try:
                    runpy.run_path(sys.argv[0], run_name="__main__")
                except SystemExit as end:
                    code = end.code or 0
                sys.stderr.flush()
                print("\\nexit", code, flush=True)
            """;

    private static final String ENDED = "exit ";

    private record Run(int exitCode, String output) {}

    /** One interpreter, in which the script runs as in its own process. */
    private final class Python implements AutoCloseable {
        private final Process process = new ProcessBuilder("python3", "-c", MANY_RUNS)
                .redirectErrorStream(true)
                .start();
        private final BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        private final Writer arguments = process.outputWriter(StandardCharsets.UTF_8);

        private Python() throws IOException {}

        Run check(byte[] bundle, SampleLedger ledger) throws IOException {
            Path file = Files.write(folder.resolve("a.evidence"), bundle);
            arguments.write(SCRIPT + "\t" + file + "\t" + ledger.policy().logs().get(0) + "\n");
            arguments.flush();
            StringBuilder output = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(ENDED)) {
                    return new Run(Integer.parseInt(line.substring(ENDED.length())), output.toString());
                }
                output.append(line).append('\n');
            }
            throw new AssertionError("the interpreter has ended: " + output);
        }

        @Override
        public void close() throws IOException {
            arguments.close();
            process.destroy();
        }
    }

    private static Run alone(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "python3";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private static boolean available() throws InterruptedException {
        try {
            return alone("-c", "import cryptography").exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theScriptAgreesWithThisVerifier() throws IOException, InterruptedException {
        assumeTrue(available(), "no python3 with the package cryptography");
        SampleLedger ledger = SampleLedger.filled();
        try (Python python = new Python()) {
            for (int key : new int[] {0, 1, 6, 100, 101, 102, 103, 104}) {
                Run run = python.check(ledger.bundle(key).bytes(), ledger);
                assertThat(run.exitCode()).as(run.output()).isZero();
                assertThat(run.output())
                        .startsWith("holds: " + ledger.bundle(key).events().size() + " events");
            }
            assertThat(python.check(ledger.bundle(0).bytes(), SampleLedger.filled())
                            .exitCode())
                    .isEqualTo(1);
            Random random = new Random(6);
            Policy policy = ledger.policy();
            for (int round = 0; round < 40; round++) {
                byte[] changed = ledger.bundle(0).bytes();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(7));
                assertThat(EvidenceCheck.check(changed, policy)).isNotInstanceOf(Verdict.Holds.class);
                Run run = python.check(changed, ledger);
                assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            }
        }
        // As a person calls it.
        String key = ledger.policy().logs().get(0).toString();
        Path file = Files.write(folder.resolve("a.evidence"), ledger.bundle(0).bytes());
        assertThat(alone(SCRIPT.toString(), file.toString(), key).exitCode()).isZero();
        Files.write(file, new byte[] {1});
        assertThat(alone(SCRIPT.toString(), file.toString(), key).exitCode()).isEqualTo(1);
        assertThat(alone(SCRIPT.toString(), file.toString()).exitCode()).isEqualTo(2);
    }
}
