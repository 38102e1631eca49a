package org.brokerhandoff.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.ledger.note.SampleKeys.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final Instant TIME = Instant.parse("2026-11-28T12:00:00Z");
    private static final String TEXT = new Checkpoint(ORIGIN, 12, Hash.sha256(new byte[] {1})).text();

    private final SigningKey log = key(ORIGIN);
    private final SigningKey one = key("witness.example/one");
    private final SigningKey two = key("witness.example/two");
    private final SigningKey three = key("witness.example/three");

    private String policy(String... more) {
        return "# trusted by this test\nlog " + log.verifierKey(KeyType.ED25519) + " https://log.example/\n"
                + "witness W1 " + one.verifierKey(KeyType.COSIGNATURE_ED25519) + "\n"
                + "witness W2 " + two.verifierKey(KeyType.ED25519) + "\t\n"
                + "witness W3 " + three.verifierKey(KeyType.COSIGNATURE_ED25519) + "\n"
                + String.join("\n", more) + "\n";
    }

    private static SignedNote note(NoteSignature... signatures) {
        return new SignedNote(TEXT, Arrays.asList(signatures));
    }

    private NoteSignature logSignature() {
        return log.sign(TEXT);
    }

    @Test
    void withoutAQuorumTheLogAloneIsEnoughAndTheLevelSaysSo() throws MalformedNote {
        Judgement judgement = Policy.parse(policy("quorum none")).judge(note(logSignature()));

        assertThat(judgement).isInstanceOfSatisfying(Judgement.Accepted.class, accepted -> {
            assertThat(accepted.level()).isEqualTo(Judgement.Level.SIGNED);
            assertThat(accepted.standing()).isEqualTo("signed by the log alone, NOT WITNESSED");
            assertThat(accepted.checkpoint().size()).isEqualTo(12);
            assertThat(accepted.earliestCosignature()).isEmpty();
        });
    }

    @Test
    void aCosignatureOfTheRecomputingOnesRaisesTheLevelBeyondThatOfAnyQuorum() throws MalformedNote {
        Policy policy = Policy.parse(policy("group recomputing any W2 W3", "group G any W1 recomputing", "quorum G"));

        assertThat(policy.judge(note(logSignature(), one.cosign(TEXT, TIME))))
                .isInstanceOfSatisfying(Judgement.Accepted.class, accepted -> {
                    assertThat(accepted.level()).isEqualTo(Judgement.Level.WITNESSED);
                    assertThat(accepted.standing()).isEqualTo("WITNESSED, cosigned by W1");
                });
        assertThat(policy.judge(note(logSignature(), three.cosign(TEXT, TIME))))
                .isInstanceOfSatisfying(Judgement.Accepted.class, accepted -> {
                    assertThat(accepted.level()).isEqualTo(Judgement.Level.RECOMPUTED);
                    assertThat(accepted.standing()).isEqualTo("RECOMPUTED, cosigned by W3");
                });
        assertThat(Policy.parse(policy("group recomputing any W2 W3", "quorum none"))
                        .judge(note(logSignature(), three.cosign(TEXT, TIME))))
                .as("without a quorum nothing is asked of witnesses")
                .isInstanceOfSatisfying(
                        Judgement.Accepted.class,
                        accepted -> assertThat(accepted.level()).isEqualTo(Judgement.Level.SIGNED));
    }

    @Test
    void aCosignersNameIsThatOfThePolicyAndNobodyElseIsOne() throws MalformedNote {
        Policy policy = Policy.parse(policy("quorum none").replace("\nwitness W2", " https://w1.example\nwitness W2"));

        assertThat(policy.witnessUrls()).containsExactly(Map.entry("W1", "https://w1.example"));
        assertThat(policy.cosigner(TEXT, one.cosign(TEXT, TIME))).contains("W1");
        assertThat(policy.cosigner(TEXT, two.cosign(TEXT, TIME))).contains("W2");
        assertThat(policy.cosigner(TEXT, one.cosign(TEXT + "\n", TIME))).isEmpty();
        assertThat(policy.cosigner(TEXT, key("witness.example/one").cosign(TEXT, TIME)))
                .isEmpty();
        assertThat(policy.cosigner(TEXT, logSignature())).isEmpty();
    }

    @Test
    void twoOfThreeWitnessesMeetTheirQuorumWhicheverTheyAre() throws MalformedNote {
        Policy policy = Policy.parse(policy("group G 2 W1 W2 W3", "quorum G"));

        // W2 is listed by its type 01 key and cosigns with type 04, as in deployed policies.
        Judgement met =
                policy.judge(note(logSignature(), two.cosign(TEXT, TIME.plusSeconds(5)), one.cosign(TEXT, TIME)));
        assertThat(met).isInstanceOfSatisfying(Judgement.Accepted.class, accepted -> {
            assertThat(accepted.level()).isEqualTo(Judgement.Level.WITNESSED);
            assertThat(accepted.cosigned()).containsOnlyKeys("W1", "W2");
            assertThat(accepted.earliestCosignature()).contains(TIME);
        });
        assertThat(policy.judge(note(logSignature(), three.cosign(TEXT, TIME)))).isInstanceOf(Judgement.Rejected.class);
        // One witness twice counts once.
        assertThat(policy.judge(
                        note(logSignature(), three.cosign(TEXT, TIME), three.cosign(TEXT, TIME.plusSeconds(1)))))
                .isInstanceOf(Judgement.Rejected.class);
    }

    @Test
    void groupsOfGroupsAreMetFromTheInsideOut() throws MalformedNote {
        Policy policy = Policy.parse(policy("group A any W1 W2", "group B all A W3", "quorum B"));

        assertThat(policy.judge(note(logSignature(), one.cosign(TEXT, TIME), three.cosign(TEXT, TIME))))
                .isInstanceOf(Judgement.Accepted.class);
        assertThat(policy.judge(note(logSignature(), one.cosign(TEXT, TIME), two.cosign(TEXT, TIME))))
                .isInstanceOf(Judgement.Rejected.class);
    }

    @Test
    void signaturesByUnknownKeysAreSkippedAlsoUnderAKnownName() throws MalformedNote {
        Policy policy = Policy.parse(policy("quorum W1"));
        NoteSignature sameName = key("witness.example/one").cosign(TEXT, TIME);
        NoteSignature sameId =
                new NoteSignature("another.example", logSignature().keyId(), new byte[64]);

        assertThat(policy.judge(note(sameName, sameId, logSignature(), one.cosign(TEXT, TIME))))
                .isInstanceOf(Judgement.Accepted.class);
        assertThat(policy.judge(note(sameName, sameId, logSignature()))).isInstanceOf(Judgement.Rejected.class);
    }

    @Test
    void aKnownKeyWhoseSignatureIsWrongRejectsTheWholeNote() throws MalformedNote {
        Policy policy = Policy.parse(policy("quorum none"));
        NoteSignature right = one.cosign(TEXT, TIME);
        for (NoteSignature signature : List.of(logSignature(), right)) {
            for (int i = 0; i < signature.signature().length; i++) {
                byte[] bytes = signature.signature();
                bytes[i] ^= 1;
                NoteSignature wrong = new NoteSignature(signature.name(), signature.keyId(), bytes);
                assertThat(policy.judge(note(logSignature(), right, wrong)))
                        .as("byte %d", i)
                        .isInstanceOf(Judgement.Rejected.class);
            }
            NoteSignature shorter = new NoteSignature(signature.name(), signature.keyId(), new byte[] {1});
            assertThat(policy.judge(note(logSignature(), shorter))).isInstanceOf(Judgement.Rejected.class);
        }
    }

    @Test
    void aLogOfThePolicySpeaksForItsOwnOriginOnly() throws MalformedNote {
        String other = new Checkpoint("elsewhere.example/ledger/1", 12, Hash.ZERO).text();
        Policy policy = Policy.parse(policy("quorum none"));

        assertThat(policy.judge(new SignedNote(other, List.of(log.sign(other)))))
                .isInstanceOfSatisfying(
                        Judgement.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("elsewhere.example/ledger/1"));
    }

    @Test
    void aQuorumThatNeedsAnAlgorithmTheMachineLacksIsUndecidedAndNeverUnmet() throws MalformedNote {
        VerifierKey postQuantum = new VerifierKey("pq.example", KeyType.COSIGNATURE_ML_DSA_44, new byte[1312]);
        NoteSignature cosignature = new NoteSignature("pq.example", postQuantum.id(), new byte[8 + 2420]);
        Policy policy = Policy.parse(policy("witness PQ " + postQuantum, "quorum PQ"));

        Judgement judgement = policy.judge(note(logSignature(), cosignature));
        // A JVM with ML-DSA detects that the signature is wrong.
        assertThat(judgement)
                .isInstanceOf(Runtime.version().feature() >= 24 ? Judgement.Rejected.class : Judgement.Undecided.class);
        assertThat(policy.judge(note(logSignature()))).isInstanceOf(Judgement.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "quorum",
                "quorum nobody",
                "quorum none\nquorum none",
                "quorum G\ngroup G any W1",
                "witness W1 WITNESS\nquorum none",
                "witness none WITNESS\nquorum none",
                "witness W4 DUPLICATE\nquorum none",
                "log LOG\nquorum none",
                "log WITNESS\nquorum none",
                "group G 0 W1\nquorum G",
                "group G 2 W1\nquorum G",
                "group G some W1\nquorum G",
                "group G any\nquorum none",
                "group G any W9\nquorum G",
                "group G any W1 W1\nquorum G",
                "group G any W1\ngroup H any W1\nquorum H",
                "group W1 any W2\nquorum none",
                "quorum none\u0001",
                "quorum none\r",
                "allow everything\nquorum none"
            })
    void aPolicyThatBreaksARuleIsRefusedWithItsLine(String lines) {
        String filled = lines.replace(
                        "WITNESS",
                        key("new.example")
                                .verifierKey(KeyType.COSIGNATURE_ED25519)
                                .toString())
                .replace("DUPLICATE", one.verifierKey(KeyType.ED25519).toString())
                .replace("LOG", log.verifierKey(KeyType.ED25519).toString());

        assertThatThrownBy(() -> Policy.parse(policy(filled)))
                .isInstanceOf(MalformedNote.class)
                .hasMessageMatching(lines.isEmpty() ? "a policy has a quorum line" : "line [5-7]: .*");
    }

    @Test
    void thirtyTwoLogsWitnessesAndGroupsAreRead() throws MalformedNote {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            lines.add("log " + key("log.example/" + i).verifierKey(KeyType.ED25519));
            lines.add("witness X" + i + " " + key("w.example/" + i).verifierKey(KeyType.COSIGNATURE_ED25519));
            lines.add("group G" + i + " any X" + i + (i == 0 ? "" : " G" + (i - 1)));
        }
        lines.add("quorum G31");
        Policy policy = Policy.parse(String.join("\n", lines));

        assertThat(policy.logs()).hasSize(32);
        assertThat(policy.witnesses()).hasSize(32);
    }

    @Test
    void signingAgainGivesTheSameBytes() {
        assertThat(log.sign(TEXT)).isEqualTo(log.sign(TEXT));
        assertThat(log).hasToString(ORIGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "AAAA"})
    void aKeyFileWithSomethingElseIsRefused(String pem) {
        assertThatThrownBy(() -> SigningKey.parse("log.example", pem)).isInstanceOf(MalformedNote.class);
    }
}
