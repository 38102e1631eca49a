package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The first bytes of a slot file; the second block of the header region is {@link SlotControl}, the rest is reserved and
 * zero. Big-endian, unlike the slots, so that a file from a machine of the other byte order can still be named as such.
 */
record SlotFileHeader(UUID fileId, int chunkSlots) {
    static final int LAYOUT_VERSION = 2;
    /**
     * The same layout; slots may be restricted. Set by the first restriction, so that an earlier version does not open the file: it
     * would take such a slot for damaged and destroy its key.
     */
    static final int RESTRICTING_LAYOUT_VERSION = 3;
    /** The same layout; slots may be prolonged, too. Set by the first prolongation, for the same reason. */
    static final int PROLONGING_LAYOUT_VERSION = 4;

    static final int BYTES = 48;

    /** Locked while the version is raised. */
    private static final long RAISING_BYTE = 4;

    private static final byte[] MAGIC = "BHSLOTS\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTE_ORDER_MARK = 0x0A0B0C0D;
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    /** Creates a file with its first chunk, unless it already exists. */
    static void create(Path file, int initialSlots) throws IOException {
        int chunkSlots = SlotLayout.SLOTS_PER_BLOCK;
        while (chunkSlots < initialSlots && chunkSlots < SlotLayout.MAXIMUM_CHUNK_SLOTS) {
            chunkSlots *= 2;
        }
        ByteBuffer content = ByteBuffer.allocate(SlotLayout.HEADER_BYTES + chunkSlots * SlotLayout.SLOT_BYTES);
        content.put(new SlotFileHeader(UUID.randomUUID(), chunkSlots).encoded(LAYOUT_VERSION));
        PrivateFile.create(file, content.clear());
    }

    private ByteBuffer encoded(int layoutVersion) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.put(MAGIC)
                .putInt(layoutVersion)
                .putInt(SlotLayout.SLOT_BYTES)
                .putLong(fileId.getMostSignificantBits())
                .putLong(fileId.getLeastSignificantBits())
                .putInt(chunkSlots)
                .putInt(SlotLayout.HEADER_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(BYTE_ORDER_MARK)
                .order(ByteOrder.BIG_ENDIAN);
        bytes.putInt(Crc32c.of(bytes.array(), CHECKED_BYTES));
        return bytes.flip();
    }

    /**
     * Has programs that know less than {@code layoutVersion} refuse the file from here on. Not synced. One process at a time, so that none
     * takes back what another has written.
     */
    static void raise(FileChannel channel, Path file, int layoutVersion) throws IOException {
        synchronized (SlotAllocation.PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(RAISING_BYTE, 1, false)) {
                SlotFileHeader header = read(channel, file);
                ByteBuffer written = ByteBuffer.allocate(Integer.BYTES);
                PrivateFile.readFully(channel, written, MAGIC.length);
                if (lock.isValid() && written.getInt(0) < layoutVersion) {
                    PrivateFile.writeFully(channel, header.encoded(layoutVersion), 0);
                }
            }
        }
    }

    /** Reads and checks the header; refuses a file that this version would misread, and says what it found. */
    static SlotFileHeader read(FileChannel channel, Path file) throws IOException {
        try {
            return readOnce(channel, file);
        } catch (CustodyException e) {
            // Another process may have been writing the version at that moment.
            return readOnce(channel, file);
        }
    }

    private static SlotFileHeader readOnce(FileChannel channel, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        PrivateFile.readFully(channel, bytes, 0);
        if (bytes.hasRemaining() || channel.size() < SlotLayout.HEADER_BYTES) {
            throw refused(file, "it has " + channel.size() + " bytes, less than the header region");
        }
        bytes.flip();
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw refused(file, "it begins with " + HexFormat.of().formatHex(magic) + ", not a slot file's magic");
        }
        int layout = bytes.getInt();
        if (layout < LAYOUT_VERSION || layout > PROLONGING_LAYOUT_VERSION) {
            throw refused(
                    file,
                    "its layout version is " + layout + ", this program reads " + LAYOUT_VERSION + " to "
                            + PROLONGING_LAYOUT_VERSION);
        }
        int slotBytes = bytes.getInt();
        UUID fileId = new UUID(bytes.getLong(), bytes.getLong());
        int chunkSlots = bytes.getInt();
        int headerBytes = bytes.getInt();
        int mark = bytes.order(ByteOrder.nativeOrder()).getInt();
        int checksum = bytes.order(ByteOrder.BIG_ENDIAN).getInt();
        int computed = Crc32c.of(bytes.array(), CHECKED_BYTES);
        if (checksum != computed) {
            throw refused(
                    file,
                    "its header checksum is " + Integer.toHexString(checksum) + ", computed is "
                            + Integer.toHexString(computed));
        }
        if (mark != BYTE_ORDER_MARK) {
            throw refused(file, "it was written on a machine of the other byte order");
        }
        if (slotBytes != SlotLayout.SLOT_BYTES
                || headerBytes != SlotLayout.HEADER_BYTES
                || chunkSlots < SlotLayout.SLOTS_PER_BLOCK
                || chunkSlots > SlotLayout.MAXIMUM_CHUNK_SLOTS
                || Integer.bitCount(chunkSlots) != 1) {
            throw refused(
                    file, "slot size " + slotBytes + ", header " + headerBytes + ", chunk of " + chunkSlots + " slots");
        }
        return new SlotFileHeader(fileId, chunkSlots);
    }

    private static CustodyException refused(Path file, String found) {
        return new CustodyException("slot file " + file + " refused: " + found);
    }
}
