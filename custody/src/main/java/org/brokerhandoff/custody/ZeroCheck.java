package org.brokerhandoff.custody;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads overwritten slots back from the medium. Slots of one 4 KiB block cost one read, and so do neighbouring blocks
 * up to 256 KiB. Used by the sync thread only.
 */
final class ZeroCheck implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ZeroCheck.class);
    private static final int MAXIMUM_READ_BYTES = 64 * SlotLayout.BLOCK_BYTES;

    private final FileChannel cached;
    private final @Nullable FileChannel opened;
    private @Nullable FileChannel direct;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAXIMUM_READ_BYTES + SlotLayout.BLOCK_BYTES)
            .alignedSlice(SlotLayout.BLOCK_BYTES);

    /** @param cached the file's ordinary channel, used where the file system refuses {@code O_DIRECT} */
    ZeroCheck(Path file, FileChannel cached) {
        this.cached = cached;
        this.opened = openDirect(file);
        this.direct = opened;
        if (direct != null) {
            try {
                readFully(direct, 0, SlotLayout.BLOCK_BYTES);
            } catch (IOException e) {
                withoutDirect(e); // some file systems accept the flag and refuse the read
            }
        }
    }

    private static @Nullable FileChannel openDirect(Path file) {
        try {
            return FileChannel.open(
                    file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS, ExtendedOpenOption.DIRECT);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("{}: O_DIRECT refused, erased keys are read back through the page cache", file);
            return null;
        }
    }

    private void withoutDirect(IOException cause) {
        LOG.warn("O_DIRECT read refused, erased keys are read back through the page cache", cause);
        direct = null;
    }

    ReadBack readBack() {
        return direct != null ? ReadBack.DIRECT : ReadBack.MAPPED;
    }

    /** Those of the slots whose key area is not zero on the medium. */
    List<Integer> notZero(int[] slots) throws IOException {
        int[] sorted = slots.clone();
        Arrays.sort(sorted);
        List<Integer> notZero = new ArrayList<>();
        int next = 0;
        while (next < sorted.length) {
            long start = blockStart(sorted[next]);
            long end = start + SlotLayout.BLOCK_BYTES;
            int last = next;
            while (last + 1 < sorted.length
                    && blockStart(sorted[last + 1]) <= end
                    && blockStart(sorted[last + 1]) + SlotLayout.BLOCK_BYTES - start <= MAXIMUM_READ_BYTES) {
                last++;
                end = blockStart(sorted[last]) + SlotLayout.BLOCK_BYTES;
            }
            readFully(direct != null ? direct : cached, start, (int) (end - start));
            for (; next <= last; next++) {
                int keyArea = (int) (SlotLayout.fileOffset(sorted[next]) - start) + SlotLayout.KEY_AREA;
                for (int i = 0; i < SlotLayout.KEY_AREA_BYTES; i += Long.BYTES) {
                    if (buffer.getLong(keyArea + i) != 0) {
                        notZero.add(sorted[next]);
                        break;
                    }
                }
            }
        }
        return notZero;
    }

    private static long blockStart(int slot) {
        return SlotLayout.fileOffset(slot) & -SlotLayout.BLOCK_BYTES;
    }

    private void readFully(FileChannel channel, long from, int bytes) throws IOException {
        buffer.clear().limit(bytes);
        int read = channel.read(buffer, from);
        if (read != bytes) {
            // O_DIRECT cannot continue from an unaligned position; blocks of one file are short only at its end.
            throw new IOException("read back " + read + " of " + bytes + " bytes at " + from);
        }
    }

    @Override
    public void close() throws IOException {
        // Not as soon as it turns out to be useless: closing any channel of the file drops this process's locks on it.
        if (opened != null) {
            opened.close();
        }
    }
}
