package org.brokerhandoff.ledgerservice.folder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.merkle.Tiles;
import org.brokerhandoff.ledger.merkle.Tiles.Tile;
import org.brokerhandoff.operations.files.DurableFiles;

/**
 * The folder of one ledger. For others, in the form of C2SP {@code tlog-tiles}: {@code checkpoint}, {@code tile/…}, {@code tile/entries/…};
 * in addition, {@code segments/TOPIC/PARTITION/FIRST} with the leaf hashes of each segment. For the builder: {@code signed}, the size and
 * root up to which it may have signed, which is written before it signs. Every file is written atomically.
 *
 * <p>Not thread-safe. A second process with the folder is refused.
 */
public final class LedgerFolder implements AutoCloseable {
    private final FileChannel lock;
    private final LedgerFiles files;
    private long size;

    private LedgerFolder(Path folder, FileChannel lock) {
        this.files = new LedgerFiles(folder);
        this.lock = lock;
    }

    /** Up to where the builder may have signed. */
    public record Signed(long size, Hash root) {}

    /**
     * Opens a folder, and creates it if it does not exist.
     *
     * @throws UncheckedIOException if another process uses it, or it cannot be read or written
     */
    public static LedgerFolder open(Path folder) {
        FileChannel lock;
        try {
            Files.createDirectories(folder);
            lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock.tryLock() == null) {
                    throw new OverlappingFileLockException();
                }
            } catch (OverlappingFileLockException e) {
                lock.close();
                throw new UncheckedIOException(new IOException(folder + " is in use by another ledger builder"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be opened", e);
        }
        LedgerFolder opened = new LedgerFolder(folder, lock);
        opened.size = opened.countEntries();
        return opened;
    }

    /** Whether a ledger was ever begun here. */
    public boolean isFresh() {
        return signed().isEmpty() && size == 0;
    }

    /** Number of entries present. */
    public long size() {
        return size;
    }

    private long countEntries() {
        long entries = 0;
        for (long bundle = 0; ; bundle++) {
            if (LedgerFiles.read(path(new Tile(0, bundle, Tiles.WIDTH).entriesPath()))
                    .isPresent()) {
                entries += Tiles.WIDTH;
                continue;
            }
            return entries + widestPartial(bundle);
        }
    }

    private int widestPartial(long bundle) {
        for (int width = Tiles.WIDTH - 1; width > 0; width--) {
            if (Files.exists(path(new Tile(0, bundle, width).entriesPath()))) {
                return width;
            }
        }
        return 0;
    }

    /** The text of entry {@code number}, which must be present. */
    public byte[] entry(long number) {
        return files.entry(number, size);
    }

    /** The builder's file of leaf positions, for as long as it runs. */
    public Path positions() {
        return path("positions.db");
    }

    /** Up to where the builder may have signed; empty if no ledger was begun here. */
    public Optional<Signed> signed() {
        return LedgerFiles.read(path("signed")).map(bytes -> {
            String[] parts =
                    new String(bytes, StandardCharsets.US_ASCII).strip().split(" ", 2);
            return new Signed(Long.parseLong(parts[0]), Hash.parse(parts[1]));
        });
    }

    /** The last published checkpoint, if any. */
    public Optional<byte[]> checkpoint() {
        return files.checkpoint();
    }

    /** Begins a ledger here. */
    public void begin() {
        mayBeSigned(0, MerkleTree.emptyRoot());
    }

    /** Writes the leaf hashes of a segment. */
    public void writeSegment(String topic, int partition, long first, List<Hash> leaves) {
        ByteBuffer bytes = ByteBuffer.allocate(leaves.size() * Hash.BYTES);
        leaves.forEach(leaf -> bytes.put(leaf.bytes()));
        DurableFiles.replace(path(LedgerFiles.segmentPath(topic, partition, first)), bytes.array());
    }

    /**
     * Writes entries and the tiles over them.
     *
     * @param first number of the first of {@code entries}; all before it are present and complete
     * @param hashes leaf hashes of all entries of the ledger, at least up to the last of {@code entries}
     */
    public void append(long first, List<byte[]> entries, List<Hash> hashes) {
        long end = first + entries.size();
        // Entries before tiles, and tiles before those above them: a reader that finds a tile finds everything below
        // it.
        for (Tile tile : Tiles.added(first, end)) {
            if (tile.level() == 0) {
                DurableFiles.replace(path(tile.entriesPath()), bundle(tile, first, entries));
            }
        }
        size = Math.max(size, end);
        for (Tile tile : Tiles.added(first, end)) {
            List<Hash> tileHashes = new ArrayList<>();
            for (long index = tile.index() * Tiles.WIDTH; tileHashes.size() < tile.width(); index++) {
                tileHashes.add(tile.level() == 0 ? hashes.get((int) index) : above(tile.level() - 1, index));
            }
            ByteBuffer bytes = ByteBuffer.allocate(tile.width() * Hash.BYTES);
            tileHashes.forEach(hash -> bytes.put(hash.bytes()));
            DurableFiles.replace(path(tile.path()), bytes.array());
        }
    }

    private byte[] bundle(Tile tile, long first, List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (long number = tile.index() * Tiles.WIDTH; number < tile.index() * Tiles.WIDTH + tile.width(); number++) {
            byte[] text = number < first ? entry(number) : entries.get((int) (number - first));
            bundle.write(text.length >> 8);
            bundle.write(text.length);
            bundle.writeBytes(text);
        }
        return bundle.toByteArray();
    }

    /** Root over a full tile, which is one hash of the level above. */
    private Hash above(int level, long index) {
        return MerkleTree.root(files.read(new Tile(level, index, Tiles.WIDTH)));
    }

    /** Permits the builder to sign this tree, and to sign no other of this size from now on, nor a smaller one that it does not extend. */
    public void mayBeSigned(long size, Hash root) {
        DurableFiles.replace(path("signed"), (size + " " + root + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Publishes a signed checkpoint. */
    public void publish(byte[] note) {
        DurableFiles.replace(path("checkpoint"), note);
    }

    private Path path(String relative) {
        return files.path(relative);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
