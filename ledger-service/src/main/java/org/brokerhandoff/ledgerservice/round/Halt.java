package org.brokerhandoff.ledgerservice.round;

import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.replay.IndexedLedger.Mismatch;

/**
 * The ledger cannot be continued: it contradicts the present topics or files. The builder stops; a human has to act. Names positions and
 * counts, never content.
 */
public final class Halt extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a builder stops. Part of the interface for operators and programs. */
    public enum Reason {
        /** A kept topic no longer has the records that the ledger commits to. */
        KEPT_TOPIC_CHANGED,
        /** A kept topic has another id than the one that the ledger covers. */
        TOPIC_RECREATED,
        /** The kept topics have another number of partitions than the ledger. */
        PARTITIONS_CHANGED,
        /** A longer or different ledger is known elsewhere: an older copy was restored here. */
        LEDGER_RESTORED,
        /** Topic and folder have different entries of one number. */
        FOLDER_DISAGREES,
        /** The topic has this ledger and the folder does not. */
        FOLDER_MISSING,
        /** The topic has an entry that does not match the kept topics. */
        FOREIGN_ENTRY,
        /** The topic has another ledger, or lacks the one that this one is to succeed. */
        OTHER_LEDGER
    }

    public Halt(Reason reason, String detail) {
        super(reason + ": " + detail);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** The halt over an entry of the topic that does not match the kept topics. */
    public static Halt of(LedgerEntry entry, Mismatch mismatch) {
        if (mismatch instanceof Mismatch.Segment changed) {
            Segment segment = changed.segment();
            return new Halt(
                    Reason.KEPT_TOPIC_CHANGED,
                    segment.topic() + " " + segment.partition() + " " + segment.first() + ": offsets " + segment.first()
                            + " to " + (segment.end() - 1) + " no longer give the root that entry " + entry.number()
                            + " states");
        }
        return new Halt(
                Reason.FOREIGN_ENTRY,
                "entry " + entry.number() + " of topic checkpoints is not what the kept topics give: "
                        + (mismatch instanceof Mismatch.Broken broken
                                ? broken.objection()
                                : "the index of a partition differs"));
    }
}
