package org.brokerhandoff.ledger.entry;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;

/**
 * The ledger's commitment for one offset of a topic: what a consumer sees there and an event means, with its position, so that a leaf cannot
 * be moved. Batch boundaries, compression, producer and epoch are excluded, since they change without a change of content; a byte-identical
 * copy of a topic has the same leaves.
 *
 * <pre>
 * u8 form (01 record, 02 nothing at this offset)
 * u8 length, topic's base name in ASCII
 * u32 partition, u64 offset                                       form 02 ends here
 * i64 append time in milliseconds
 * i32 key length or -1, key
 * u32 number of headers; each: u16 length, name in UTF-8, i32 length or -1, value
 * i32 value length or -1, value
 * </pre>
 */
public sealed interface Leaf {
    /** Topic (without an installation's prefix), partition and offset. */
    record Place(String topic, int partition, long offset) {
        /**
         * Validates the three parts.
         *
         * @throws IllegalArgumentException if Kafka has no such position
         */
        public Place {
            if (!topic.matches("[a-z0-9-]{1,64}") || partition < 0 || offset < 0) {
                throw new IllegalArgumentException("no place in a log");
            }
        }
    }

    /** A record's header; names may repeat, and their order counts. An absent value is not an empty one. */
    record Header(String name, Optional<byte[]> value) {}

    /** A record, as a consumer that reads uncommitted records sees it. */
    record Present(Place place, Instant appendedAt, Optional<byte[]> key, List<Header> headers, Optional<byte[]> value)
            implements Leaf {
        public Present {
            headers = List.copyOf(headers);
        }
    }

    /** An offset without a record for a consumer: a control batch, or a record that was compacted or truncated away. */
    record Nothing(Place place) implements Leaf {}

    /** Its position. */
    Place place();

    /** The hashed bytes. */
    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(this instanceof Present ? 1 : 2);
            byte[] topic = place().topic().getBytes(StandardCharsets.US_ASCII);
            out.writeByte(topic.length);
            out.write(topic);
            out.writeInt(place().partition());
            out.writeLong(place().offset());
            if (this instanceof Present present) {
                out.writeLong(present.appendedAt().toEpochMilli());
                write(out, present.key());
                out.writeInt(present.headers().size());
                for (Header header : present.headers()) {
                    byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
                    out.writeShort(name.length);
                    out.write(name);
                    write(out, header.value());
                }
                write(out, present.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Optional<byte[]> bytes) throws IOException {
        out.writeInt(bytes.map(value -> value.length).orElse(-1));
        if (bytes.isPresent()) {
            out.write(bytes.get());
        }
    }

    /** The RFC 6962 hash of {@link #encode}. */
    default Hash hash() {
        return MerkleTree.leafHash(encode());
    }

    /**
     * The leaf that {@code bytes} encode, and nothing after it.
     *
     * @throws MalformedEntry if they are not a leaf
     */
    static Leaf decode(byte[] bytes) throws MalformedEntry {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte form = in.get();
            String topic = text(take(in, Byte.toUnsignedInt(in.get())));
            Place place = new Place(topic, in.getInt(), in.getLong());
            Leaf leaf = switch (form) {
                case 1 -> present(place, in);
                case 2 -> new Nothing(place);
                default -> throw new MalformedEntry("a leaf's form is 01 or 02");
            };
            if (in.hasRemaining()) {
                throw new MalformedEntry("a leaf has nothing after its value");
            }
            return leaf;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedEntry("not the bytes of a leaf");
        }
    }

    private static Present present(Place place, ByteBuffer in) throws MalformedEntry {
        Instant appendedAt = Instant.ofEpochMilli(in.getLong());
        Optional<byte[]> key = optional(in);
        int count = in.getInt();
        // Each header takes six bytes at least, so a forged count cannot request more memory than the leaf has bytes.
        if (count < 0 || count > in.remaining() / 6) {
            throw new MalformedEntry("a leaf has more headers than bytes");
        }
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = text(take(in, Short.toUnsignedInt(in.getShort())));
            headers.add(new Header(name, optional(in)));
        }
        return new Present(place, appendedAt, key, headers, optional(in));
    }

    private static Optional<byte[]> optional(ByteBuffer in) throws MalformedEntry {
        int length = in.getInt();
        if (length < -1) {
            throw new MalformedEntry("a length in a leaf is -1 or more");
        }
        return length == -1 ? Optional.empty() : Optional.of(take(in, length));
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(byte[] utf8) throws MalformedEntry {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedEntry("names in a leaf are valid UTF-8");
        }
    }
}
