package org.brokerhandoff.custody;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of a keyset file that hold keys, one each: a write that a power cut tears spoils no other key, and {@code O_DIRECT} can read
 * it. Every write is synced and read back. Which epoch is current, and since when, is {@link FileKeyset}'s concern.
 *
 * <p>The file is opened for each use, by its name and without following links, after checking that it is still the same file.
 */
final class KeyBlocks {
    static final int BLOCK_BYTES = 4096;
    static final int BLOCKS = 8;
    /** The first block is that of {@link KeysetHeader} and {@link KeysetControl}. */
    static final int FILE_BYTES = BLOCK_BYTES * (1 + BLOCKS);

    private static final Logger LOG = LoggerFactory.getLogger(KeyBlocks.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final @Nullable Object fileKey;
    private final FaultPoints faultPoints;

    private interface BlockReader {
        /** The bytes are overwritten afterwards. */
        void read(int block, byte[] bytes);
    }

    /** @throws CustodyException if it is not a regular file, or other users have access */
    KeyBlocks(Path file, FaultPoints faultPoints) throws IOException {
        this.file = file;
        this.fileKey = requirePrivate(file);
        this.faultPoints = faultPoints;
    }

    private static @Nullable Object requirePrivate(Path file) throws IOException {
        PrivateFile.requireRegular(file);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new CustodyException("keyset file " + file + " refused: its mode is "
                    + PosixFilePermissions.toString(permissions) + ", only its owner may have access (0600)");
        }
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** @throws CustodyException if the file was exchanged or removed, or others have access to it now */
    void requireSameFile() {
        try {
            if (!Objects.equals(requirePrivate(file), fileKey)) {
                throw new CustodyException("keyset file " + file + " was replaced while it was in use");
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Offset of a block's key in the file. */
    static int offset(int block) {
        return BLOCK_BYTES * (1 + block);
    }

    /**
     * The keys by their epochs. Those in {@code known} that are still in the file are the same objects.
     *
     * @throws CustodyException if the file was exchanged, or an epoch is there twice
     */
    SortedMap<Integer, EpochKey> read(SortedMap<Integer, EpochKey> known) {
        requireSameFile();
        SortedMap<Integer, EpochKey> keys = new TreeMap<>();
        forEach((block, bytes) -> EpochKey.decoded(block, bytes).ifPresent(read -> {
            EpochKey key = read;
            EpochKey before = known.get(read.epoch());
            // The number is not enough: a crash may leave a block without telling, and another key of that number
            // follow.
            if (before != null && before.sameBytes(read)) {
                read.key().destroy();
                key = before;
            }
            if (keys.put(key.epoch(), key) != null) {
                throw KeysetHeader.refused(file, "epoch " + key.epoch() + " is listed twice");
            }
        }));
        return keys;
    }

    /** The blocks that hold something, but none of these keys: what is left of writes that were cut short. */
    List<Integer> remains(Collection<EpochKey> keys) {
        List<Integer> remains = new ArrayList<>();
        forEach((block, bytes) -> {
            if (!isTaken(block, keys) && !Arrays.equals(bytes, new byte[EpochKey.BYTES])) {
                remains.add(block);
            }
        });
        return remains;
    }

    private void forEach(BlockReader reader) {
        // Direct: the JDK copies what is in a heap buffer to its own buffer, which is never wiped.
        ByteBuffer buffer = ByteBuffer.allocateDirect(EpochKey.BYTES);
        byte[] bytes = new byte[EpochKey.BYTES];
        try (FileChannel channel = PrivateFile.open(file, StandardOpenOption.READ)) {
            for (int block = 0; block < BLOCKS; block++) {
                PrivateFile.readFully(channel, buffer.clear(), offset(block));
                buffer.get(0, bytes);
                reader.read(block, bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            buffer.put(0, bytes);
        }
    }

    /**
     * A block that holds none of these keys.
     *
     * @throws CustodyException if all are taken
     */
    int free(Collection<EpochKey> keys) {
        for (int block = 0; block < BLOCKS; block++) {
            if (!isTaken(block, keys)) {
                return block;
            }
        }
        throw new CustodyException("keyset file " + file + " has no room for another epoch");
    }

    private static boolean isTaken(int block, Collection<EpochKey> keys) {
        return keys.stream().anyMatch(key -> key.block() == block);
    }

    /** Writes the key into its block; it is on the medium when this returns. */
    void write(EpochKey key) {
        byte[] bytes = key.encoded();
        try {
            overwrite(key.block(), bytes, Step.EPOCH_KEY_WRITTEN);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Overwrites what is in the block with zero; done on the medium when this returns. */
    void erase(int block) {
        overwrite(block, new byte[EpochKey.BYTES], Step.EPOCH_KEY_OVERWRITTEN);
    }

    /**
     * A key that was read may have been written by a process whose sync failed, and be in the page cache only.
     *
     * @throws CustodyException if it is not on the medium
     */
    void requireOnMedium(EpochKey key) {
        byte[] expected = key.encoded();
        ByteBuffer buffer = alignedBlock();
        try {
            if (!readsBackAs(expected, key.block(), buffer)) {
                throw new CustodyException(
                        "keyset file " + file + ": the key of epoch " + key.epoch() + " is not on the disk");
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            Arrays.fill(expected, (byte) 0);
            wipe(buffer);
        }
    }

    private void overwrite(int block, byte[] bytes, Step written) {
        ByteBuffer buffer = alignedBlock();
        boolean syncing = false;
        try {
            buffer.put(0, bytes).limit(bytes.length);
            try (FileChannel channel = PrivateFile.open(file, StandardOpenOption.WRITE)) {
                PrivateFile.writeFully(channel, buffer, offset(block));
                faultPoints.reached(written);
                syncing = true;
                channel.force(true);
            }
            if (!readsBackAs(bytes, block, buffer)) {
                throw new CustodyException(
                        "keyset file " + file + ": block " + block + " does not read back as it was written");
            }
        } catch (IOException e) {
            throw syncing ? notDurable("block " + block, e) : failed(e);
        } finally {
            wipe(buffer);
        }
    }

    private boolean readsBackAs(byte[] bytes, int block, ByteBuffer buffer) throws IOException {
        try (FileChannel direct = PrivateFile.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            buffer.clear().limit(BLOCK_BYTES);
            if (direct.read(buffer, offset(block)) != BLOCK_BYTES) {
                throw new IOException("read back less than a block");
            }
        } catch (IOException | UnsupportedOperationException refused) {
            LOG.debug("O_DIRECT refused, reading back through the page cache", refused);
            try (FileChannel cached = PrivateFile.open(file, StandardOpenOption.READ)) {
                PrivateFile.readFully(cached, buffer.clear().limit(BLOCK_BYTES), offset(block));
            }
        }
        return buffer.slice(0, bytes.length).equals(ByteBuffer.wrap(bytes));
    }

    private static ByteBuffer alignedBlock() {
        return ByteBuffer.allocateDirect(2 * BLOCK_BYTES).alignedSlice(BLOCK_BYTES);
    }

    private static void wipe(ByteBuffer buffer) {
        buffer.clear().put(0, new byte[EpochKey.BYTES]);
    }

    /** From the first sync on a repeat may look as if it had worked: not to be tried again, unlike what came before. */
    CustodyException notDurable(String what, Exception cause) {
        return new CustodyException("keyset file " + file + ": " + what + " could not be made durable", cause);
    }

    private UncheckedIOException failed(IOException cause) {
        return new UncheckedIOException("keyset file " + file, cause);
    }
}
