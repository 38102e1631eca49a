package org.brokerhandoff.ledgerservice.round;

import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.replay.IndexedLedger.Mismatch;

/**
 * The ledger can no longer be continued as it is: what it says and what is there contradict each other. The builder stops; a person has
 * to look. Names places and counts, never content.
 */
public final class Halt extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a builder stops. Part of what operators and programs rely on. */
    public enum Reason {
        /** A kept topic no longer has the records that the ledger commits to. */
        KEPT_TOPIC_CHANGED,
        /** A kept topic has another id than the one that the ledger covers. */
        TOPIC_RECREATED,
        /** The kept topics have another number of partitions than the ledger. */
        PARTITIONS_CHANGED,
        /** A longer or another ledger than the one that is here is known elsewhere: an older copy was put back. */
        LEDGER_RESTORED,
        /** Topic and folder have different entries of one number. */
        FOLDER_DISAGREES,
        /** The topic has this ledger and the folder does not. */
        FOLDER_MISSING,
        /** The topic has an entry that the kept topics do not give. */
        FOREIGN_ENTRY,
        /** The topic has another ledger, or the one that this one is to succeed is not there. */
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

    /** The halt over an entry of the topic that is not what the kept topics give. */
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
