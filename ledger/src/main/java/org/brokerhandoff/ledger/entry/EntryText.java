package org.brokerhandoff.ledger.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Predecessor;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * Parses the text of an entry. Strict: a text is accepted only if serialising the result gives the same bytes, so each entry has one text,
 * and no other message fits into it.
 */
public final class EntryText {
    /** Scheme-less URL prefix; the last part is the generation. */
    private static final String ORIGIN = "[A-Za-z0-9.:/_-]{1,200}";

    private static final String NUMBER = "(?:0|[1-9][0-9]{0,18})";
    private static final String HASH = "[A-Za-z0-9+/]{43}=";
    private static final String TOPIC = "[a-z0-9-]{1,64}";
    private static final String KAFKA_ID = "[A-Za-z0-9_-]{1,64}";

    private final List<String> lines;
    private int next;

    private EntryText(List<String> lines) {
        this.lines = lines;
    }

    /** Whether {@code text} can be a ledger's origin. */
    public static boolean isOrigin(String text) {
        return text.matches(ORIGIN);
    }

    /**
     * Reads an entry.
     *
     * @throws MalformedEntry for the first line that violates the grammar
     */
    public static LedgerEntry parse(byte[] bytes) throws MalformedEntry {
        if (bytes.length > LedgerEntry.MAXIMUM_BYTES) {
            throw new MalformedEntry("an entry has at most " + LedgerEntry.MAXIMUM_BYTES + " bytes");
        }
        // Every character of the grammar is ASCII; others survive as replacements and fail the comparison below.
        String text = new String(bytes, StandardCharsets.US_ASCII);
        if (!text.endsWith("\n")) {
            throw new MalformedEntry("an entry ends with a line feed");
        }
        LedgerEntry entry;
        try {
            entry = new EntryText(
                            Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1)))
                    .entry();
        } catch (IllegalArgumentException e) {
            throw new MalformedEntry("a number or hash of the entry is out of its range");
        }
        if (!Arrays.equals(entry.bytes(), bytes)) {
            throw new MalformedEntry("the entry is not in its canonical form");
        }
        return entry;
    }

    private LedgerEntry entry() throws MalformedEntry {
        only(LedgerEntry.FORM);
        long number = Long.parseLong(only("number (" + NUMBER + ")").get(0));
        Hash prior = Hash.parse(only("prior (" + HASH + ")").get(0));
        long time = Long.parseLong(only("time (" + NUMBER + ")").get(0));
        long settled = Long.parseLong(only("settled (" + NUMBER + ")").get(0));
        Optional<Genesis> genesis = number == 0 ? Optional.of(genesis()) : Optional.empty();
        List<TopicLine> topics = new ArrayList<>();
        for (List<String> words : all("topic (" + TOPIC + ") (" + KAFKA_ID + ") (indexed|plain)")) {
            topics.add(new TopicLine(words.get(0), words.get(1), words.get(2).equals("indexed")));
        }
        List<String> keys = new ArrayList<>();
        for (List<String> words : all("key (" + ORIGIN + "\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]+={0,2})")) {
            keys.add(words.get(0));
        }
        if (number == 0 && (topics.isEmpty() || keys.isEmpty())) {
            throw expected("topic and key lines in entry 0");
        }
        List<Segment> segments = segments();
        List<IndexLine> indexes = new ArrayList<>();
        for (List<String> words : all("index (" + NUMBER + ") (" + NUMBER + ") (" + HASH + ")")) {
            IndexLine line = new IndexLine(
                    Integer.parseInt(words.get(0)), Long.parseLong(words.get(1)), Hash.parse(words.get(2)));
            if (!indexes.isEmpty() && indexes.get(indexes.size() - 1).partition() >= line.partition()) {
                throw new MalformedEntry("line " + next + ": index lines ascend by partition");
            }
            indexes.add(line);
        }
        Hash root = Hash.parse(only("indexes (" + HASH + ")").get(0));
        if (next != lines.size()) {
            throw expected("nothing after the line indexes");
        }
        return new LedgerEntry(number, prior, time, settled, genesis, topics, keys, segments, indexes, root);
    }

    private Genesis genesis() throws MalformedEntry {
        String origin = only("ledger (" + ORIGIN + ")").get(0);
        String cluster = only("cluster (" + KAFKA_ID + ")").get(0);
        int partitions = Integer.parseInt(only("partitions (" + NUMBER + ")").get(0));
        if (partitions < 1) {
            throw expected("at least one partition");
        }
        List<List<String>> succeeds = all("succeeds (" + ORIGIN + ") (" + NUMBER + ") (" + HASH + ")");
        if (succeeds.size() > 1) {
            throw expected("one line succeeds at most");
        }
        return new Genesis(
                origin,
                cluster,
                partitions,
                succeeds.stream()
                        .findFirst()
                        .map(words ->
                                new Predecessor(words.get(0), Long.parseLong(words.get(1)), Hash.parse(words.get(2)))));
    }

    private List<Segment> segments() throws MalformedEntry {
        List<Segment> segments = new ArrayList<>();
        for (List<String> words :
                all("segment (" + TOPIC + ") (" + NUMBER + ") (" + NUMBER + ") (" + NUMBER + ") (" + HASH + ")")) {
            Segment segment = new Segment(
                    words.get(0),
                    Integer.parseInt(words.get(1)),
                    Long.parseLong(words.get(2)),
                    Integer.parseInt(words.get(3)),
                    Hash.parse(words.get(4)));
            if (segment.count() < 1 || segment.count() > LedgerEntry.MAXIMUM_LEAVES || segment.end() < 0) {
                throw new MalformedEntry(
                        "line " + next + ": a segment has 1 to " + LedgerEntry.MAXIMUM_LEAVES + " leaves");
            }
            segments.add(segment);
        }
        if (segments.size() > LedgerEntry.MAXIMUM_SEGMENTS) {
            throw new MalformedEntry("an entry has at most " + LedgerEntry.MAXIMUM_SEGMENTS + " segments");
        }
        return segments;
    }

    /** The groups of the next line, which must match. */
    private List<String> only(String pattern) throws MalformedEntry {
        Optional<List<String>> groups = take(Pattern.compile(pattern));
        return groups.orElseThrow(() -> expected("a line of the form " + pattern.split(" ", 2)[0]));
    }

    /** The groups of all following lines that match. */
    private List<List<String>> all(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        List<List<String>> matches = new ArrayList<>();
        Optional<List<String>> groups = take(compiled);
        while (groups.isPresent()) {
            matches.add(groups.get());
            groups = take(compiled);
        }
        return matches;
    }

    private Optional<List<String>> take(Pattern pattern) {
        if (next == lines.size()) {
            return Optional.empty();
        }
        var matcher = pattern.matcher(lines.get(next));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        next++;
        List<String> groups = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            groups.add(matcher.group(i));
        }
        return Optional.of(groups);
    }

    private MalformedEntry expected(String what) {
        return new MalformedEntry("line " + (next + 1) + ": expected " + what);
    }
}
