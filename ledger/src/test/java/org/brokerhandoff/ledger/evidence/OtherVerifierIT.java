package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.ledger.note.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in docs/ is an implementation of its own: what this one writes, that one accepts, and nothing else. */
class OtherVerifierIT {
    private static final Path SCRIPT = Path.of("..", "docs", "check_evidence.py");

    @TempDir
    private Path folder = Path.of("");

    private record Run(int exitCode, String output) {}

    private static Run python(String... arguments) throws IOException, InterruptedException {
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
            return python("-c", "import cryptography").exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Run check(byte[] bundle, SampleLedger ledger) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("a.evidence"), bundle);
        return python(
                SCRIPT.toString(),
                file.toString(),
                ledger.policy().logs().get(0).toString());
    }

    @Test
    void theScriptAgreesWithThisVerifier() throws IOException, InterruptedException {
        assumeTrue(available(), "no python3 with the package cryptography");
        SampleLedger ledger = SampleLedger.filled();
        for (int key : new int[] {0, 1, 6, 100, 101, 102, 103, 104}) {
            Run run = check(ledger.bundle(key).bytes(), ledger);
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output())
                    .startsWith("holds: " + ledger.bundle(key).events().size() + " events");
        }
        assertThat(check(ledger.bundle(0).bytes(), SampleLedger.filled()).exitCode())
                .isEqualTo(1);
        Random random = new Random(6);
        Policy policy = ledger.policy();
        for (int round = 0; round < 40; round++) {
            byte[] changed = ledger.bundle(0).bytes();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(7));
            assertThat(EvidenceCheck.check(changed, policy)).isNotInstanceOf(Verdict.Holds.class);
            Run run = check(changed, ledger);
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        }
    }
}
