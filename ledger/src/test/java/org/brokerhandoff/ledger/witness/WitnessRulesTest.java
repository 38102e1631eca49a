package org.brokerhandoff.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.ledger.note.SampleKeys.key;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessRulesTest {
    private static final String ORIGIN = "log.example/ledger/1";

    private final SigningKey log = key(ORIGIN);
    private final SigningKey next = key(ORIGIN);
    private final WitnessRules rules =
            new WitnessRules(List.of(log.verifierKey(KeyType.ED25519), next.verifierKey(KeyType.ED25519)));
    private final List<Hash> leaves = new ArrayList<>();

    WitnessRulesTest() {
        for (byte i = 0; i < 20; i++) {
            leaves.add(MerkleTree.leafHash(new byte[] {i}));
        }
    }

    private Checkpoint head(int size) {
        return new Checkpoint(ORIGIN, size, MerkleTree.root(leaves.subList(0, size)));
    }

    private AddCheckpoint request(long old, List<Hash> proof, Checkpoint checkpoint) {
        return new AddCheckpoint(old, proof, new SignedNote(checkpoint.text(), List.of(log.sign(checkpoint.text()))));
    }

    private AddCheckpoint growing(int from, int to) {
        return request(from, MerkleTree.consistencyProof(from, leaves.subList(0, to)), head(to));
    }

    private Optional<Checkpoint> latest(int size) {
        return size == 0 ? Optional.empty() : Optional.of(head(size));
    }

    @Test
    void everyGrowthIsCosignedAndNoOtherProofShowsIt() {
        for (int from = 0; from <= 20; from++) {
            for (int to = from; to <= 20; to++) {
                assertThat(rules.decide(growing(from, to), latest(from)))
                        .as("%d to %d", from, to)
                        .isEqualTo(new Decision.Cosign(head(to)));
                List<Hash> longer = new ArrayList<>(growing(from, to).proof());
                longer.add(Hash.ZERO);
                assertThat(rules.decide(request(from, longer, head(to)), latest(from))
                                .status())
                        .as("%d to %d with a longer proof", from, to)
                        .isEqualTo(422);
            }
        }
    }

    @Test
    void aLogThatIsBehindOrAheadOfTheWitnessLearnsItsSize() {
        assertThat(rules.decide(growing(0, 12), latest(7))).isEqualTo(new Decision.Conflict(7));
        assertThat(rules.decide(growing(9, 12), latest(7))).isEqualTo(new Decision.Conflict(7));
        assertThat(rules.decide(growing(9, 12), latest(0))).isEqualTo(new Decision.Conflict(0));
    }

    @Test
    void aSmallerTreeThanTheLastOneIsNeverCosigned() {
        for (int old = 0; old <= 5; old++) {
            assertThat(rules.decide(growing(old, 5), latest(7))).isEqualTo(new Decision.Conflict(7));
        }
        assertThat(rules.decide(request(7, List.of(), head(5)), latest(7)).status())
                .isEqualTo(400);
    }

    @Test
    void twoTreesOfOneSizeAreEvidenceAgainstTheLog() {
        Checkpoint other = new Checkpoint(ORIGIN, 7, Hash.sha256(new byte[] {9}));

        assertThat(rules.decide(request(7, List.of(), other), latest(7)))
                .isInstanceOfSatisfying(Decision.Refuse.class, refuse -> {
                    assertThat(refuse.status()).isEqualTo(422);
                    assertThat(refuse.misbehaviour()).isTrue();
                });
        assertThat(rules.decide(request(0, List.of(), new Checkpoint(ORIGIN, 0, Hash.ZERO)), latest(0))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aTreeThatDoesNotContinueTheLastOneIsRefused() {
        Checkpoint forked = new Checkpoint(ORIGIN, 12, Hash.sha256(new byte[] {9}));

        assertThat(rules.decide(request(7, growing(7, 12).proof(), forked), latest(7))
                        .status())
                .isEqualTo(422);
        assertThat(rules.decide(request(7, List.of(), head(12)), latest(7)).status())
                .isEqualTo(422);
        assertThat(rules.decide(request(0, growing(7, 12).proof(), head(12)), latest(0))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whoSignedIsCheckedBeforeAnythingElseIsSaid() {
        Checkpoint unknown = new Checkpoint("elsewhere.example", 12, head(12).root());
        SignedNote foreign = new SignedNote(head(12).text(), List.of(key(ORIGIN).sign(head(12).text())));
        NoteSignature wrong = log.sign("another text\n");
        SignedNote mixed = new SignedNote(head(12).text(), List.of(next.sign(head(12).text()), wrong));

        assertThat(rules.decide(request(0, List.of(), unknown), latest(7)).status())
                .isEqualTo(404);
        assertThat(rules.decide(new AddCheckpoint(0, List.of(), foreign), latest(7))
                        .status())
                .isEqualTo(403);
        assertThat(rules.decide(new AddCheckpoint(0, List.of(), mixed), latest(7))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aLogMayRotateItsKey() {
        String text = head(12).text();
        AddCheckpoint request =
                new AddCheckpoint(7, growing(7, 12).proof(), new SignedNote(text, List.of(next.sign(text))));

        assertThat(rules.decide(request, latest(7))).isEqualTo(new Decision.Cosign(head(12)));
    }

    @Test
    void aRequestReadsBackAsItWasWritten() throws MalformedNote {
        AddCheckpoint request = growing(7, 12);

        assertThat(AddCheckpoint.parse(request.bytes())).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "old 7",
                "old 07\n\nNOTE",
                "old -1\n\nNOTE",
                "new 7\n\nNOTE",
                "old 7\nAAAA\n\nNOTE",
                "old 7\n\nno note",
                "old 7\r\n\nNOTE",
                "old 99999999999999999999\n\nNOTE",
                "\nold 7\n\nNOTE",
                "old 7\nPROOF64\n\nNOTE"
            })
    void aMalformedRequestIsRefused(String body) {
        String filled = body.replace("NOTE", new String(growing(7, 12).note().bytes(), StandardCharsets.ISO_8859_1))
                .replace("PROOF64", String.join("\n", Collections.nCopies(64, Hash.ZERO.toString())));

        assertThatThrownBy(() -> AddCheckpoint.parse(filled.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(MalformedNote.class);
    }
}
