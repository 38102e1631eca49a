package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/**
 * The first bytes of a keyset file. Big-endian, unlike what follows, so that a file from a machine of the other byte order can still be
 * named as such. docs/custody.md has the layout.
 */
record KeysetHeader(UUID id) {
    static final int BYTES = 40;

    private static final byte[] MAGIC = "BHKEYS2\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT_LAYOUT = "broker-h".getBytes(StandardCharsets.US_ASCII);
    private static final int LAYOUT_VERSION = 2;
    private static final int BYTE_ORDER_MARK = 0x0A0B0C0D;
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    byte[] encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.put(MAGIC)
                .putInt(LAYOUT_VERSION)
                .putInt(KeyBlocks.BLOCKS)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .order(ByteOrder.nativeOrder())
                .putInt(BYTE_ORDER_MARK)
                .order(ByteOrder.BIG_ENDIAN);
        bytes.putInt(Crc32c.of(bytes.array(), CHECKED_BYTES));
        return bytes.array();
    }

    /**
     * Reads and checks the header.
     *
     * @throws CustodyException if this version would misread the file; the message says what was found, without bytes of it
     */
    static KeysetHeader read(FileChannel channel, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        PrivateFile.readFully(channel, bytes, 0);
        bytes.flip();
        byte[] magic = new byte[Math.min(MAGIC.length, bytes.remaining())];
        bytes.get(magic);
        if (Arrays.equals(magic, TEXT_LAYOUT)) {
            throw refused(
                    file,
                    "it is a text file of an earlier version, which cannot forget a key. Wait until every signup has ended, then"
                            + " remove it together with the slot file; both are created again");
        }
        if (!Arrays.equals(magic, MAGIC)) {
            // Not what it begins with: should it hold a key in another form, that must not be shown.
            throw refused(file, "it does not begin with a keyset's magic");
        }
        if (channel.size() != KeyBlocks.FILE_BYTES) {
            throw refused(file, "it has " + channel.size() + " bytes, not " + KeyBlocks.FILE_BYTES);
        }
        int layout = bytes.getInt();
        if (layout != LAYOUT_VERSION) {
            throw refused(file, "its layout version is " + layout + ", this program reads " + LAYOUT_VERSION);
        }
        int blocks = bytes.getInt();
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
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
        if (blocks != KeyBlocks.BLOCKS) {
            throw refused(file, "it has " + blocks + " entries, this program reads " + KeyBlocks.BLOCKS);
        }
        return new KeysetHeader(id);
    }

    /** For what makes a keyset file unusable; {@code found} must not show what is in a key block. */
    static CustodyException refused(Path file, String found) {
        return new CustodyException("keyset file " + file + " refused: " + found);
    }
}
