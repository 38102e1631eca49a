package org.brokerhandoff.register.feed;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.schemas.Topic;

/**
 * A website's progress: an offset in each partition, and a time for entries without a record. On the wire it is opaque: base64url of a
 * version, the partition count, the time in milliseconds, the offsets by topic and partition, each as a little-endian varint of seven-bit
 * groups, and a CRC-32C over all that, which detects truncation and accidental changes. It is no secret and proves nothing.
 *
 * @param next offset of the next record, by partition
 * @param deadlinesUntil all deadline entries due before this time were sent
 */
public record FeedPosition(Map<LogPartition, Long> next, Instant deadlinesUntil) {
    /** Maximum length on the wire: it must fit into a request line. */
    public static final int MOST_CHARACTERS = 3_500;

    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;
    private static final int MOST_VARINT_BYTES = 9;

    /** Copies the offsets. */
    public FeedPosition {
        next = Map.copyOf(next);
    }

    /** The wire form of a position in topics of {@code partitions} partitions. */
    public String encode(int partitions) {
        ByteBuffer bytes = ByteBuffer.allocate(
                1 + MOST_VARINT_BYTES * (2 + FeedRules.TOPICS.size() * partitions) + CHECKSUM_BYTES);
        bytes.put(VERSION);
        put(bytes, partitions);
        put(bytes, deadlinesUntil.toEpochMilli());
        for (Topic topic : FeedRules.TOPICS) {
            for (int number = 0; number < partitions; number++) {
                put(bytes, Objects.requireNonNull(next.get(new LogPartition(topic, number))));
            }
        }
        bytes.putInt(checksum(bytes.array(), bytes.position()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /** The position encoded by {@code text}, in topics of {@code partitions} partitions; empty if invalid. */
    public static Optional<FeedPosition> decode(String text, int partitions) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < 1
                || bytes[0] != VERSION
                || ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)
                // The encoding is canonical.
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(text)) {
            return Optional.empty();
        }
        ByteBuffer content = ByteBuffer.wrap(bytes, 1, end - 1);
        if (get(content) != partitions) {
            return Optional.empty();
        }
        long millis = get(content);
        Map<LogPartition, Long> next = new HashMap<>();
        for (Topic topic : FeedRules.TOPICS) {
            for (int number = 0; number < partitions; number++) {
                long offset = get(content);
                if (offset < 0) {
                    return Optional.empty();
                }
                next.put(new LogPartition(topic, number), offset);
            }
        }
        return content.hasRemaining() || millis < 0
                ? Optional.empty()
                : Optional.of(new FeedPosition(next, Instant.ofEpochMilli(millis)));
    }

    private static void put(ByteBuffer bytes, long value) {
        long rest = value;
        while (rest >= 0x80) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    /** The next number; negative if there is none. */
    private static long get(ByteBuffer bytes) {
        long value = 0;
        for (int at = 0; at < MOST_VARINT_BYTES; at++) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << (7 * at);
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
