package org.brokerhandoff.ledgerservice;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.merkle.Frontier;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledgerservice.folder.LedgerFolder;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;

/** Checks that folder and topic belong to the expected ledger. */
final class LedgerAgreement {
    private LedgerAgreement() {}

    /** @throws Halt if the folder has entries of another ledger */
    static void folder(LedgerFolder folder, String origin) throws Halt {
        if (folder.size() == 0) {
            return;
        }
        try {
            LedgerEntry first = EntryText.parse(folder.entry(0));
            if (!first.genesis().map(Genesis::origin).equals(Optional.of(origin))) {
                throw new Halt(
                        Reason.OTHER_LEDGER,
                        "the folder has the ledger "
                                + first.genesis().map(Genesis::origin).orElse("of an unknown origin")
                                + "; each generation needs a folder of its own");
            }
        } catch (MalformedEntry e) {
            throw new Halt(Reason.FOLDER_DISAGREES, "entry 0 of the folder is not an entry");
        }
    }

    /**
     * Checks that all entries that may have been signed are present.
     *
     * @param size number of entries in topic and folder
     * @param signed size that this builder may have signed
     * @param published size of the largest checkpoint in the topic
     * @throws Halt if there are fewer
     */
    static void notShorter(long size, long signed, long published) throws Halt {
        if (signed > size) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    "size " + signed + " may have been signed here, but topic and folder have " + size + " entries");
        }
        if (published > size) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    "the topic has a checkpoint of size " + published + ", but there are " + size + " entries");
        }
    }

    /**
     * Compares topic {@code checkpoints}, from its beginning, with the ledger. Another builder may have written while this one republished
     * lost entries: the first one in the topic counts.
     *
     * @throws Halt if an entry differs
     */
    static void topic(LedgerTopic topic, String origin, IndexedLedger ledger) throws Halt {
        Frontier tree = new Frontier();
        topic.rewind();
        for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
            for (Statement statement : next) {
                if (statement instanceof Statement.Entry entry
                        && entry.origin().equals(origin)
                        && tree.size() < ledger.chain().size()) {
                    Optional<LedgerEntry> following = entry.next(tree.size(), tree.root());
                    if (following.isPresent()) {
                        check(following.get(), tree, ledger);
                    }
                }
            }
        }
    }

    private static void check(LedgerEntry entry, Frontier tree, IndexedLedger ledger) throws Halt {
        if (!entry.hash().equals(ledger.entryHashes().get((int) entry.number()))) {
            throw new Halt(Reason.FOLDER_DISAGREES, "topic and folder have different entries " + entry.number());
        }
        tree.append(entry.hash());
    }
}
