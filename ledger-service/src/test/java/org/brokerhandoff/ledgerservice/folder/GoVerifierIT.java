package org.brokerhandoff.ledgerservice.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in docs/ reads the folder with Go's own library: the format is interoperable, and no change passes. */
class GoVerifierIT {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final int ENTRIES = 300;
    private static final Path LIBRARY = Path.of("/usr/share/gocode");

    @TempDir
    private Path directory = Path.of("");

    private final SigningKey log = key(ORIGIN);
    private final SigningKey witness = key("witness.example.org/w1");

    private static SigningKey key(String name) {
        try {
            return SigningKey.parse(name, SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    private int run(String... command) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.txt").toFile());
            builder.environment().put("GO111MODULE", "off");
            builder.environment().put("GOPATH", LIBRARY.toString());
            Process process = builder.start();
            return process.waitFor(5, TimeUnit.MINUTES) ? process.exitValue() : -1;
        } catch (IOException notThere) {
            return -1;
        }
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output.txt"));
    }

    private int check(Path program, SigningKey by) throws InterruptedException {
        return run(
                program.toString(),
                directory.resolve("ledger").toString(),
                log.verifierKey(KeyType.ED25519).toString(),
                by.verifierKey(KeyType.COSIGNATURE_ED25519).toString());
    }

    private void write() {
        List<byte[]> texts = new ArrayList<>();
        List<Hash> hashes = new ArrayList<>();
        for (int number = 0; number < ENTRIES; number++) {
            texts.add(("entry " + number + "\n").getBytes(StandardCharsets.UTF_8));
            hashes.add(MerkleTree.leafHash(texts.get(number)));
        }
        try (LedgerFolder folder = LedgerFolder.open(directory.resolve("ledger"))) {
            folder.begin();
            folder.append(0, texts, hashes);
            String text = new Checkpoint(ORIGIN, ENTRIES, MerkleTree.root(hashes)).text();
            folder.publish(new SignedNote(
                            text, List.of(log.sign(text), witness.cosign(text, Instant.parse("2026-11-29T12:00:00Z"))))
                    .bytes());
        }
    }

    @Test
    void gos_library_takes_the_folder_for_what_it_is_and_refuses_a_changed_one() throws Exception {
        assumeTrue(
                Files.isDirectory(LIBRARY.resolve("src/golang.org/x/mod")) && run("go", "version") == 0,
                "skipped: no go with golang.org/x/mod");
        Path program = directory.resolve("check_ledger");
        int built = run(
                "go",
                "build",
                "-o",
                program.toString(),
                Path.of("..", "docs", "check_ledger.go").toString());
        assertThat(built).as(output()).isZero();
        write();

        assertThat(check(program, witness)).as(output()).isZero();
        assertThat(output()).isEqualTo("holds: 300 entries, signed by 2\n");
        assertThat(check(program, key("witness.example.org/w1"))).isEqualTo(1);

        for (String file :
                List.of("checkpoint", "tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44")) {
            Path changed = directory.resolve("ledger").resolve(file);
            byte[] right = Files.readAllBytes(changed);
            byte[] wrong = Arrays.copyOf(right, right.length);
            wrong[right.length / 2] ^= 1;
            Files.write(changed, wrong);
            assertThat(check(program, witness)).as("%s: %s", file, output()).isEqualTo(1);
            Files.write(changed, right);
        }
        assertThat(check(program, witness)).as(output()).isZero();
    }
}
