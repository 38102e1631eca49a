package org.brokerhandoff.ledger.witness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;

/**
 * The body of an {@code add-checkpoint} request.
 *
 * @param oldSize size of the last checkpoint that the log believes the witness cosigned, 0 if none
 * @param proof consistency proof from there, empty for size 0
 * @param note the new checkpoint with the log's signatures
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedNote note) {
    /** Maximum number of lines of a consistency proof. */
    public static final int MAXIMUM_PROOF_LINES = 63;

    private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,18})");

    public AddCheckpoint {
        proof = List.copyOf(proof);
    }

    /**
     * Parses a body.
     *
     * @throws MalformedNote if it violates the format, which is status 400
     */
    public static AddCheckpoint parse(byte[] body) throws MalformedNote {
        if (body.length > SignedNote.MAXIMUM_BYTES) {
            throw new MalformedNote("a request has at most " + SignedNote.MAXIMUM_BYTES + " bytes");
        }
        // Offsets are the same in bytes and characters of this charset; the note is decoded separately as UTF-8.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int separator = text.indexOf("\n\n");
        if (separator < 0) {
            throw new MalformedNote("an empty line stands before the checkpoint");
        }
        String[] lines = text.substring(0, separator).split("\n", -1);
        Matcher old = OLD.matcher(lines[0]);
        if (!old.matches()) {
            throw new MalformedNote("the first line is old and a size in decimal without leading zeros");
        }
        if (lines.length - 1 > MAXIMUM_PROOF_LINES) {
            throw new MalformedNote("a consistency proof has at most " + MAXIMUM_PROOF_LINES + " lines");
        }
        List<Hash> proof = new ArrayList<>();
        try {
            for (String line : Arrays.asList(lines).subList(1, lines.length)) {
                proof.add(Hash.parse(line));
            }
            return new AddCheckpoint(
                    Long.parseLong(old.group(1)),
                    proof,
                    SignedNote.parse(Arrays.copyOfRange(body, separator + 2, body.length)));
        } catch (IllegalArgumentException e) {
            throw new MalformedNote("a size is below 2^63, and a line of a consistency proof one hash in base64");
        }
    }

    /** The body. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder("old ").append(oldSize).append('\n');
        proof.forEach(hash -> head.append(hash).append('\n'));
        byte[] start = head.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
        byte[] end = note.bytes();
        byte[] body = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, body, start.length, end.length);
        return body;
    }
}
