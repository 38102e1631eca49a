package org.brokerhandoff.audit.spill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntFunction;

/** Pieces of mapped files, filled with zeros. A file is unlinked as soon as it is mapped, and its space is freed with the last piece. */
final class MappedMemory implements IntFunction<ByteBuffer> {
    /** Bytes mapped at a time; sparse, so they take space only when written. */
    private static final int REGION_BYTES = 64 << 20;

    private final Path folder;
    private ByteBuffer region = ByteBuffer.allocate(0);

    MappedMemory(Path folder) {
        this.folder = folder;
    }

    @Override
    public ByteBuffer apply(int bytes) {
        if (region.remaining() < bytes) {
            region = map(Math.max(bytes, REGION_BYTES));
        }
        ByteBuffer piece = region.slice(region.position(), bytes);
        region.position(region.position() + bytes);
        return piece;
    }

    private ByteBuffer map(int bytes) {
        try {
            Path file = Files.createTempFile(folder, "memory-", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no memory can be mapped in " + folder, e);
        }
    }
}
