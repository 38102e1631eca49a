package org.brokerhandoff.audit.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.brokerhandoff.audit.verify.LedgerFinding;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;

/**
 * Folds the statements of one generation of a ledger. Entry k is the first statement with number k that continues the entries before; a later
 * one with that number is void. Keeps the root of every size, some 80 bytes per entry. Pure.
 */
final class LedgerFold {
    private static final String PLACE = "checkpoints";

    private final String origin;
    private final Consumer<LedgerFinding> findings;
    private final LedgerChain chain = new LedgerChain();
    private final List<Hash> roots = new ArrayList<>(List.of(MerkleTree.emptyRoot()));
    private final TreeMap<Long, Checkpoint> ahead = new TreeMap<>();
    private final long watched;
    private List<IndexLine> indexesAtWatched = List.of();
    private Optional<SignedNote> newest = Optional.empty();
    private long newestSize;
    private boolean broken;

    /** @param watched size at which the index lines are retained */
    LedgerFold(String origin, long watched, Consumer<LedgerFinding> findings) {
        this.origin = origin;
        this.watched = watched;
        this.findings = findings;
    }

    /** Adds the next statement of this origin; returns the entry, if it is the ledger's next. */
    Optional<LedgerEntry> take(Statement statement) {
        try {
            if (statement instanceof Statement.Entry entry && !broken) {
                return entry.next(chain.size(), chain.root()).filter(this::continues);
            } else if (statement instanceof Statement.Checkpoint head) {
                takeCheckpoint(SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8)));
            }
        } catch (MalformedNote e) {
            // Void: not a checkpoint.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private boolean continues(LedgerEntry entry) {
        Optional<String> objection = chain.objection(entry);
        if (objection.isPresent()) {
            broken = true;
            find("entry " + entry.number() + " of " + origin + " does not continue the ledger: " + objection.get());
            return false;
        }
        chain.append(entry);
        roots.add(chain.root());
        if (chain.size() == watched) {
            indexesAtWatched = chain.indexes();
        }
        return true;
    }

    private void takeCheckpoint(SignedNote note) throws MalformedNote {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (checkpoint.size() >= roots.size()) {
            ahead.put(checkpoint.size(), checkpoint);
        } else if (holds(checkpoint) && checkpoint.size() >= newestSize) {
            newestSize = checkpoint.size();
            newest = Optional.of(note);
        }
    }

    private boolean holds(Checkpoint checkpoint) {
        if (isOf(checkpoint)) {
            return true;
        }
        find("a checkpoint of size " + checkpoint.size() + " of " + origin + " is not of the " + size()
                + " entries in topic checkpoints");
        return false;
    }

    /** Ends the ledger: checkpoints beyond the entries read are compared with what exists. */
    void end() {
        ahead.values().forEach(this::holds);
    }

    /** Whether this ledger contains that of {@code checkpoint}, an earlier one; adds a finding if not. */
    boolean contains(Checkpoint checkpoint) {
        if (!checkpoint.origin().equals(origin)) {
            find("the earlier checkpoint is of " + checkpoint.origin() + ", but the newest ledger is " + origin);
            return false;
        }
        if (isOf(checkpoint)) {
            return true;
        }
        find("the earlier checkpoint, of size " + checkpoint.size() + ", is not one of this ledger with its " + size()
                + " entries: keep both, they are the proof");
        return false;
    }

    /** Whether {@code checkpoint} has the root of its entries. */
    boolean isOf(Checkpoint checkpoint) {
        return checkpoint.size() < roots.size()
                && roots.get((int) checkpoint.size()).equals(checkpoint.root());
    }

    /** Root of the first {@code size} entries. */
    Hash root(long size) {
        return roots.get((int) size);
    }

    /** The newest index line of each partition at the watched size. */
    List<IndexLine> indexesAtWatched() {
        return indexesAtWatched;
    }

    private void find(String sentence) {
        findings.accept(new LedgerFinding(About.CHAIN, PLACE, sentence));
    }

    /** The newest of the largest checkpoints. */
    Optional<SignedNote> newest() {
        return newest;
    }

    /** Its size; 0: none. */
    long newestSize() {
        return newestSize;
    }

    long size() {
        return roots.size() - 1L;
    }

    LedgerChain chain() {
        return chain;
    }
}
