package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where things stand in the bytes of a slot file, for tests and tools that examine the file itself and not its content. */
public final class SlotFileBytes {
    /** Length of a wrapped key: nonce 12, key 32, tag 16. */
    public static final int WRAPPED_KEY_BYTES = SlotLayout.WRAPPED_KEY_BYTES;

    private SlotFileBytes() {}

    /** Offset in the file at which the slot's wrapped key begins. */
    public static long wrappedKeyOffset(SlotReference slot) {
        return SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA;
    }

    /** The random id in the file's header; empty if the file is not there or is no slot file of this version. */
    public static Optional<UUID> fileId(Path file) {
        try {
            return Optional.of(read(file, Set.of(), channel -> SlotFileHeader.read(channel, file))
                    .fileId());
        } catch (IOException | CustodyException e) {
            return Optional.empty();
        }
    }

    /** What is done with the open file. */
    public interface Reading<T> {
        /** Reads; the channel is closed afterwards. */
        T from(FileChannel channel) throws IOException;
    }

    /**
     * Opens the file for reading, and closes it, while nothing in this process relies on a lock of it: closing any channel
     * of a file drops the locks that the process has on it. Blocks while epochs are rotated or the file grows; holds up both.
     *
     * @param more options beside reading, and not following links
     * @throws IOException if the file cannot be opened in this way, or {@code reading} throws it
     * @throws UnsupportedOperationException if an option is not known here
     */
    public static <T> T read(Path file, Set<? extends OpenOption> more, Reading<T> reading) throws IOException {
        Set<OpenOption> options = new HashSet<>(more);
        options.add(StandardOpenOption.READ);
        options.add(LinkOption.NOFOLLOW_LINKS);
        EpochRotation.IN_PROCESS.lock();
        try {
            synchronized (SlotAllocation.PROCESS_LOCKS) {
                try (FileChannel channel = FileChannel.open(file, options)) {
                    return reading.from(channel);
                }
            }
        } finally {
            EpochRotation.IN_PROCESS.unlock();
        }
    }
}
