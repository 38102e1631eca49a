package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of a slot file, read and changed as another process would. */
final class SlotBytes {
    private final Path file;

    SlotBytes(Path file) {
        this.file = file;
    }

    byte[] wrapping(SlotReference slot) throws IOException {
        return Arrays.copyOf(read(SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA, 64), 60);
    }

    static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    long word(SlotReference slot) throws IOException {
        return ByteBuffer.wrap(read(SlotLayout.fileOffset(slot.slot()), 8))
                .order(ByteOrder.nativeOrder())
                .getLong();
    }

    void setWord(SlotReference slot, long word) throws IOException {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(word);
        write(SlotLayout.fileOffset(slot.slot()), bytes);
    }

    byte[] read(long at, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.read(bytes, at);
            return bytes.array();
        }
    }

    void write(long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    byte[] keyArea(SlotReference slot) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SlotLayout.KEY_AREA_BYTES).order(ByteOrder.nativeOrder());
            channel.read(bytes, SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA);
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SlotFileHeader header() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return SlotFileHeader.read(channel, file);
        }
    }

    static String hex(DataKey key) {
        return HexFormat.of().formatHex(key.getEncoded());
    }
}
