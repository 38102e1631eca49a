package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.brokerhandoff.custody.time.HostClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Epoch keys in a file of fixed layout that only its owner may read, and in which a destroyed key is overwritten in place: like the slot
 * file, it has to forget. docs/custody.md has the layout.
 *
 * <p>{@link KeysetControl} says which epoch is current, so that all processes see a rotation at once and without a system call. The keys
 * are read from {@link KeyBlocks} when the version number says that something changed there.
 */
public final class FileKeyset implements RotatingKeyset {
    private static final Logger LOG = LoggerFactory.getLogger(FileKeyset.class);

    private final Path file;
    private final UUID id;
    private final KeysetControl control;
    private final KeyBlocks blocks;
    private volatile Epochs epochs = new Epochs(-1, new TreeMap<>());

    /** What the key blocks held at a version. */
    private record Epochs(long version, SortedMap<Integer, EpochKey> keys) {}

    private FileKeyset(Path file, UUID id, KeysetControl control, KeyBlocks blocks) {
        this.file = file;
        this.id = id;
        this.control = control;
        this.blocks = blocks;
    }

    /**
     * Opens the keyset, or creates one with a single random epoch key. Processes may race to create it.
     *
     * @throws CustodyException if the file is not a regular file, other users have access, or it does not
     *     read as a keyset; the message has no key bytes
     */
    public static FileKeyset openOrCreate(Path file) {
        return openOrCreate(file, HostClock.wallClock(), FaultPoints.NONE);
    }

    /** As {@link #openOrCreate(Path)}; {@code clock} dates the first epoch. */
    public static FileKeyset openOrCreate(Path file, InstantSource clock) {
        return openOrCreate(file, clock, FaultPoints.NONE);
    }

    static FileKeyset openOrCreate(Path file, InstantSource clock, FaultPoints faultPoints) {
        Path absolute = file.toAbsolutePath();
        try {
            if (!PrivateFile.exists(absolute)) {
                create(absolute, clock.instant());
            }
            FileKeyset opened = open(absolute, faultPoints);
            opened.upToDate();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        }
    }

    private static FileKeyset open(Path file, FaultPoints faultPoints) throws IOException {
        KeyBlocks blocks = new KeyBlocks(file, faultPoints);
        // Opened without following links too: the checks above are about the name, this is about what is read.
        try (FileChannel channel = PrivateFile.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            UUID id = KeysetHeader.read(channel, file).id();
            return new FileKeyset(file, id, new KeysetControl(channel), blocks);
        }
    }

    private static void create(Path file, Instant now) throws IOException {
        // Direct: the JDK copies what is in a heap buffer to its own buffer, which is never wiped.
        ByteBuffer content = ByteBuffer.allocateDirect(KeyBlocks.FILE_BYTES);
        content.put(0, new KeysetHeader(UUID.randomUUID()).encoded());
        KeysetControl.begin(content, 1);
        DataKey key = DataKey.random(new SecureRandom());
        byte[] first = new EpochKey(0, 1, now, key).encoded();
        key.destroy();
        content.put(KeyBlocks.offset(0), first);
        Arrays.fill(first, (byte) 0);
        try {
            PrivateFile.create(file, content);
        } finally {
            content.put(KeyBlocks.offset(0), first);
        }
    }

    // ------------------------------------------------------------ reading

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public int currentEpoch() {
        return control.currentEpoch();
    }

    @Override
    public Optional<SecretKey> key(int epoch) {
        return Optional.ofNullable(upToDate().keys().get(epoch)).map(EpochKey::key);
    }

    @Override
    public SortedSet<Integer> epochs() {
        return new TreeSet<>(upToDate().keys().keySet());
    }

    @Override
    public Instant createdAt(int epoch) {
        EpochKey key = upToDate().keys().get(epoch);
        return key == null ? Instant.EPOCH : key.createdAt();
    }

    private Epochs upToDate() {
        Epochs known = epochs;
        return known.version() == control.version() ? known : reloaded();
    }

    private synchronized Epochs reloaded() {
        while (epochs.version() != control.version()) {
            long version = control.version();
            SortedMap<Integer, EpochKey> former = epochs.keys();
            SortedMap<Integer, EpochKey> read = blocks.read(former);
            int current = currentEpoch();
            if (version != control.version()) {
                wipe(read.values(), former);
                continue;
            }
            // Only now: before an epoch is published the version grows, so this one was there when
            // the blocks were read.
            if (!read.containsKey(current)) {
                wipe(read.values(), former);
                throw KeysetHeader.refused(file, "the key of its current epoch " + current + " is missing or damaged");
            }
            epochs = new Epochs(version, read);
            wipe(former.values(), read);
        }
        return epochs;
    }

    /** Wipes the keys that are not among those that stay. */
    private static void wipe(Collection<EpochKey> keys, SortedMap<Integer, EpochKey> staying) {
        Set<EpochKey> kept = new HashSet<>(staying.values());
        keys.stream()
                .filter(key -> !kept.contains(key))
                .forEach(key -> key.key().destroy());
    }

    /** Reads the key blocks although no version says that they changed. */
    private synchronized Epochs reread() {
        epochs = new Epochs(-1, epochs.keys());
        return reloaded();
    }

    @Override
    public void check() {
        blocks.requireSameFile();
    }

    // ------------------------------------------------------------ changing

    @Override
    public void tieTo(UUID slotFile) {
        if (!control.tiedTo(slotFile)) {
            throw KeysetHeader.refused(file, "it belongs to slot file " + control.slotFile() + ", not to " + slotFile);
        }
    }

    @Override
    public synchronized int prepare(Instant now) {
        SortedMap<Integer, EpochKey> keys = upToDate().keys();
        int epoch = keys.lastKey() + 1;
        int block = blocks.free(keys.values());
        DataKey key = DataKey.random(new SecureRandom());
        try {
            blocks.write(new EpochKey(block, epoch, now, key));
        } finally {
            key.destroy();
        }
        control.blocksChanged();
        return epoch;
    }

    @Override
    public synchronized void publish(int epoch) {
        EpochKey key = upToDate().keys().get(epoch);
        if (key == null) {
            throw new IllegalArgumentException("there is no epoch " + epoch);
        }
        blocks.requireOnMedium(key);
        // The process that prepared it may have been killed before it said so: no process may see the number without
        // the key.
        control.blocksChanged();
        try {
            // A power cut that forgot the number would let holds continue under an epoch that is about to be destroyed.
            control.makeCurrent(epoch);
        } catch (UncheckedIOException e) {
            throw blocks.notDurable("its current epoch", e);
        }
    }

    @Override
    public synchronized void destroy(int epoch) {
        EpochKey key = upToDate().keys().get(epoch);
        if (epoch == currentEpoch()) {
            throw new CustodyException("the current epoch " + epoch + " cannot be destroyed");
        }
        if (key != null) {
            blocks.erase(key.block());
            control.blocksChanged();
            upToDate();
        }
    }

    /**
     * Destroys the remains of interrupted writes in blocks without a readable key: part of a key that was never
     * in use, or of one being destroyed. A completely written key is found here, and used.
     */
    synchronized void clean() {
        for (int block : blocks.remains(reread().keys().values())) {
            LOG.warn("keyset file {}: destroyed the remains of an unfinished write", file);
            blocks.erase(block);
            control.blocksChanged();
        }
    }

    @Override
    public long slotFileSerial() {
        return control.slotFileSerial();
    }

    @Override
    public void raiseSlotFileSerial(long serial) {
        control.raiseSlotFileSerial(serial);
    }

    @Override
    public String toString() {
        return "FileKeyset[" + file + "]";
    }
}
