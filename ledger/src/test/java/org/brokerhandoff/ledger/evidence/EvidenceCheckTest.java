package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.End;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Entry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Index;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Proven;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SampleKeys;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.junit.jupiter.api.Test;

class EvidenceCheckTest {
    private final SampleLedger ledger = SampleLedger.filled();
    private final Policy policy = ledger.policy();

    private Verdict check(EvidenceBundle bundle) {
        return EvidenceCheck.check(bundle.bytes(), policy);
    }

    private void assertFails(EvidenceBundle bundle, String reason) {
        assertThat(check(bundle))
                .isInstanceOfSatisfying(
                        Verdict.Fails.class, fails -> assertThat(fails.reason()).contains(reason));
    }

    private static EvidenceBundle withEvents(EvidenceBundle bundle, List<Proven> events) {
        return new EvidenceBundle(
                bundle.key(),
                bundle.partition(),
                events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.size()),
                events,
                bundle.context(),
                bundle.entries(),
                bundle.index(),
                bundle.checkpoint());
    }

    private static EvidenceBundle with(EvidenceBundle bundle, List<Entry> entries, Index index, SignedNote checkpoint) {
        return new EvidenceBundle(
                bundle.key(),
                bundle.partition(),
                bundle.present(),
                bundle.events(),
                bundle.context(),
                entries,
                index,
                checkpoint);
    }

    @Test
    void evidence_of_a_ledger_with_one_entry_holds() {
        SampleLedger ledger = new SampleLedger();
        ledger.record("consents", 0, "consent 0");
        ledger.entry(Optional.empty());
        for (int key : new int[] {0, 100}) {
            assertThat(EvidenceCheck.check(ledger.bundle(key).bytes(), ledger.policy()))
                    .isInstanceOf(Verdict.Holds.class);
        }
    }

    @Test
    void everyKeyOfTheLedgerHasEvidenceThatHolds() {
        for (int key = 0; key < 40; key++) {
            EvidenceBundle bundle = ledger.bundle(key);
            Verdict verdict = check(bundle);
            assertThat(verdict).as("key %d", key).isInstanceOfSatisfying(Verdict.Holds.class, holds -> {
                assertThat(holds.events()).hasSameSizeAs(bundle.events()).isNotEmpty();
                assertThat(holds.context()).hasSize(1);
                assertThat(holds.head().level()).isEqualTo(Judgement.Level.SIGNED);
            });
        }
        assertThat(ledger.bundle(0).events()).hasSize(5);
    }

    @Test
    void keysWithoutEventsAreShownToHaveNone() {
        for (int key = 100; key < 160; key++) {
            assertThat(check(ledger.bundle(key)))
                    .isInstanceOfSatisfying(
                            Verdict.Holds.class,
                            holds -> assertThat(holds.events()).isEmpty());
        }
    }

    @Test
    void aBundleReadsBackAsItWasWritten() throws UnreadableEvidence {
        for (int key : new int[] {0, 1, 7, 100, 101, 102, 103}) {
            EvidenceBundle bundle = ledger.bundle(key);
            assertThat(EvidenceText.parse(bundle.bytes()).bytes()).isEqualTo(bundle.bytes());
        }
    }

    @Test
    void anEventThatIsRemovedDoubledOrReorderedIsNoticed() {
        EvidenceBundle bundle = ledger.bundle(0);
        for (int i = 0; i < bundle.events().size(); i++) {
            List<Proven> removed = new ArrayList<>(bundle.events());
            Proven event = removed.remove(i);
            assertThat(check(withEvents(bundle, removed))).isInstanceOf(Verdict.Fails.class);
            List<Proven> doubled = new ArrayList<>(bundle.events());
            doubled.add(i, event);
            assertFails(withEvents(bundle, doubled), "out of order or repeated");
            for (int j = i + 1; j < bundle.events().size(); j++) {
                List<Proven> swapped = new ArrayList<>(bundle.events());
                Collections.swap(swapped, i, j);
                assertFails(withEvents(bundle, swapped), "out of order or repeated");
            }
        }
        assertThat(check(withEvents(bundle, List.of()))).isInstanceOf(Verdict.Fails.class);
    }

    @Test
    void anEventOfAnotherKeyOrOfATopicThatIsNotIndexedIsNoticed() {
        EvidenceBundle bundle = ledger.bundle(0);
        int other = 1;
        while (SampleLedger.partition(SampleLedger.id(other)) != bundle.partition()) {
            other++;
        }
        List<Proven> foreign = new ArrayList<>(bundle.events());
        foreign.set(0, ledger.bundle(other).events().get(0));
        assertFails(withEvents(bundle, foreign), "is not an indexed event of this key");

        List<Proven> plain = new ArrayList<>(bundle.events());
        Proven place = bundle.context().get(0);
        plain.add(0, place);
        assertThat(check(withEvents(bundle, plain))).isInstanceOf(Verdict.Fails.class);
    }

    @Test
    void anEventAtAnotherPlaceOrInAnotherEntryIsNoticed() {
        EvidenceBundle bundle = ledger.bundle(0);
        Proven event = bundle.events().get(0);
        Leaf.Place next = new Leaf.Place(
                "consents", event.place().partition(), event.place().offset() + 1);
        List<Proven> moved = new ArrayList<>(bundle.events());
        moved.set(0, new Proven(next, event.entry(), event.leaf(), event.inclusion()));
        assertFails(withEvents(bundle, moved), "is a leaf of another place");

        moved.set(0, new Proven(event.place(), 2, event.leaf(), event.inclusion()));
        assertFails(withEvents(bundle, moved), "is in no segment of entry 2");
    }

    @Test
    void anIndexOrACheckpointOfAnotherTimeIsNoticed() {
        EvidenceBundle old = ledger.bundle(0);
        ledger.record("consents", 0, "withdrawn");
        ledger.entry(Optional.empty());
        EvidenceBundle fresh = ledger.bundle(0);

        assertThat(check(old)).as("true as of its checkpoint").isInstanceOf(Verdict.Holds.class);
        assertThat(check(fresh)).isInstanceOf(Verdict.Holds.class);
        assertFails(with(fresh, fresh.entries(), old.index(), fresh.checkpoint()), "index line");
        assertFails(
                with(old, old.entries(), old.index(), fresh.checkpoint()), "entry 0 is not in the checkpoint's tree");
        assertFails(withEvents(fresh, old.events()), "the index does not commit");
    }

    @Test
    void absenceCannotBeClaimedOfAKeyThatIsPresent() {
        EvidenceBundle bundle = withEvents(ledger.bundle(0), List.of());
        List<Entry> outer = List.of(
                bundle.entries().get(0), bundle.entries().get(bundle.entries().size() - 1));
        for (End end : List.of(new End.Empty(), new End.Key())) {
            Index index = new Index(
                    bundle.index().line(),
                    bundle.index().inclusion(),
                    end,
                    bundle.index().siblings());
            assertFails(with(bundle, outer, index, bundle.checkpoint()), "the index does not commit");
        }
    }

    @Test
    void anotherPartitionsIndexIsNoticed() {
        EvidenceBundle bundle = ledger.bundle(0);
        EvidenceBundle moved = new EvidenceBundle(
                bundle.key(),
                (bundle.partition() + 1) % 3,
                OptionalLong.empty(),
                List.of(),
                bundle.context(),
                List.of(
                        bundle.entries().get(0),
                        bundle.entries().get(bundle.entries().size() - 1)),
                bundle.index(),
                bundle.checkpoint());

        assertFails(moved, "does not belong to partition");
    }

    @Test
    void anIndexThatTheOperatorSignedWithoutAnEventPassesHereWhichIsWhyOthersRecomputeIt() {
        SampleLedger lying = new SampleLedger();
        Leaf.Place hidden = ledger.bundle(0).events().get(4).place();
        lying.rounds(Optional.of(hidden));
        EvidenceBundle whole = lying.bundle(0);
        EvidenceBundle without = withEvents(whole, whole.events().subList(0, 4));

        assertThat(EvidenceCheck.check(whole.bytes(), lying.policy())).isInstanceOf(Verdict.Fails.class);
        assertThat(EvidenceCheck.check(without.bytes(), lying.policy())).isInstanceOf(Verdict.Holds.class);
    }

    private static Policy witnessed(SampleLedger ledger, SigningKey witness) throws MalformedNote {
        return Policy.parse("log " + ledger.policy().logs().get(0) + "\nwitness w "
                + witness.verifierKey(KeyType.COSIGNATURE_ED25519) + "\nquorum w\n");
    }

    private static EvidenceBundle cosigned(EvidenceBundle bundle, SigningKey witness) {
        SignedNote note = bundle.checkpoint();
        return with(
                bundle,
                bundle.entries(),
                bundle.index(),
                note.with(List.of(witness.cosign(note.text(), Instant.ofEpochSecond(1_764_324_999)))));
    }

    @Test
    void aCosignatureCountsOnlyByAKeyOfThePolicy() throws MalformedNote {
        SigningKey witness = SampleKeys.key("witness.example/w1");
        Policy trusting = witnessed(ledger, witness);
        EvidenceBundle bundle = ledger.bundle(0);

        assertThat(EvidenceCheck.check(cosigned(bundle, witness).bytes(), trusting))
                .isInstanceOfSatisfying(
                        Verdict.Holds.class,
                        holds -> assertThat(holds.head().level()).isEqualTo(Judgement.Level.WITNESSED));
        for (EvidenceBundle refused : List.of(bundle, cosigned(bundle, SampleKeys.key("witness.example/unknown")))) {
            assertThat(EvidenceCheck.check(refused.bytes(), trusting))
                    .isInstanceOfSatisfying(
                            Verdict.Fails.class,
                            fails -> assertThat(fails.reason()).startsWith("checkpoint: the quorum w is not met"));
        }
    }

    @Test
    void aWitnessThatDoesNotComputeTheIndexCosignsOneWithoutAnEventAsWell() throws MalformedNote {
        SampleLedger lying = new SampleLedger();
        lying.rounds(Optional.of(ledger.bundle(0).events().get(4).place()));
        SigningKey witness = SampleKeys.key("witness.example/w1");
        EvidenceBundle without =
                withEvents(lying.bundle(0), lying.bundle(0).events().subList(0, 4));

        assertThat(EvidenceCheck.check(cosigned(without, witness).bytes(), witnessed(lying, witness)))
                .isInstanceOfSatisfying(
                        Verdict.Holds.class,
                        holds -> assertThat(holds.head().level()).isEqualTo(Judgement.Level.WITNESSED));
    }

    @Test
    void aCheckpointOfAnotherOriginIsRefusedThoughItsLogIsTrusted() throws MalformedNote {
        SigningKey other = SampleKeys.key("handoff.example.org/other/ledger/1");
        Policy both = Policy.ofLogs(List.of(ledger.policy().logs().get(0), other.verifierKey(KeyType.ED25519)));
        EvidenceBundle bundle = ledger.bundle(0);
        Checkpoint own = Checkpoint.parse(bundle.checkpoint().text());
        String text = new Checkpoint(other.toString(), own.size(), own.root()).text();

        assertThat(EvidenceCheck.check(
                        with(bundle, bundle.entries(), bundle.index(), new SignedNote(text, List.of(other.sign(text))))
                                .bytes(),
                        both))
                .isInstanceOfSatisfying(
                        Verdict.Fails.class,
                        fails -> assertThat(fails.reason()).contains("entry 0 is of another ledger"));
    }

    @Test
    void anotherLogsCheckpointIsRefused() {
        SampleLedger other = SampleLedger.filled();

        assertThat(EvidenceCheck.check(other.bundle(0).bytes(), policy))
                .isInstanceOfSatisfying(
                        Verdict.Fails.class, fails -> assertThat(fails.reason()).startsWith("checkpoint: no log"));
    }

    @Test
    void noByteCanBeChangedUnseen() {
        byte[] bytes = ledger.bundle(0).bytes();
        Random random = new Random(162);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Verdict verdict = EvidenceCheck.check(changed, policy);
            // The name or id of the log's key changed: an unknown signature, so no key of the policy signed.
            assertThat(verdict).as("byte %d", i).isNotInstanceOf(Verdict.Holds.class);
        }
        for (int length = 0; length < bytes.length; length += 13) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(EvidenceCheck.check(cut, policy)).as("%d bytes", length).isNotInstanceOf(Verdict.Holds.class);
        }
    }

    @Test
    void aNewerVersionIsUndecidedAndGarbageIsNot() {
        String text = new String(ledger.bundle(0).bytes(), StandardCharsets.UTF_8);

        assertThat(verdict(text.replace("handoff-evidence/v1", "handoff-evidence/v2")))
                .isInstanceOf(Verdict.Undecided.class);
        assertThat(verdict(text.replace("\nevent ", "\nattestation "))).isInstanceOf(Verdict.Undecided.class);
        assertThat(verdict(text.replace("\nevent ", "\n\nevent "))).isInstanceOf(Verdict.Fails.class);
        assertThat(verdict("Kari Nordmann")).isInstanceOf(Verdict.Fails.class);
        assertThat(verdict("")).isInstanceOf(Verdict.Fails.class);
        assertThat(EvidenceCheck.check(new byte[EvidenceBundle.MAXIMUM_BYTES + 1], policy))
                .isInstanceOf(Verdict.Fails.class);
    }

    private Verdict verdict(String text) {
        return EvidenceCheck.check(text.getBytes(StandardCharsets.UTF_8), policy);
    }
}
