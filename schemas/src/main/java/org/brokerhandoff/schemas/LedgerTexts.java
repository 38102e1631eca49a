package org.brokerhandoff.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;

/** Whether topic {@code checkpoints} may hold a text: exactly one of the two forms of docs/transparency.md. */
final class LedgerTexts {
    private LedgerTexts() {}

    static boolean isEntry(String text) {
        try {
            EntryText.parse(text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (MalformedEntry e) {
            return false;
        }
    }

    /** Signatures are not verified here; their names have the form of an origin, so that no other text stands beside them. */
    static boolean isSignedCheckpoint(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            SignedNote note = SignedNote.parse(bytes);
            return EntryText.isOrigin(Checkpoint.parse(note.text()).origin())
                    && note.signatures().stream()
                            .allMatch(signature -> EntryText.isOrigin(signature.name())
                                    && signature.signature().length <= MAXIMUM_SIGNATURE_BYTES)
                    && Arrays.equals(note.bytes(), bytes);
        } catch (MalformedNote e) {
            return false;
        }
    }

    /** A time and an ML-DSA-44 signature, the longest that a cosigner has. */
    private static final int MAXIMUM_SIGNATURE_BYTES = 8 + 2420;
}
