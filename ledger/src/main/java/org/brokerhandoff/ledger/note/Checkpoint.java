package org.brokerhandoff.ledger.note;

import java.util.List;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The text of a signed tree head: exactly three lines. Extension lines are refused, because ML-DSA cosignatures do not sign them and
 * no monitor can check them; all statements of a ledger are entries.
 *
 * @param origin the log's identity
 * @param size leaves of the tree, from 0
 * @param root its MTH
 */
public record Checkpoint(String origin, long size, Hash root) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");

    /**
     * Parses the text of a note. Does not verify its signatures.
     *
     * @throws MalformedNote if it is not the text of a checkpoint
     */
    public static Checkpoint parse(String text) throws MalformedNote {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() != 4 || !lines.get(3).isEmpty() || lines.get(0).isEmpty()) {
            throw new MalformedNote("a checkpoint has exactly three lines");
        }
        if (!SIZE.matcher(lines.get(1)).matches()) {
            throw new MalformedNote("the second line of a checkpoint is the size, in decimal without leading zeros");
        }
        try {
            return new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), Hash.parse(lines.get(2)));
        } catch (IllegalArgumentException e) {
            throw new MalformedNote("a checkpoint's size is below 2^63, and its third line the root in base64");
        }
    }

    /** The three lines, each with its line feed. */
    public String text() {
        return origin + "\n" + size + "\n" + root + "\n";
    }
}
