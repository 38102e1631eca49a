package org.brokerhandoff.ledger.evidence;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.SignedNote;

/**
 * The statements of a bundle, unverified. {@link EvidenceText} parses one, {@link EvidenceCheck} verifies it.
 *
 * @param key the Kafka record key, in hexadecimal
 * @param partition the partition of all of the key's events
 * @param present number of events; empty if the claim is that there are none
 * @param events every event of the key, in the order of the ledger
 * @param context other records that an event refers to; they are in the ledger, with no claim of completeness
 * @param entries entry 0, each entry that an event or context names, and the newest
 * @param index index proof of the key
 * @param checkpoint the signed head that everything is proven against
 */
public record EvidenceBundle(
        String key,
        int partition,
        OptionalLong present,
        List<Proven> events,
        List<Proven> context,
        List<Entry> entries,
        Index index,
        SignedNote checkpoint) {
    /** First line of every bundle. */
    public static final String FORM = "handoff-evidence/v1";

    /** Maximum size of a bundle in bytes. */
    public static final int MAXIMUM_BYTES = 16 << 20;

    public EvidenceBundle {
        events = List.copyOf(events);
        context = List.copyOf(context);
        entries = List.copyOf(entries);
    }

    /**
     * A leaf and its proof.
     *
     * @param place its claimed position
     * @param entry number of the entry whose segment contains it
     * @param inclusion audit path in that segment
     */
    public record Proven(Leaf.Place place, long entry, Leaf leaf, List<Hash> inclusion) {
        public Proven {
            inclusion = List.copyOf(inclusion);
        }
    }

    /** An entry and its audit path in the checkpoint's tree. */
    public record Entry(LedgerEntry entry, List<Hash> inclusion) {
        public Entry {
            inclusion = List.copyOf(inclusion);
        }
    }

    /**
     * The index line of the partition, its position under {@code indexes} of the newest entry, and the path from the key to its root.
     *
     * @param inclusion audit path of the line in the tree of index lines
     * @param siblings from the end up to the root's child
     */
    public record Index(LedgerEntry.IndexLine line, List<Hash> inclusion, End end, List<Hash> siblings) {
        public Index {
            inclusion = List.copyOf(inclusion);
            siblings = List.copyOf(siblings);
        }
    }

    /** Where the path from the index root ends. */
    public sealed interface End {
        /** At the key: its history follows from the events. */
        record Key() implements End {}

        /** At an empty node. */
        record Empty() implements End {}

        /** At another key. */
        record Other(Hash path, History history) implements End {}
    }

    /** The key's bytes. */
    public byte[] keyBytes() {
        return HexFormat.of().parseHex(key);
    }

    /** The text, exact to the byte. */
    public byte[] bytes() {
        StringBuilder text = new StringBuilder(FORM).append('\n');
        line(text, "key " + key);
        line(text, "partition " + partition);
        line(text, present.isPresent() ? "present " + present.getAsLong() : "absent");
        for (Proven event : events) {
            line(text, "\nevent " + event.place().topic() + " " + event.place().offset() + " " + event.entry());
            leaf(text, event);
        }
        for (Proven record : context) {
            Leaf.Place place = record.place();
            line(
                    text,
                    "\ncontext " + place.topic() + " " + place.partition() + " " + place.offset() + " "
                            + record.entry());
            leaf(text, record);
        }
        for (Entry entry : entries) {
            line(text, "\nentry " + entry.entry().number());
            line(text, "text " + EvidenceText.base64(entry.entry().bytes()));
            entry.inclusion().forEach(hash -> line(text, hash.toString()));
        }
        line(text, "\n" + index.line().text());
        index.inclusion().forEach(hash -> line(text, hash.toString()));
        if (index.end() instanceof End.Other other) {
            line(
                    text,
                    "end other " + other.path() + " " + other.history().count() + " "
                            + other.history().chain());
        } else {
            line(text, index.end() instanceof End.Key ? "end key" : "end empty");
        }
        index.siblings().forEach(hash -> line(text, hash.equals(Hash.ZERO) ? "-" : hash.toString()));
        line(text, "\ncheckpoint");
        byte[] head = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] note = checkpoint.bytes();
        byte[] bytes = new byte[head.length + note.length];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(note, 0, bytes, head.length, note.length);
        return bytes;
    }

    private static void leaf(StringBuilder text, Proven proven) {
        line(text, "leaf " + EvidenceText.base64(proven.leaf().encode()));
        proven.inclusion().forEach(hash -> line(text, hash.toString()));
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
