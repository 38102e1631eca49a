package org.brokerhandoff.audit.verify;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition number, grouped by subject: all about one signup, or visitor, together, those of one topic in order. So memory
 * holds one subject at a time.
 *
 * <p>A record is stored as subject (16 bytes), {@link Kind} (1), offset (8), number of its part (2), then the part: the bytes of its kind and
 * the event as in Kafka.
 */
final class SubjectRecords {
    /** Subject of records without one. */
    static final UUID NONE = new UUID(0, 0);

    private static final int KEY_BYTES = 16 + 1 + 8 + 2;
    private static final int PART_BYTES = Sorted.LONGEST_BYTES - KEY_BYTES;
    private static final List<RecordEnd> ENDS = List.of(RecordEnd.values());
    private static final List<SealedTopic> SEALED = List.of(SealedTopic.values());
    private static final List<Topic> TOPICS = List.of(Topic.values());
    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Sorted sorted;

    /** What a record is to its subject, in output order. */
    private enum Kind {
        /** An account of one of its sealed records; it is in {@code purges}. */
        FINISH,
        PURGES,
        HANDOFFS,
        CONSENTS,
        /** A place under a cap, which is in the partition of its broker. */
        PLACE,
        /** States nothing about the subject here; is judged individually. */
        RECORD,
        /** Without a subject: folded again when a verification continues from a state. */
        FOLDED
    }

    /** Receives folded events, in order. */
    interface Folded {
        /** Takes the event at {@code offset} of its partition of {@code topic}. */
        void take(Topic topic, long offset, SpecificRecord event);
    }

    /** An item about a subject. */
    sealed interface Entry {
        /** An account of one of its sealed records. */
        record Finished(Fact.Finish fact) implements Entry {}

        /**
         * A record.
         *
         * @param granted whether it is a granted place
         * @param counts whether it states something about the subject
         */
        record Kept(KeptRecord record, boolean granted, boolean counts) implements Entry {}
    }

    SubjectRecords(Sorted sorted) {
        this.sorted = sorted;
    }

    /** Adds an account, at {@code offset} of {@code purges}. */
    void add(UUID signup, long offset, Fact.Finish finish) {
        ByteBuffer own = ByteBuffer.allocate(18)
                .put((byte) SEALED.indexOf(finish.topic()))
                .putLong(finish.offset())
                .put((byte) ENDS.indexOf(finish.end()))
                .putLong(finish.finishedAtMillis());
        add(signup, Kind.FINISH, offset, own.array(), new byte[0]);
    }

    /** Adds a record that states something about {@code subject}. */
    void add(UUID subject, KeptRecord record) {
        Kind kind = switch (record.topic()) {
            case PURGES -> Kind.PURGES;
            case HANDOFFS -> Kind.HANDOFFS;
            default -> Kind.CONSENTS;
        };
        add(subject, kind, record.offset(), new byte[0], value(record));
    }

    /** Adds a place that {@code signup} requested or released. */
    void addPlace(UUID signup, KeptRecord record, boolean granted) {
        byte[] own = ByteBuffer.allocate(5)
                .putInt(record.partition())
                .put((byte) (granted ? 1 : 0))
                .array();
        add(signup, Kind.PLACE, record.offset(), own, value(record));
    }

    /** Adds a record that is to be judged individually. */
    void addAlone(UUID subject, KeptRecord record) {
        byte[] own = {(byte) TOPICS.indexOf(record.topic())};
        add(subject, Kind.RECORD, record.offset(), own, value(record));
    }

    /** Adds a folded record: the {@code number}-th. */
    void addFolded(long number, KeptRecord record) {
        byte[] own = ByteBuffer.allocate(9)
                .put((byte) TOPICS.indexOf(record.topic()))
                .putLong(record.offset())
                .array();
        add(NONE, Kind.FOLDED, number, own, value(record));
    }

    /** Passes the folded records, in order; returns their number. */
    long forEachFolded(EventCodec codec, Folded folded) {
        Whole whole = new Whole();
        long[] count = {0};
        Consumer<byte[]> taker = laidDown -> {
            ByteBuffer bytes = ByteBuffer.wrap(laidDown);
            bytes.position(KEY_BYTES);
            Topic topic = TOPICS.get(bytes.get());
            long offset = bytes.getLong();
            byte[] value = new byte[bytes.remaining()];
            bytes.get(value);
            count[0]++;
            folded.take(topic, offset, ((Decoded.Event) codec.decode(value)).event());
        };
        try (Sorted.Cursor cursor = sorted.cursor()) {
            for (byte[] next = cursor.next(); next != null && isOfNone(next); next = cursor.next()) {
                if (next[SignupIds.LENGTH_BYTES] == KINDS.indexOf(Kind.FOLDED)) {
                    whole.take(next, taker);
                }
            }
        }
        whole.end(taker);
        return count[0];
    }

    private static boolean isOfNone(byte[] laidDown) {
        return NONE.equals(SignupIds.uuid(Arrays.copyOf(laidDown, SignupIds.LENGTH_BYTES)));
    }

