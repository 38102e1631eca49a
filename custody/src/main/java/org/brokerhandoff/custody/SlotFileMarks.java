package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How far the event log was at a moment at which the slots agreed with it. The mark stands in the slot file itself, in what the
 * header region has left: an older copy of the file brings its own older mark with it, so whatever became of its slots since
 * stands behind that mark in the log.
 *
 * <p>Two areas, written in turn: a process that dies while it writes leaves the other one. A mark also says which serial number the
 * file had; one with a higher number than the file has is not of this file's past, and does not count. Nothing is synced: what a
 * power cut loses costs some reading.
 */
final class SlotFileMarks {
    /** Of the slot file, locked while a mark is written; opening locks byte 2. */
    private static final long MARKING_BYTE = 3;

    private static final int AREAS = 2;
    private static final int FIRST_AREA = 2 * SlotLayout.BLOCK_BYTES;
    private static final int AREA_BYTES = (SlotLayout.HEADER_BYTES - FIRST_AREA) / AREAS;
    private static final int SEQUENCE = 8;
    private static final int SERIAL = 16;
    private static final int LENGTH = 24;
    private static final int CONTENT = 28;
    /** What a mark may have at most. */
    static final int MOST_BYTES = AREA_BYTES - CONTENT;

    private final FileChannel channel;
    private final SlotControl control;

    SlotFileMarks(FileChannel channel, SlotControl control) {
        this.channel = channel;
        this.control = control;
    }

    private record Mark(int area, long sequence, long serial, ByteBuffer content) {}

    /** The newest mark; empty if there is none that can be believed. */
    Optional<byte[]> newest() throws IOException {
        return newestMark()
                .filter(mark -> mark.serial() <= control.serial())
                .map(mark -> mark.content().array());
    }

    /**
     * Writes a mark.
     *
     * @param content as long as {@link #MOST_BYTES} at most
     */
    void write(byte[] content) throws IOException {
        synchronized (SlotAllocation.PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(MARKING_BYTE, 1, false)) {
                if (!lock.isValid()) {
                    throw new IOException("the slot file cannot be locked");
                }
                Optional<Mark> before = newestMark();
                int area = before.map(mark -> (mark.area() + 1) % AREAS).orElse(0);
                ByteBuffer bytes = ByteBuffer.allocate(CONTENT + content.length)
                        .putLong(SEQUENCE, before.map(Mark::sequence).orElse(0L) + 1)
                        .putLong(SERIAL, control.serial())
                        .putInt(LENGTH, content.length)
                        .put(CONTENT, content);
                bytes.putLong(0, checksum(bytes.array()));
                while (bytes.hasRemaining()) {
                    var unused = channel.write(bytes, FIRST_AREA + (long) area * AREA_BYTES + bytes.position());
                }
            }
        }
    }

    private Optional<Mark> newestMark() throws IOException {
        Optional<Mark> newest = Optional.empty();
        for (int area = 0; area < AREAS; area++) {
            Optional<Mark> mark = read(area);
            if (mark.isPresent()
                    && newest.filter(other -> other.sequence() > mark.get().sequence())
                            .isEmpty()) {
                newest = mark;
            }
        }
        return newest;
    }

    private Optional<Mark> read(int area) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(AREA_BYTES);
        while (bytes.hasRemaining()
                && channel.read(bytes, FIRST_AREA + (long) area * AREA_BYTES + bytes.position()) >= 0) {
            // a positioned read may return less than asked for
        }
        int length = bytes.getInt(LENGTH);
        if (length <= 0 || length > MOST_BYTES) {
            return Optional.empty();
        }
        byte[] content = new byte[length];
        bytes.get(CONTENT, content);
        byte[] written = new byte[CONTENT + length];
        bytes.get(0, written);
        return checksum(written) == bytes.getLong(0)
                ? Optional.of(new Mark(area, bytes.getLong(SEQUENCE), bytes.getLong(SERIAL), ByteBuffer.wrap(content)))
                : Optional.empty();
    }

    private static long checksum(byte[] area) {
        CRC32C crc = new CRC32C();
        crc.update(area, Long.BYTES, area.length - Long.BYTES);
        return crc.getValue();
    }
}
