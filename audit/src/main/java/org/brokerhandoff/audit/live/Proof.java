package org.brokerhandoff.audit.live;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.evidence.EvidenceText;
import org.brokerhandoff.ledger.evidence.UnreadableEvidence;
import org.brokerhandoff.ledger.note.Judgement;

/** Whether the log's events of a signup are proven to be complete. */
sealed interface Proof {
    /**
     * They are.
     *
     * @param events number of events
     * @param size entries of the ledger that the checkpoint covers
     * @param asOf end of the coverage
     * @param level who vouches for the checkpoint; empty: its signatures were not verified
     * @param cosigners names of the witnesses whose cosignatures count
     */
    record Complete(
            int events, long size, String origin, Instant asOf, Optional<Judgement.Level> level, List<String> cosigners)
            implements Proof {
        /** Copies the list. */
        public Complete {
            cosigners = List.copyOf(cosigners);
        }
    }

    /** Ledger and topics contradict each other. */
    record Contradicted(String why) implements Proof {}

    /** There is no ledger, or no checkpoint yet. */
    record None(String why) implements Proof {}

    /** It takes longer; retry later. */
    record Pending() implements Proof {}

    /** A proof whose index and events agree, with a checkpoint whose signatures are not verified. */
    static Proof unsigned(byte[] evidence) {
        EvidenceBundle bundle = parsed(evidence);
        var last = bundle.entries().get(bundle.entries().size() - 1).entry();
        return new Complete(
                bundle.events().size(),
                last.number() + 1,
                bundle.entries()
                        .get(0)
                        .entry()
                        .genesis()
                        .map(LedgerEntry.Genesis::origin)
                        .orElse("–"),
                Instant.ofEpochSecond(last.timeSeconds()),
                Optional.empty(),
                List.of());
    }

    /** When the newest entry of a proof was made, by the ledger's clock. */
    static Instant entryTime(byte[] evidence) {
        EvidenceBundle bundle = parsed(evidence);
        return Instant.ofEpochSecond(
                bundle.entries().get(bundle.entries().size() - 1).entry().timeSeconds());
    }

    private static EvidenceBundle parsed(byte[] evidence) {
        try {
            return EvidenceText.parse(evidence);
        } catch (UnreadableEvidence e) {
            throw new IllegalStateException("what was just made can be read", e);
        }
    }
}
