package org.brokerhandoff.custody.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The mark that the processes of a host share: one block, overwritten in place. Big-endian: magic 8 bytes, boot id 16, moment of the boot
 * clock 8 (ms), trusted time 8 (ms since 1970), user who confirmed it 8 (-1: none), CRC32C of these 48 bytes 4.
 *
 * <p>Not synced: it has to survive the death of a process, which the page cache does; after a power cut it is some seconds older, and a lower
 * bound all the same. What does not read as a mark counts as none.
 */
final class TimeFile implements AutoCloseable {
    private static final byte[] MAGIC = "BHTIME1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKED_BYTES = 48;
    private static final int BYTES = CHECKED_BYTES + Integer.BYTES;

    private final FileChannel channel;

    private TimeFile(FileChannel channel) {
        this.channel = channel;
    }

    /** The file beside the slot file. */
    static Path of(Path slotFile) {
        Path absolute = slotFile.toAbsolutePath();
        return absolute.resolveSibling(absolute.getFileName() + ".time");
    }

    /**
     * Opens the file, or creates it empty, for its owner only.
     *
     * @throws UncheckedIOException if it cannot be opened
     */
    static TimeFile open(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            return new TimeFile(FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (IOException e) {
            throw new UncheckedIOException("time file " + file, e);
        }
    }

    Optional<TimeMark> read() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        int read = 0;
        while (read >= 0 && bytes.hasRemaining()) {
            read = channel.read(bytes, bytes.position());
        }
        return bytes.hasRemaining() ? Optional.empty() : decoded(bytes.flip());
    }

    private static Optional<TimeMark> decoded(ByteBuffer bytes) {
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        UUID boot = new UUID(bytes.getLong(), bytes.getLong());
        long sinceBoot = bytes.getLong();
        long trusted = bytes.getLong();
        long user = bytes.getLong();
        if (!Arrays.equals(magic, MAGIC) || bytes.getInt() != crc(bytes)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TimeMark(
                    boot,
                    Duration.ofMillis(sinceBoot),
                    Instant.ofEpochMilli(trusted),
                    user < 0 ? OptionalLong.empty() : OptionalLong.of(user)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    void write(TimeMark mark) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .put(MAGIC)
                .putLong(mark.boot().getMostSignificantBits())
                .putLong(mark.boot().getLeastSignificantBits())
                .putLong(mark.sinceBoot().toMillis())
                .putLong(mark.trusted().toEpochMilli())
                .putLong(mark.confirmedBy().orElse(-1));
        bytes.putInt(crc(bytes)).flip();
        // One call: the kernel orders writes to a file, so that two processes leave one mark or the other.
        channel.write(bytes, 0);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(CHECKED_BYTES));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
