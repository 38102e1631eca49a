package org.brokerhandoff.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.brokerhandoff.audit.witness.Witness.Answer;
import org.brokerhandoff.audit.witness.Witness.Step;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.witness.AddCheckpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WitnessTest {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    private Path directory = Path.of("");

    private final SigningKey log = key(ORIGIN);
    private final SigningKey key = key("witness.example.org/w1");
    private final String verifierKey =
            key.verifierKey(KeyType.COSIGNATURE_ED25519).toString();
    private final List<Hash> leaves = IntStream.range(0, 40)
            .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
            .toList();
    private Optional<WitnessFolder> open = Optional.empty();

    private static SigningKey key(String name) {
        try {
            return SigningKey.parse(name, SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        open.ifPresent(WitnessFolder::close);
    }

    private Witness witness(LedgerCheck check, Witness.Observer steps) {
        boolean first = !Files.exists(directory.resolve("witness"));
        close();
        open = Optional.of(WitnessFolder.open(directory, verifierKey, first));
        return new Witness(
                List.of(log.verifierKey(KeyType.ED25519)),
                open.get(),
                key,
                origin -> check,
                InstantSource.fixed(NOW),
                steps);
    }

    private Witness witness() {
        return witness(LedgerCheck.NONE, Witness.Observer.NONE);
    }

    private SignedNote note(int size, Hash root) {
        String text = new Checkpoint(ORIGIN, size, root).text();
        return new SignedNote(text, List.of(log.sign(text)));
    }

    private SignedNote note(int size) {
        return note(size, MerkleTree.root(leaves.subList(0, size)));
    }

    private byte[] request(int oldSize, int size) {
        List<Hash> proof = oldSize == 0 || oldSize == size
                ? List.of()
                : MerkleTree.consistencyProof(oldSize, leaves.subList(0, size));
        return new AddCheckpoint(oldSize, proof, note(size)).bytes();
    }

    private Optional<Checkpoint> stored() {
        return open.flatMap(folder -> folder.latest(ORIGIN)).map(note -> {
            try {
                return Checkpoint.parse(note.text());
            } catch (MalformedNote e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void a_checkpoint_is_cosigned_stored_and_served_with_the_logs_signature_and_no_others() throws Exception {
        Witness witness = witness();
        SignedNote withStrangers = note(7).with(List.of(key("stranger").sign(note(7).text())));

        Answer answer = witness.add(new AddCheckpoint(0, List.of(), withStrangers).bytes());

        assertThat(answer.status()).isEqualTo(200);
        SignedNote cosigned =
                note(7).with(List.of(SignedNote.signature(answer.body().strip())));
        Policy policy =
                Policy.parse("log " + log.verifierKey(KeyType.ED25519) + "\nwitness w " + verifierKey + "\nquorum w\n");
        assertThat(policy.judge(cosigned))
                .isInstanceOfSatisfying(
                        Judgement.Accepted.class,
                        accepted -> assertThat(accepted.earliestCosignature()).hasValue(NOW));
        assertThat(witness.checkpoint(WitnessFolder.hash(ORIGIN)))
                .hasValue(new String(cosigned.bytes(), StandardCharsets.UTF_8));
        assertThat(witness.checkpoint(WitnessFolder.hash("another"))).isEmpty();
    }

    @Test
    void each_refusal_has_its_status_and_nothing_of_it_is_stored() {
        Witness witness = witness();
        assertThat(witness.add(request(0, 7)).status()).isEqualTo(200);

        assertThat(witness.add("nonsense".getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(400);
        assertThat(witness.add(new AddCheckpoint(8, List.of(), note(7)).bytes()).status())
                .as("old beyond size")
                .isEqualTo(400);
        SignedNote unknown = new SignedNote(new Checkpoint("unknown/1", 1, leaves.get(0)).text(), note(1).signatures());
        assertThat(witness.add(new AddCheckpoint(0, List.of(), unknown).bytes()).status())
                .isEqualTo(404);
        SignedNote forged = new SignedNote(note(9).text(), List.of(key(ORIGIN).sign(note(9).text())));
        assertThat(witness.add(new AddCheckpoint(7, List.of(), forged).bytes()).status())
                .isEqualTo(403);
        assertThat(witness.add(request(3, 9))).isEqualTo(new Answer(409, "text/x.tlog.size", "7\n"));
        assertThat(witness.add(new AddCheckpoint(7, List.of(leaves.get(0)), note(9)).bytes())
                        .status())
                .as("wrong proof")
                .isEqualTo(422);
        assertThat(stored().map(Checkpoint::size)).hasValue(7L);
    }

    @Test
    void two_notes_of_one_size_are_refused_and_kept_together() throws Exception {
        Witness witness = witness();
        witness.add(request(0, 7));
        SignedNote other = note(7, MerkleTree.root(leaves.subList(1, 8)));

        assertThat(witness.add(new AddCheckpoint(7, List.of(), other).bytes()).status())
                .isEqualTo(422);

        try (Stream<Path> files = Files.list(directory)) {
            Path kept = files.filter(file -> file.getFileName().toString().startsWith("contradiction-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(kept))
                    .contains(note(7).text(), other.text())
                    .containsSubsequence(note(7).text(), other.text());
        }
    }

    /** Stands for kill -9: the memory is lost. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void wherever_a_witness_is_killed_it_goes_on_from_what_it_had_stored(Step killedAt) {
        assertThat(witness().add(request(0, 5)).status()).isEqualTo(200);
        Witness dying = witness(LedgerCheck.NONE, step -> {
            if (step == killedAt) {
                throw new Killed();
            }
        });
        assertThatThrownBy(() -> dying.add(request(5, 9))).isInstanceOf(Killed.class);

        Witness again = witness();
        long expected = killedAt == Step.CHECKED ? 5 : 9;
        assertThat(stored().map(Checkpoint::size)).hasValue(expected);
        Answer repeated = again.add(request(5, 9));
        assertThat(repeated.status()).isEqualTo(killedAt == Step.CHECKED ? 200 : 409);
        assertThat(again.add(request(9, 9)).status()).isEqualTo(200);
        assertThat(again.add(request(9, 12)).status()).isEqualTo(200);
    }

    @Test
    void requests_at_the_same_time_never_roll_back_a_checkpoint() throws Exception {
        List<Long> storedSizes = new ArrayList<>();
        Witness witness = witness(LedgerCheck.NONE, step -> {
            if (step == Step.STORED) {
                storedSizes.add(stored().orElseThrow().size());
            }
        });
        witness.add(request(0, 1));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int size = 1; size < 37; size += 3) {
                int from = size;
                CountDownLatch together = new CountDownLatch(2);
                List<Future<Integer>> statuses = new ArrayList<>();
                for (int by : List.of(1, 3)) {
                    statuses.add(threads.submit(() -> {
                        together.countDown();
                        together.await();
                        return witness.add(request(from, from + by)).status();
                    }));
                }
                assertThat(List.of(statuses.get(0).get(), statuses.get(1).get()))
                        .containsExactlyInAnyOrder(200, 409);
                long reached = stored().orElseThrow().size();
                assertThat(witness.add(request((int) reached, from + 3)).status())
                        .isEqualTo(200);
                assertThat(witness.add(request(from, from + 1)).status()).isEqualTo(409);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(storedSizes).isSorted();
        assertThat(stored().map(Checkpoint::size)).hasValue(37L);
    }

    @Test
    void a_ledger_that_is_found_wrong_is_not_cosigned_nor_one_that_cannot_be_examined() {
        assertThat(witness(checkpoint -> Optional.of("wrong"), Witness.Observer.NONE)
                        .add(request(0, 5)))
                .isEqualTo(Answer.refused(422, "wrong"));
        Witness blind = witness(
                checkpoint -> {
                    throw new EventLogUnavailable("away", new IllegalStateException());
                },
                Witness.Observer.NONE);
        assertThat(blind.add(request(0, 5)).status()).isEqualTo(503);
        assertThat(stored()).isEmpty();
    }

    @Test
    void a_folder_without_state_another_witnesss_or_one_in_use_is_refused() throws IOException {
        assertThatThrownBy(() -> WitnessFolder.open(directory, verifierKey, false))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("--init");
        witness();
        assertThatThrownBy(() -> WitnessFolder.open(directory, verifierKey, false))
                .hasMessageContaining("in use");
        close();
        assertThatThrownBy(() -> WitnessFolder.open(directory, verifierKey, true))
                .hasMessageContaining("already");
        assertThatThrownBy(() -> WitnessFolder.open(directory, "other+01234567+AA==", false))
                .hasMessageContaining("another witness");
        Witness witness = witness();
        witness.add(request(0, 5));
        Files.writeString(directory.resolve(WitnessFolder.hash(ORIGIN)).resolve("checkpoint"), "damaged");
        assertThatThrownBy(() -> witness.add(request(5, 6))).hasMessageContaining("damaged");
    }
}
