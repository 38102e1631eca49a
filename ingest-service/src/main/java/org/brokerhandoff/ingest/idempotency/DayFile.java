package org.brokerhandoff.ingest.idempotency;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ingest.idempotency.JournalRecord.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one day, appended in order, and their index. The file grows by a mebibyte of zeros at a time, so that a sync writes only
 * records and no file system metadata, and a full disk shows before a record is half written.
 *
 * <p>A record is durable once a sync that began after it has ended; each record states how many were durable before it. At the next start
 * this distinguishes damage from a power cut:
 *
 * <ul>
 * <li>An incomplete record <em>behind</em> the last complete one was being appended at the crash or power cut: it is overwritten.
 * <li>An incomplete record before it that was never known to be durable was left unwritten by a power cut: nothing was published under it. It
 * becomes void.
 * <li>An incomplete record that was durable is damage. Its key is unknown, so any key that is not found might be the one: {@link #damaged}.
 * It is harmless if a later record replaces it.
 * </ul>
 *
 * <p>A complete record never known to be durable may exist only in the page cache, and the kernel may have reported its failed sync to a dead
 * process; it is written again, and synced, before lookups are answered.
 *
 * <p>Not thread-safe, except for {@link #sync} and {@link #isDurable}.
 */
final class DayFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DayFile.class);
    private static final int CHUNK_RECORDS = 8192;
    private static final int CHUNK_BYTES = CHUNK_RECORDS * JournalRecord.BYTES;

    private final Path file;
    private final long day;
    private final FileChannel channel;
    private final DigestIndex index = new DigestIndex();
    private final ByteBuffer record = ByteBuffer.allocateDirect(JournalRecord.BYTES);
    private int capacity;
    private int damaged;
    private volatile int next = 1; // written by one thread at a time
    private volatile int durable;

    private DayFile(Path file, long day, FileChannel channel) {
        this.file = file;
        this.day = day;
        this.channel = channel;
    }

    /**
     * Opens the file of {@code day}, or creates it.
     *
     * @param check digest of nothing under the day's key
     * @throws IdempotencyFailed if the file belongs to another key
     */
    static DayFile open(Path file, long day, byte[] check) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        DayFile opened = new DayFile(file, day, channel);
        try {
            opened.load(check);
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    long day() {
        return day;
    }

    /** Records that were durable and are incomplete. */
    int damaged() {
        return damaged;
    }

    DigestIndex index() {
        return index;
    }

    // ------------------------------------------------------------ appending

    /** Appends what {@code reservation} says; it is not durable yet. */
    Reservation append(Kind kind, Reservation reservation) throws IOException {
        byte[] digest = reservation.id().digest();
        int former = reservation.id().record();
        if (former != 0 && !index.has(start(digest), former)) {
            // Another record was written since the reservation was read.
            former = newest(digest);
        }
        ReservationId id = new ReservationId(day, digest, roomForOne());
        Reservation renumbered = reservation.with(id);
        JournalRecord.encode(record, kind, former, durable, renumbered);
        write(record, id.record());
        index.set(start(digest), former, id.record());
        next = id.record() + 1;
        return renumbered;
    }

    private int roomForOne() throws IOException {
        if (next == capacity) {
            write(ByteBuffer.allocate(CHUNK_BYTES), capacity);
            capacity += CHUNK_RECORDS;
        }
        return next;
    }

    private void write(ByteBuffer bytes, int number) throws IOException {
        long at = (long) number * JournalRecord.BYTES;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Makes durable what was appended before the call. For one thread at a time. */
    void sync() throws IOException {
        int written = next;
        if (durable != written) {
            channel.force(false);
            durable = written;
        }
    }

    /** Whether {@code number} was appended before a sync that has completed. */
    boolean isDurable(int number) {
        return number < durable;
    }

    // ------------------------------------------------------------ reading

    /** The content of the newest record of {@code digest}, unless it was released; then its number. */
    Found find(byte[] digest) {
        int number = newest(digest);
        if (number == 0) {
            return new Found(0, Optional.empty());
        }
        read(number);
        return new Found(
                number,
                JournalRecord.kind(record, 0) == Kind.RELEASED
                        ? Optional.empty()
                        : Optional.of(JournalRecord.reservation(record)));
    }

    /**
     * Result of a search.
     *
     * @param record the newest record of the digest, 0: none
     */
    record Found(int record, Optional<Reservation> reservation) {}

    private int newest(byte[] digest) {
        return index.find(start(digest), number -> {
            read(number);
            return Arrays.equals(digest, JournalRecord.digest(record));
        });
    }

    private void read(int number) {
        try {
            record.clear();
            long at = (long) number * JournalRecord.BYTES;
            while (record.hasRemaining()) {
                int count = channel.read(record, at + record.position());
                if (count < 0) {
                    throw new EOFException();
                }
            }
            record.clear();
        } catch (IOException e) {
            throw new IdempotencyFailed("the idempotency file cannot be read", e);
        }
        if (!JournalRecord.isWhole(record, 0, day, number)) {
            damaged++;
            LOG.error("record {} of {} is damaged", number, file);
            throw new IdempotencyFailed("a record of the idempotency file is damaged");
        }
    }

    // ------------------------------------------------------------ loading

    private void load(byte[] check) throws IOException {
        capacity = (int) (channel.size() / JournalRecord.BYTES);
        Scan scan = new Scan();
        scan.run();
        byte[] found = scan.head;
        if (found != null && !Arrays.equals(found, check)) {
            throw new IdempotencyFailed(
                    file + " was written under another day key than the one in the file of day keys beside it");
        }
        if (scan.blank) {
            create(check);
        } else {
            damaged = scan.damaged();
            next = scan.last + 1;
            rewrite(scan);
        }
        channel.force(true);
        durable = next;
        if (damaged > 0) {
            LOG.error("{}: {} records are damaged", file, damaged);
        }
    }

    private void create(byte[] check) throws IOException {
        capacity = 0;
        write(ByteBuffer.allocate(CHUNK_BYTES), 0);
        capacity = CHUNK_RECORDS;
        JournalRecord.encode(record, Kind.HEAD, 0, 0, new ReservationId(day, check, 0));
        write(record, 0);
        channel.force(true);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    /** Rewrites everything not known to be durable, with void records in the gaps. */
    private void rewrite(Scan scan) throws IOException {
        int voided = 0;
        for (int number = Math.max(1, scan.durable); number < next; number++) {
            if (scan.notWhole.get(number)) {
                JournalRecord.encode(
                        record, Kind.VOID, 0, 0, new ReservationId(day, new byte[DayKeys.DIGEST_BYTES], number));
                voided++;
            } else {
                read(number);
            }
            write(record, number);
        }
        if (voided > 0) {
            LOG.warn("{}: {} records were never written completely; nothing was published under them", file, voided);
        }
    }

    /** One pass over the file. */
    private final class Scan {
        final BitSet notWhole = new BitSet();
        boolean blank = true;
        int last;
        int durable;
        byte @Nullable [] head;

        void run() throws IOException {
            ByteBuffer part = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (int first = 0; first < capacity; first += CHUNK_RECORDS) {
                part.clear().limit(Math.min(CHUNK_RECORDS, capacity - first) * JournalRecord.BYTES);
                while (part.hasRemaining()) {
                    if (channel.read(part, (long) first * JournalRecord.BYTES + part.position()) < 0) {
                        throw new EOFException();
                    }
                }
                for (int at = 0; at < part.limit(); at += JournalRecord.BYTES) {
                    look(part, at, first + at / JournalRecord.BYTES);
                }
            }
        }

        private void look(ByteBuffer part, int at, int number) {
            if (!JournalRecord.isWhole(part, at, day, number)) {
                notWhole.set(number);
                blank &= isZero(part, at);
                return;
            }
            blank = false;
            last = number;
            durable = Math.max(durable, JournalRecord.durable(part, at));
            int replaced = JournalRecord.replaces(part, at);
            switch (JournalRecord.kind(part, at)) {
                case HEAD -> {
                    record.clear()
                            .put(part.duplicate()
                                    .limit(at + JournalRecord.BYTES)
                                    .position(at));
                    head = JournalRecord.digest(record);
                }
                case RESERVED, ACCEPTED, RELEASED -> {
                    int start = JournalRecord.start(part, at);
                    if (replaced != 0 && notWhole.get(replaced)) {
                        notWhole.clear(replaced);
                        record.clear()
                                .put(part.duplicate()
                                        .limit(at + JournalRecord.BYTES)
                                        .position(at));
                        replaced = newest(JournalRecord.digest(record));
                    }
                    index.set(start, replaced, number);
                }
                case VOID, NONE -> {}
            }
        }

        int damaged() {
            return notWhole.get(0, Math.max(1, durable)).cardinality();
        }

        private static boolean isZero(ByteBuffer part, int at) {
            for (int offset = 0; offset < JournalRecord.BYTES; offset += Long.BYTES) {
                if (part.getLong(at + offset) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    // ------------------------------------------------------------ the end

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The key of the index. */
    private static int start(byte[] digest) {
        return ByteBuffer.wrap(digest).getInt();
    }
}
