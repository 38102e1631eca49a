package org.brokerhandoff.ledgerservice.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.Tiles;
import org.brokerhandoff.ledger.merkle.Tiles.Tile;

/**
 * Reads what a ledger has published to its folder. A file there is written atomically and never changes, so this needs no lock and may read
 * while the builder writes. Not thread-safe.
 */
public final class LedgerFiles implements Tiles.Source {
    private final Path folder;
    private Path lastBundleFile = Path.of("");
    private byte[] lastBundle = {};

    /** Reads {@code folder}. */
    public LedgerFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * The text of entry {@code number}.
     *
     * @param size number of entries present, at least {@code number + 1}
     * @throws IllegalArgumentException if it does not exist
     */
    public byte[] entry(long number, long size) {
        long bundle = number / Tiles.WIDTH;
        int width = (int) Math.min(Tiles.WIDTH, size - bundle * Tiles.WIDTH);
        Path file = path(new Tile(0, bundle, width).entriesPath());
        // Entries are requested sequentially, and a bundle has up to 16 MB.
        if (!file.equals(lastBundleFile)) {
            lastBundle =
                    read(file).orElseThrow(() -> new IllegalArgumentException("no entry " + number + " in " + folder));
            lastBundleFile = file;
        }
        ByteBuffer in = ByteBuffer.wrap(lastBundle);
        for (long skipped = bundle * Tiles.WIDTH; skipped < number; skipped++) {
            int length = Short.toUnsignedInt(in.getShort());
            in.position(in.position() + length);
        }
        byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(text);
        return text;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it does not exist
     */
    @Override
    public List<Hash> read(Tile tile) {
        return hashes(read(path(tile.path()))
                .orElseThrow(() -> new IllegalArgumentException("no " + tile.path() + " in " + folder)));
    }

    /**
     * The leaf hashes of the segment that begins at offset {@code first}. They are unsigned: only the root over them shows whether they are
     * correct.
     *
     * @throws IllegalArgumentException if they do not exist
     */
    public List<Hash> segment(String topic, int partition, long first) {
        return hashes(read(path(segmentPath(topic, partition, first)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "no leaf hashes of " + topic + "-" + partition + " from " + first + " in " + folder)));
    }

    /**
     * {@code count} of the segment's leaf hashes, from its leaf {@code from} on.
     *
     * @throws IllegalArgumentException if they do not exist
     */
    public List<Hash> segment(String topic, int partition, long first, int from, int count) {
        Path file = path(segmentPath(topic, partition, first));
        ByteBuffer hashes = ByteBuffer.allocate(count * Hash.BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            long start = (long) from * Hash.BYTES;
            while (hashes.hasRemaining() && channel.read(hashes, start + hashes.position()) >= 0) {}
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        if (hashes.hasRemaining()) {
            throw new IllegalArgumentException("fewer than " + (from + count) + " leaf hashes in " + file);
        }
        return hashes(hashes.array());
    }

    /** The last published checkpoint, if any. */
    public Optional<byte[]> checkpoint() {
        return read(path("checkpoint"));
    }

    static String segmentPath(String topic, int partition, long first) {
        return "segments/" + topic + "/" + partition + "/" + first;
    }

    private static List<Hash> hashes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Hash> hashes = new ArrayList<>(bytes.length / Hash.BYTES);
        while (in.hasRemaining()) {
            byte[] hash = new byte[Hash.BYTES];
            in.get(hash);
            hashes.add(Hash.of(hash));
        }
        return hashes;
    }

    Path path(String relative) {
        return folder.resolve(relative);
    }

    static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
