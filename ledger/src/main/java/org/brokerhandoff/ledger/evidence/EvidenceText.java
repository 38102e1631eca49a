package org.brokerhandoff.ledger.evidence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.End;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Entry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Index;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Proven;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;

/**
 * Parses the text of an evidence bundle. Strict, as {@link EntryText} is: serialising the result must give the same bytes. A line that starts
 * with an unknown word, where a known one could be, indicates a newer version, not a forgery.
 */
public final class EvidenceText {
    private static final String NUMBER = "(0|[1-9][0-9]{0,18})";
    private static final String TOPIC = "([a-z0-9-]{1,64})";
    private static final String HASH = "([A-Za-z0-9+/]{43}=)";
    private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";
    private static final List<String> WORDS = List.of(
            "key",
            "partition",
            "present",
            "absent",
            "event",
            "leaf",
            "context",
            "entry",
            "text",
            "index",
            "end",
            "checkpoint");

    private final List<String> lines;
    private final byte[] note;
    private int next;

    private EvidenceText(List<String> lines, byte[] note) {
        this.lines = lines;
        this.note = note;
    }

    /**
     * Parses a bundle.
     *
     * @throws UnreadableEvidence if it is not one, or of a newer version
     */
    public static EvidenceBundle parse(byte[] bytes) throws UnreadableEvidence {
        if (bytes.length > EvidenceBundle.MAXIMUM_BYTES) {
            throw UnreadableEvidence.malformed("a bundle has at most " + EvidenceBundle.MAXIMUM_BYTES + " bytes");
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("handoff-evidence/")) {
            throw UnreadableEvidence.malformed("not an evidence bundle");
        }
        if (!text.startsWith(EvidenceBundle.FORM + "\n")) {
            throw UnreadableEvidence.newer();
        }
        String separator = "\n\ncheckpoint\n";
        int end = text.indexOf(separator);
        if (end < 0) {
            throw UnreadableEvidence.malformed("a bundle ends with a checkpoint");
        }
        List<String> lines = Arrays.asList(text.substring(0, end).split("\n", -1));
        byte[] note = Arrays.copyOfRange(bytes, end + separator.length(), bytes.length);
        EvidenceBundle bundle;
        try {
            bundle = new EvidenceText(lines, note).bundle();
        } catch (IllegalArgumentException e) {
            throw UnreadableEvidence.malformed("a number, hash or place of the bundle is out of its range");
        } catch (MalformedEntry | MalformedNote e) {
            throw UnreadableEvidence.malformed(String.valueOf(e.getMessage()));
        }
        if (!Arrays.equals(bundle.bytes(), bytes)) {
            throw UnreadableEvidence.malformed("the bundle is not in its canonical form");
        }
        return bundle;
    }

    private EvidenceBundle bundle() throws UnreadableEvidence, MalformedEntry, MalformedNote {
        next = 1;
        String key = only("key ((?:[0-9a-f]{2}){1,64})").group(1);
        int partition = Integer.parseInt(only("partition " + NUMBER).group(1));
        Matcher claim = only("present " + NUMBER + "|absent");
        OptionalLong present =
                claim.group(1) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(claim.group(1)));
        List<Proven> events = new ArrayList<>();
        while (block("event")) {
            Matcher event = only("event " + TOPIC + " " + NUMBER + " " + NUMBER);
            Leaf.Place place = new Leaf.Place(event.group(1), partition, Long.parseLong(event.group(2)));
            events.add(proven(place, Long.parseLong(event.group(3))));
        }
        List<Proven> context = new ArrayList<>();
        while (block("context")) {
            Matcher record = only("context " + TOPIC + " " + NUMBER + " " + NUMBER + " " + NUMBER);
            Leaf.Place place =
                    new Leaf.Place(record.group(1), Integer.parseInt(record.group(2)), Long.parseLong(record.group(3)));
            context.add(proven(place, Long.parseLong(record.group(4))));
        }
        List<Entry> entries = new ArrayList<>();
        while (block("entry")) {
            only("entry " + NUMBER);
            byte[] entry = Base64.getDecoder().decode(only("text " + BASE64).group(1));
            entries.add(new Entry(EntryText.parse(entry), hashes(HASH)));
        }
        if (!block("index")) {
            throw expected("index");
        }
        Index index = index();
        if (next != lines.size()) {
            throw expected("checkpoint");
        }
        return new EvidenceBundle(key, partition, present, events, context, entries, index, SignedNote.parse(note));
    }

    private Proven proven(Leaf.Place place, long entry) throws UnreadableEvidence, MalformedEntry {
        byte[] leaf = Base64.getDecoder().decode(only("leaf " + BASE64).group(1));
        return new Proven(place, entry, Leaf.decode(leaf), hashes(HASH));
    }

    private Index index() throws UnreadableEvidence {
        Matcher line = only("index " + NUMBER + " " + NUMBER + " " + HASH);
        IndexLine index = new IndexLine(
                Integer.parseInt(line.group(1)), Long.parseLong(line.group(2)), Hash.parse(line.group(3)));
        List<Hash> inclusion = hashes(HASH);
        Matcher end = only("end (?:(key)|(empty)|other " + HASH + " " + NUMBER + " " + HASH + ")");
        End at = end.group(1) != null
                ? new End.Key()
                : end.group(2) != null
                        ? new End.Empty()
                        : new End.Other(
                                Hash.parse(end.group(3)),
                                new History(Long.parseLong(end.group(4)), Hash.parse(end.group(5))));
        return new Index(index, inclusion, at, hashes("(-)|" + HASH));
    }

    /** Whether a block of this word is next; skips the empty line before it. */
    private boolean block(String word) {
        boolean here = next + 1 < lines.size()
                && lines.get(next).isEmpty()
                && lines.get(next + 1).startsWith(word + " ");
        if (here) {
            next++;
        }
        return here;
    }

    private List<Hash> hashes(String pattern) {
        List<Hash> hashes = new ArrayList<>();
        Pattern compiled = Pattern.compile(pattern);
        while (next < lines.size() && compiled.matcher(lines.get(next)).matches()) {
            String line = lines.get(next++);
            hashes.add(line.equals("-") ? Hash.ZERO : Hash.parse(line));
        }
        return hashes;
    }

    private Matcher only(String pattern) throws UnreadableEvidence {
        if (next < lines.size()) {
            Matcher matcher = Pattern.compile(pattern).matcher(lines.get(next));
            if (matcher.matches()) {
                next++;
                return matcher;
            }
        }
        throw expected(pattern.split(" ", 2)[0]);
    }

    /** The next line is not as required: an unknown word indicates a newer version, anything else is an error. */
    private UnreadableEvidence expected(String word) {
        int at = next < lines.size() && lines.get(next).isEmpty() ? next + 1 : next;
        String found = at < lines.size() ? lines.get(at).split(" ", 2)[0] : "";
        return found.matches("[a-z-]{2,32}") && !WORDS.contains(found)
                ? UnreadableEvidence.newer()
                : UnreadableEvidence.malformed("line " + (at + 1) + ": expected " + word);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
