package org.brokerhandoff.ingest.idempotency;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.Digest;

/**
 * The form of a record in a day's file: 128 bytes, big-endian. A record has the complete state of its reservation; the newest of a digest is valid.
 *
 * <pre>
 * offset bytes
 *   0     4   CRC32C of the 124 bytes after it
 *   4     1   kind: 1 reserved, 2 accepted, 3 released, 4 void (took the place of a record that a power cut left unwritten), 5 head of the file
 *   5     1   bit 0: a slot is noted; bit 1: a request is marked
 *   6     2   zero
 *   8     4   number of this record, its position in the file
 *  12     4   number of the record that it replaces, 0: none
 *  16     4   so many records of the file were durable when this one was written
 *  20     4   zero
 *  24     8   day of the file, days since 1970-01-01
 *  32    16   digest; in the head: the digest of nothing under the day's key
 *  48    16   signup id
 *  64     8   received at, ms since 1970-01-01
 *  72     8   erase by, ms
 *  80     4   slot
 *  84     4   its generation
 *  88    32   digest of the request
 * 120     8   when the request's consent was given, ms
 * </pre>
 *
 * <p>The checksum covers number and day: a record copied to another position is invalid. So are zeros.
 */
final class JournalRecord {
    static final int BYTES = 128;

    private static final int CRC = 0;
    private static final int KIND = 4;
    private static final int FLAGS = 5;
    private static final int NUMBER = 8;
    private static final int REPLACES = 12;
    private static final int DURABLE = 16;
    private static final int DAY = 24;
    private static final int DIGEST = 32;
    private static final int SIGNUP = 48;
    private static final int SLOT_NOTED = 1;
    private static final int REQUEST_MARKED = 2;
    private static final int REQUEST_DIGEST_BYTES = 32;
    private static final Kind[] KINDS = Kind.values();

    /** What a record says. */
    enum Kind {
        NONE(0),
        RESERVED(1),
        ACCEPTED(2),
        RELEASED(3),
        VOID(4),
        HEAD(5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private JournalRecord() {}

    /** Writes a record into all of {@code to}, which is then ready to be written to the file. */
    static void encode(ByteBuffer to, Kind kind, int replaces, int durable, ReservationId id) {
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            to.putLong(at, 0);
        }
        to.put(KIND, (byte) kind.code)
                .putInt(NUMBER, id.record())
                .putInt(REPLACES, replaces)
                .putInt(DURABLE, durable)
                .putLong(DAY, id.day())
                .put(DIGEST, id.digest());
        close(to);
    }

    /** As the other, with what the reservation says. */
    static void encode(ByteBuffer to, Kind kind, int replaces, int durable, Reservation reservation) {
        encode(to, kind, replaces, durable, reservation.id());
        to.position(SIGNUP)
                .putLong(reservation.signupId().getMostSignificantBits())
                .putLong(reservation.signupId().getLeastSignificantBits())
                .putLong(reservation.receivedAt().toEpochMilli())
                .putLong(reservation.eraseBy().toEpochMilli())
                .putInt(reservation.slot().map(SlotReference::slot).orElse(0))
                .putInt(reservation.slot().map(SlotReference::generation).orElse(0));
        reservation
                .request()
                .ifPresent(request -> to.put(request.digest().bytes())
                        .putLong(request.givenAt().toEpochMilli()));
        to.put(FLAGS, (byte) ((reservation.slot().isPresent() ? SLOT_NOTED : 0)
                | (reservation.request().isPresent() ? REQUEST_MARKED : 0)));
        close(to);
    }

    private static void close(ByteBuffer to) {
        to.putInt(CRC, checksum(to, 0)).clear();
    }

    /** Whether a complete record with this number and day begins at {@code at}. */
    static boolean isWhole(ByteBuffer from, int at, long day, int number) {
        return from.getInt(at + NUMBER) == number
                && from.getLong(at + DAY) == day
                && kind(from, at) != Kind.NONE
                && from.getInt(at + CRC) == checksum(from, at);
    }

    static Kind kind(ByteBuffer from, int at) {
        int code = from.get(at + KIND);
        return code > 0 && code < KINDS.length ? KINDS[code] : Kind.NONE;
    }

    static int replaces(ByteBuffer from, int at) {
        return from.getInt(at + REPLACES);
    }

    static int durable(ByteBuffer from, int at) {
        return from.getInt(at + DURABLE);
    }

    /** The first bytes of the digest. */
    static int start(ByteBuffer from, int at) {
        return from.getInt(at + DIGEST);
    }

    static byte[] digest(ByteBuffer from) {
        byte[] digest = new byte[DayKeys.DIGEST_BYTES];
        from.get(DIGEST, digest);
        return digest;
    }

    /** The reservation in a complete record that is neither released, void nor a head. */
    static Reservation reservation(ByteBuffer from) {
        ReservationId id = new ReservationId(from.getLong(DAY), digest(from), from.getInt(NUMBER));
        ByteBuffer content = from.duplicate().clear().position(SIGNUP);
        UUID signup = new UUID(content.getLong(), content.getLong());
        Instant receivedAt = Instant.ofEpochMilli(content.getLong());
        Instant eraseBy = Instant.ofEpochMilli(content.getLong());
        SlotReference slot = new SlotReference(content.getInt(), content.getInt());
        byte[] request = new byte[REQUEST_DIGEST_BYTES];
        content.get(request);
        RequestMark mark = new RequestMark(new Digest(request), Instant.ofEpochMilli(content.getLong()));
        int flags = from.get(FLAGS);
        return new Reservation(
                id,
                kind(from, 0) == Kind.ACCEPTED ? Reservation.State.ACCEPTED : Reservation.State.RESERVED,
                signup,
                receivedAt,
                eraseBy,
                (flags & SLOT_NOTED) == 0 ? Optional.empty() : Optional.of(slot),
                (flags & REQUEST_MARKED) == 0 ? Optional.empty() : Optional.of(mark));
    }

    private static int checksum(ByteBuffer from, int at) {
        CRC32C crc = new CRC32C();
        crc.update(from.duplicate().limit(at + BYTES).position(at + KIND));
        return (int) crc.getValue();
    }
}
