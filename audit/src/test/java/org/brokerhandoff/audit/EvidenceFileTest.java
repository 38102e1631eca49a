package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.context.ContextCatalog;
import org.brokerhandoff.eventlog.context.ContextSelection;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly.Located;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdict of {@code audit check} on files that an operator made of false events, with correct trees, index and signature. */
class EvidenceFileTest {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final Instant RECEIVED = Instant.parse("2026-11-29T13:00:00Z");
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);

    private final SigningKey key = key();
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private static SigningKey key() {
        try {
            return SigningKey.parse(ORIGIN, SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<KeptRecord> delivered() {
        return new ArrayList<>(List.of(
                record(Topic.CONSENTS, 0, Life.policy(RECEIVED)),
                record(Topic.CONSENTS, 1, LIFE.granted()),
                record(Topic.HANDOFFS, 0, Life.directory(RECEIVED)),
                record(Topic.HANDOFFS, 1, LIFE.assigned(Life.FJORD, 0, 10)),
                record(Topic.HANDOFFS, 2, LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.DEFERRED)),
                record(Topic.HANDOFFS, 3, LIFE.delivered(Life.FJORD, 2, 200)),
                record(Topic.PURGES, 0, Life.examined(RECEIVED)),
                record(Topic.PURGES, 1, LIFE.purged(PurgeReason.DELIVERED, 230))));
    }

    private static KeptRecord record(Topic topic, long offset, SpecificRecord event) {
        return Records.at(Records.of(topic, 0, event), 0, offset);
    }

    /** One entry over the whole log, signed, and the evidence of the signup from it. */
    private byte[] evidence(List<KeptRecord> log, UnaryOperator<List<Located>> context) {
        List<Run> runs = new ArrayList<>();
        for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES)) {
            runs.add(new Run(
                    topic.baseName(),
                    0,
                    0,
                    log.stream()
                            .filter(record -> record.topic() == topic)
                            .map(record -> LeafDigest.of(record.stored()))
                            .toList()));
        }
        IndexedLedger ledger = new IndexedLedger();
        LedgerEntry entry = ledger.draft(
                new IndexedLedger.Heading(
                        RECEIVED.plusSeconds(60).getEpochSecond(),
                        RECEIVED.plusSeconds(55).toEpochMilli(),
                        Optional.of(new Genesis(ORIGIN, "cluster", 1, Optional.empty())),
                        runs.stream()
                                .map(run -> new TopicLine(run.topic(), "AAAAAAAAAAAAAAAAAAAAAA", true))
                                .toList(),
                        List.of(key.verifierKey(KeyType.ED25519).toString())),
                runs);
        ledger.commit();
        ContextCatalog catalog = new ContextCatalog();
        log.forEach(record -> catalog.add(new ContextCatalog.Found(
                0,
                record.stored().place(),
                record.appendedAt(),
                record.eventId().orElseThrow())));
        byte[] id = SignupIds.bytes(LIFE.id());
        List<Located> events = log.stream()
                .filter(record -> Arrays.equals(record.stored().key().orElseThrow(), id))
                .map(record -> located(runs, record.stored()))
                .toList();
        List<Located> chosen = ContextSelection.of(
                        events.stream()
                                .flatMap(event -> ContextSelection.Event.of(event.leaf(), Life.CODEC).stream())
                                .toList(),
                        catalog,
                        1)
                .stream()
                .flatMap(found ->
                        log.stream().filter(record -> record.stored().place().equals(found.place())))
                .map(record -> located(runs, record.stored()))
                .toList();
        return EvidenceAssembly.of(
                        new OneEntry(ledger, entry, key),
                        id,
                        0,
                        events,
                        context.apply(chosen),
                        ledger.prove(0, History.path(id)))
                .bytes();
    }

    private static Located located(List<Run> runs, Leaf leaf) {
        List<Hash> leaves = runs.stream()
                .filter(run -> run.topic().equals(leaf.place().topic()))
                .flatMap(run -> run.leaves().stream())
                .map(LeafDigest::hash)
                .toList();
        return new Located(0, leaf, MerkleTree.inclusionProof((int) leaf.place().offset(), leaves));
    }

    private record OneEntry(IndexedLedger ledger, LedgerEntry only, SigningKey key) implements EvidenceAssembly.Ledger {
        @Override
        public SignedNote checkpoint() {
            String text = new Checkpoint(ORIGIN, 1, ledger.chain().root()).text();
            return new SignedNote(text, List.of(key.sign(text)));
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public LedgerEntry entry(long number) {
            return only;
        }

        @Override
        public List<Hash> inclusion(long number) {
            return List.of();
        }

        @Override
        public List<IndexLine> indexes() {
            return ledger.chain().indexes();
        }
    }

    private int check(byte[] evidence) throws IOException {
        out.getBuffer().setLength(0);
        return AuditMain.run(
                new String[] {
                    "check",
                    Files.write(folder.resolve("a.evidence"), evidence).toString(),
                    "--key",
                    key.verifierKey(KeyType.ED25519).toString()
                },
                Map.of(),
                new PrintWriter(out),
                new PrintWriter(out),
                false);
    }

    @Test
    void a_file_says_that_the_rules_hold_and_which_it_cannot_judge() throws IOException {
        assertThat(check(evidence(delivered(), context -> context)))
                .as(out::toString)
                .isZero();
        assertThat(out.toString())
                .startsWith("HOLDS, signed by the log alone, NOT WITNESSED")
                .contains(
                        "complete: 5 of 5",
                        "rules: those on a signup by itself hold; these cannot be judged from a file: log-complete,",
                        "cap-respected",
                        "erasure-observed")
                .doesNotContain("cannot be judged: consent");
    }

    @Test
    void false_events_under_right_trees_are_found_by_the_rule_that_they_break() throws IOException {
        List<KeptRecord> early = delivered();
        early.set(
                1,
                record(
                        Topic.CONSENTS,
                        1,
                        ConsentGranted.newBuilder(LIFE.granted())
                                .setReceivedAt(RECEIVED.plusSeconds(3600))
                                .build()));
        assertThat(check(evidence(early, context -> context))).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("DOES NOT HOLD: proven, and contradicts itself, signed by the log alone")
                .contains("rules: DO NOT HOLD: consent-before-handoff: ", "complete: 5 of 5");

        List<KeptRecord> other = delivered();
        other.set(3, record(Topic.HANDOFFS, 1, LIFE.assigned(Life.NORDLYS, 0, 10)));
        assertThat(check(evidence(other, context -> context))).isEqualTo(1);
        assertThat(out.toString()).contains("DO NOT HOLD: decision-replays: handoffs-0@1: ");
    }

    @Test
    void a_text_a_directory_or_an_examination_that_is_not_in_the_file_was_never_published_for_who_reads_it()
            throws IOException {
        assertThat(check(evidence(delivered(), context -> List.of()))).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "DO NOT HOLD: policy-published: policy " + Life.POLICY + " was never published",
                        "DO NOT HOLD: directory-published: ",
                        "DO NOT HOLD: purge-level-permitted: ",
                        "may be in the log and have been left out of this file");
    }
}
