package org.brokerhandoff.ledgerservice.witness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.SignedNote;

/** A witness's answer to {@code add-checkpoint}. */
sealed interface WitnessAnswer {
    /** Status 200: signature lines, all unverified. */
    record Cosigned(List<NoteSignature> signatures) implements WitnessAnswer {
        public Cosigned {
            signatures = List.copyOf(signatures);
        }
    }

    /** Status 409: the size that it cosigned last. */
    record At(long size) implements WitnessAnswer {}

    /** Anything else; describes it without quoting. */
    record Failed(String why) implements WitnessAnswer {}

    /** Parses an answer. */
    static WitnessAnswer of(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (status == 409) {
            return Size.FORM.matcher(text).matches()
                    ? new At(Long.parseLong(text.strip()))
                    : new Failed("status 409 without a size");
        }
        if (status != 200) {
            return new Failed("status " + status);
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : text.lines().limit(SignedNote.MAXIMUM_SIGNATURES).toList()) {
            try {
                signatures.add(SignedNote.signature(line));
            } catch (MalformedNote e) {
                return new Failed("status 200 with a line that is not a signature");
            }
        }
        return new Cosigned(signatures);
    }

    /** A size, below 10^18. */
    final class Size {
        private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17})\n?");

        private Size() {}
    }
}