    /** Reassembles the parts of a record. */
    private static final class Whole {
        private byte[] whole = new byte[0];

        /** Takes the next part; {@code next} receives the record completed before it. */
        void take(byte[] laidDown, Consumer<byte[]> next) {
            if (laidDown[KEY_BYTES - 2] != 0 || laidDown[KEY_BYTES - 1] != 0) {
                int before = whole.length;
                whole = Arrays.copyOf(whole, before + laidDown.length - KEY_BYTES);
                System.arraycopy(laidDown, KEY_BYTES, whole, before, laidDown.length - KEY_BYTES);
                return;
            }
            end(next);
            whole = laidDown;
        }

        void end(Consumer<byte[]> next) {
            if (whole.length > 0) {
                next.accept(whole);
            }
            whole = new byte[0];
        }
    }

    private static byte[] value(KeptRecord record) {
        return record.stored().value().orElseThrow();
    }

    private void add(UUID subject, Kind kind, long offset, byte[] own, byte[] value) {
        byte[] content = Arrays.copyOf(own, own.length + value.length);
        System.arraycopy(value, 0, content, own.length, value.length);
        int parts = Math.max(1, (content.length + PART_BYTES - 1) / PART_BYTES);
        for (int part = 0; part < parts; part++) {
            int from = part * PART_BYTES;
            int length = Math.min(PART_BYTES, content.length - from);
            sorted.add(ByteBuffer.allocate(KEY_BYTES + length)
                    .put(SignupIds.bytes(subject))
                    .put((byte) KINDS.indexOf(kind))
                    .putLong(offset)
                    .putShort((short) part)
                    .put(content, from, length)
                    .array());
        }
    }

    /** Passes all entries of each subject together, subjects in byte order. */
    void forEach(int partition, EventCodec codec, BiConsumer<UUID, List<Entry>> subjects) {
        Reading reading = new Reading(partition, codec, subjects);
        sorted.forEach(laidDown -> reading.whole.take(laidDown, reading::entry));
        reading.whole.end(reading::entry);
        reading.endSubject();
    }

    private static final class Reading {
        private final int partition;
        private final EventCodec codec;
        private final BiConsumer<UUID, List<Entry>> subjects;
        private List<Entry> entries = new ArrayList<>();
        private @Nullable UUID subject;
        private final Whole whole = new Whole();

        Reading(int partition, EventCodec codec, BiConsumer<UUID, List<Entry>> subjects) {
            this.partition = partition;
            this.codec = codec;
            this.subjects = subjects;
        }

        private void entry(byte[] laidDown) {
            if (laidDown[SignupIds.LENGTH_BYTES] == KINDS.indexOf(Kind.FOLDED)) {
                return;
            }
            UUID next = SignupIds.uuid(Arrays.copyOf(laidDown, SignupIds.LENGTH_BYTES));
            if (!next.equals(subject)) {
                endSubject();
                subject = next;
            }
            entries.add(entry(ByteBuffer.wrap(laidDown)));
        }

        private Entry entry(ByteBuffer laidDown) {
            byte[] key = new byte[SignupIds.LENGTH_BYTES];
            laidDown.get(key);
            Kind kind = KINDS.get(laidDown.get());
            long offset = laidDown.getLong();
            laidDown.getShort();
            return switch (kind) {
                case FINISH ->
                    new Entry.Finished(new Fact.Finish(
                            SEALED.get(laidDown.get()),
                            laidDown.getLong(),
                            ENDS.get(laidDown.get()),
                            laidDown.getLong()));
                case PURGES -> new Entry.Kept(record(Topic.PURGES, partition, offset, key, laidDown), false, true);
                case HANDOFFS -> new Entry.Kept(record(Topic.HANDOFFS, partition, offset, key, laidDown), false, true);
                case CONSENTS -> new Entry.Kept(record(Topic.CONSENTS, partition, offset, key, laidDown), false, true);
                case PLACE -> {
                    int ofBroker = laidDown.getInt();
                    boolean granted = laidDown.get() == 1;
                    yield new Entry.Kept(record(Topic.PLACES, ofBroker, offset, key, laidDown), granted, true);
                }
                case RECORD ->
                    new Entry.Kept(record(TOPICS.get(laidDown.get()), partition, offset, key, laidDown), false, false);
                case FOLDED -> throw new IllegalStateException("of no subject");
            };
        }

        private KeptRecord record(Topic topic, int partitionOfRecord, long offset, byte[] key, ByteBuffer laidDown) {
            byte[] value = new byte[laidDown.remaining()];
            laidDown.get(value);
            Decoded decoded = codec.decode(value);
            return KeptRecord.again(topic, partitionOfRecord, offset, key, Optional.of(value), decoded);
        }

        private void endSubject() {
            if (subject != null) {
                subjects.accept(subject, entries);
                entries = new ArrayList<>();
            }
        }
    }
}
