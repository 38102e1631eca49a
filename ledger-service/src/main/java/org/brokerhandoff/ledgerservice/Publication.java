package org.brokerhandoff.ledgerservice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.context.ContextCatalog;
import org.brokerhandoff.eventlog.context.ContextCatalog.Found;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions;
import org.brokerhandoff.ledgerservice.evidence.Standing;
import org.brokerhandoff.ledgerservice.folder.LedgerFolder;
import org.brokerhandoff.ledgerservice.folder.LedgerFolder.Signed;
import org.brokerhandoff.ledgerservice.outside.Known;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.schemas.SignupIds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the ledger, in an order in which no tree is signed that could be lost: an entry is in the topic before it is in the folder, both
 * before {@code signed} records it, and that before a signature exists. After a crash at any point, repeating the remaining steps is
 * idempotent, since Ed25519 is deterministic. Not thread-safe.
 */
final class Publication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    /** Entries buffered before they are written, during catch-up. */
    private static final int BATCH = 64;

    private final String origin;
    private final LedgerFolder folder;
    private final LeafPositions positions;
    private final ContextCatalog context = new ContextCatalog();
    private final EventPublisher publisher;
    private final List<SigningKey> keys;
    private final Step.Observer steps;
    private final Outside outside;
    private final List<byte[]> unwritten = new ArrayList<>();
    private long signedSize;
    private long published;

    Publication(
            String origin,
            LedgerFolder folder,
            EventPublisher publisher,
            List<SigningKey> keys,
            Outside outside,
            Step.Observer steps) {
        this.origin = origin;
        this.folder = folder;
        this.positions = LeafPositions.begin(folder.positions());
        this.publisher = publisher;
        this.keys = List.copyOf(keys);
        this.outside = outside;
        this.steps = steps;
        this.signedSize = folder.signed().map(Signed::size).orElse(0L);
    }

    LedgerFolder folder() {
        return folder;
    }

    /** The log's keys as in entries. */
    List<String> verifierKeys() {
        return keys.stream().map(KeyFiles::verifierKey).toList();
    }

    /** Publishes an entry, and waits for Kafka. */
    void publish(LedgerEntry entry) {
        acknowledged(
                publisher.publishToLedger(
                        origin, new org.brokerhandoff.event.LedgerEntry(origin, entry.number(), entry.text())),
                "an entry was not acknowledged");
    }

    private static void acknowledged(CompletionStage<?> published, String failure) {
        if (!Await.acknowledged(published.toCompletableFuture())) {
            throw new EventLogUnavailable(failure, new TimeoutException());
        }
    }

    /** Adds the ledger's newest entry; its leaf hashes are written to the folder at once, its text with the next {@link #write}. */
    void committed(IndexedLedger ledger, LedgerEntry entry, List<Run> runs) {
        List<TopicLine> topics = ledger.chain().topics();
        for (Run run : runs) {
            TopicLine topic = topics.stream()
                    .filter(line -> line.topic().equals(run.topic()))
                    .findFirst()
                    .orElseThrow();
            positions.add(entry.number(), topics.indexOf(topic), topic.indexed(), run);
            catalogue(entry.number(), run);
        }
        if (entry.number() < signedSize) {
            return;
        }
        for (Run run : runs) {
            folder.writeSegment(
                    run.topic(),
                    run.partition(),
                    run.first(),
                    run.leaves().stream().map(LeafDigest::hash).toList());
        }
        unwritten.add(entry.bytes());
        if (unwritten.size() == BATCH) {
            write(ledger);
        }
    }

    private void catalogue(long entry, Run run) {
        long offset = run.first();
        for (LeafDigest leaf : run.leaves()) {
            Leaf.Place place = new Leaf.Place(run.topic(), run.partition(), offset++);
            leaf.eventId()
                    .ifPresent(eventId -> context.add(
                            new Found(entry, place, leaf.appendedAt().orElseThrow(), eventId)));
        }
    }

    /** (d) and (e): the folder is complete, and records up to where may be signed. */
    void write(IndexedLedger ledger) {
        if (unwritten.isEmpty()) {
            return;
        }
        long size = ledger.chain().size();
        folder.append(size - unwritten.size(), unwritten, ledger.entryHashes());
        steps.passed(Step.WRITTEN);
        folder.mayBeSigned(size, ledger.chain().root());
        signedSize = size;
        unwritten.clear();
        steps.passed(Step.MAY_BE_SIGNED);
    }

    /** Records that a checkpoint of this size is in the topic. */
    void seen(long size) {
        published = Math.max(published, size);
    }

    /** Whether one of the log's keys has signed {@code note}. */
    boolean isSignedByUs(SignedNote note) {
        return Policy.ofLogs(keys.stream()
                                .map(key -> key.verifierKey(KeyType.ED25519))
                                .toList())
                        .judge(note)
                instanceof Judgement.Accepted;
    }

    /** The largest size of a checkpoint in the topic. */
    long published() {
        return published;
    }

    /**
     * (f): signs the newest tree and publishes the checkpoint, unless done already. The copies come first: they include everything that may
     * have been shown to others.
     *
     * @throws Halt if a copy knows more, or another tree
     */
    void sign(IndexedLedger ledger, Meanwhile meanwhile) throws Halt {
        long size = ledger.chain().size();
        Checkpoint checkpoint = new Checkpoint(origin, size, ledger.chain().root());
        if (!folder.signed().equals(Optional.of(new Signed(size, checkpoint.root())))) {
            throw new IllegalStateException("a tree is signed only after the folder says that it may be");
        }
        String text = checkpoint.text();
        SignedNote note =
                new SignedNote(text, keys.stream().map(key -> key.sign(text)).toList());
        // The existing note may have cosignatures already.
        Optional<SignedNote> current = current().filter(there -> has(there, note));
        outside.copies().write(current.orElse(note), ledger.entryHashes(), this::isSignedByUs);
        steps.passed(Step.COPIED);
        if (published < size) {
            publish(size, note);
            published = size;
        }
        steps.passed(Step.SIGNED);
        if (current.isEmpty()) {
            folder.publish(note.bytes());
        }
        cosign(current.orElse(note), ledger, meanwhile);
    }

    /** Asks those witnesses that have not cosigned this checkpoint, and republishes it if any does. */
    private void cosign(SignedNote note, IndexedLedger ledger, Meanwhile meanwhile) throws Halt {
        List<NoteSignature> cosignatures = outside.witnesses().cosign(note, ledger.entryHashes(), meanwhile);
        steps.passed(Step.WITNESSED);
        if (!cosignatures.isEmpty()) {
            SignedNote cosigned = note.with(cosignatures);
            publish(ledger.chain().size(), cosigned);
            folder.publish(cosigned.bytes());
            outside.copies().write(cosigned, ledger.entryHashes(), this::isSignedByUs);
        }
    }

    private void publish(long size, SignedNote note) {
        acknowledged(
                publisher.publishToLedger(
                        origin, new LedgerCheckpoint(origin, size, new String(note.bytes(), StandardCharsets.UTF_8))),
                "a checkpoint was not acknowledged");
    }

    private static boolean has(SignedNote there, SignedNote note) {
        return there.text().equals(note.text()) && there.signatures().containsAll(note.signatures());
    }

    /** The last published checkpoint. */
    private Optional<SignedNote> current() {
        return folder.checkpoint().flatMap(bytes -> {
            try {
                return Optional.of(SignedNote.parse(bytes));
            } catch (MalformedNote e) {
                return Optional.empty();
            }
        });
    }

    /**
     * Compares the ledger with the knowledge of witnesses and copies.
     *
     * @throws Halt if one knows more, or another tree, under the log's keys
     */
    void compareOutside(IndexedLedger ledger) throws Halt {
        if (outside.isEmpty()) {
            LOG.warn(
                    "neither witnesses nor copies are configured: the restore of the whole host from a backup would go unnoticed");
        }
        List<Known> all = new ArrayList<>(outside.witnesses().known(origin, current()));
        all.addAll(outside.copies().known(this::isSignedByUs));
        for (Known known : all) {
            known.compare(ledger.entryHashes(), this::isSignedByUs);
        }
    }

    /** Looks up {@code id} as of the published checkpoint; empty if the newest tree has none yet. */
    Optional<Standing> standing(IndexedLedger ledger, UUID id) {
        long size = ledger.chain().size();
        return current().filter(note -> isOf(note, size)).map(note -> {
            int partition = EventPartitions.of(
                    id, ledger.chain().genesis().orElseThrow().partitions());
            return new Standing(
                    id,
                    partition,
                    size,
                    ledger.chain().topics(),
                    ledger.chain().indexes(),
                    ledger.prove(partition, History.path(SignupIds.bytes(id))),
                    new Standing.Records(positions.of(id), context),
                    note);
        });
    }

    private static boolean isOf(SignedNote note, long size) {
        try {
            return Checkpoint.parse(note.text()).size() == size;
        } catch (MalformedNote e) {
            return false;
        }
    }

    @Override
    public void close() {
        publisher.close();
        positions.close();
        folder.close();
    }
}
