package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** Where things stand in the bytes of a slot file, for whoever examines the file itself and not its content. */
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
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(SlotFileHeader.read(channel, file).fileId());
        } catch (IOException | CustodyException e) {
            return Optional.empty();
        }
    }
}
