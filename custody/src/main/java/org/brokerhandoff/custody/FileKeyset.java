package org.brokerhandoff.custody;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32C;
import javax.crypto.SecretKey;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.brokerhandoff.custody.time.HostClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Epoch keys in a file of fixed layout that only its owner may read, and in which a destroyed key is overwritten where it
 * stood: like the slot file, it has to forget. docs/custody.md has the layout.
 *
 * <p>The first block is mapped and holds no key: which epoch is current is a number in it, so that all processes see a
 * rotation at once and without a system call. The keys are read from the other blocks, one each, when that block's version
 * number says that something changed.
 */
public final class FileKeyset implements RotatingKeyset {
    private static final Logger LOG = LoggerFactory.getLogger(FileKeyset.class);
    private static final byte[] MAGIC = "BHKEYS2\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT_LAYOUT = "broker-h".getBytes(StandardCharsets.US_ASCII);
    private static final int LAYOUT_VERSION = 2;
    private static final int BYTE_ORDER_MARK = 0x0A0B0C0D;

    /** A block for each key: a write that a power cut tears spoils no other key, and {@code O_DIRECT} can read it. */
    private static final int BLOCK_BYTES = 4096;

    private static final int ENTRIES = 8;
    private static final int FILE_BYTES = BLOCK_BYTES * (1 + ENTRIES);
    private static final int HEADER_BYTES = 40;

    private static final int CURRENT = 64;
    private static final int VERSION = 72;
    private static final int SERIAL = 80;
    private static final int TIED_TO_HIGH = 88;
    private static final int TIED_TO_LOW = 96;

    private static final int ENTRY_BYTES = 56;
    private static final int ENTRY_CHECKSUM = 48;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final @Nullable Object fileKey;
    private final UUID id;
    private final MappedByteBuffer control;
    private final FaultPoints faultPoints;
    private volatile Epochs epochs;

    private record Entry(int index, Instant createdAt, DataKey key) {}

    /** What the key blocks held at a version. */
    private record Epochs(long version, SortedMap<Integer, Entry> entries) {}

    private FileKeyset(
            Path file, @Nullable Object fileKey, UUID id, MappedByteBuffer control, FaultPoints faultPoints) {
        this.file = file;
        this.fileKey = fileKey;
        this.id = id;
        this.control = control;
        this.faultPoints = faultPoints;
        this.epochs = new Epochs(-1, new TreeMap<>());
    }

    /**
     * Opens the keyset, or creates one with a single random epoch key. Processes may race to create it.
     *
     * @throws CustodyException if the file is not a regular file, others than its owner have access, or it does not
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
        Object fileKey = requirePrivate(file);
        // Opened without following links too: the checks above are about the name, this is about what is read.
        try (FileChannel channel = channel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            UUID id = header(file, channel);
            return new FileKeyset(
                    file, fileKey, id, channel.map(FileChannel.MapMode.READ_WRITE, 0, BLOCK_BYTES), faultPoints);
        }
    }

    private static @Nullable Object requirePrivate(Path file) throws IOException {
        PrivateFile.requireRegular(file);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new CustodyException(
                    "keyset file " + file + " refused: its mode is " + PosixFilePermissions.toString(permissions)
                            + ", others than its owner must have no access (0600)");
        }
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static FileChannel channel(Path file, OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all);
    }

    // ------------------------------------------------------------ creation and header

    private static void create(Path file, Instant now) throws IOException {
        // Direct: the JDK copies what is in a heap buffer to a buffer of its own, which nobody wipes.
        ByteBuffer content = ByteBuffer.allocateDirect(FILE_BYTES);
        content.put(0, header(UUID.randomUUID()));
        content.order(ByteOrder.nativeOrder()).putLong(CURRENT, 1).putLong(VERSION, 1);
        DataKey key = DataKey.random(new SecureRandom());
        byte[] entry = entry(1, now, key);
        key.destroy();
        content.put(BLOCK_BYTES, entry);
        Arrays.fill(entry, (byte) 0);
        try {
            PrivateFile.create(file, content);
        } finally {
            content.put(BLOCK_BYTES, entry);
        }
    }

    private static byte[] header(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
        bytes.put(MAGIC)
                .putInt(LAYOUT_VERSION)
                .putInt(ENTRIES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .order(ByteOrder.nativeOrder())
                .putInt(BYTE_ORDER_MARK)
                .order(ByteOrder.BIG_ENDIAN);
        bytes.putInt(checksum(bytes.array(), HEADER_BYTES - Integer.BYTES));
        return bytes.array();
    }

    private static UUID header(Path file, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
        readFully(channel, bytes, 0);
        bytes.flip();
        byte[] magic = new byte[Math.min(MAGIC.length, bytes.remaining())];
        bytes.get(magic);
        if (Arrays.equals(magic, TEXT_LAYOUT)) {
            throw refused(
                    file,
                    "it is a text file of an earlier version, which cannot forget a key. Let every signup end, then"
                            + " remove it together with the slot file; both are made anew");
        }
        if (!Arrays.equals(magic, MAGIC)) {
            // Not what it begins with: should it hold a key in another form, that must not be shown.
            throw refused(file, "it does not begin with a keyset's magic");
        }
        if (channel.size() != FILE_BYTES) {
            throw refused(file, "it has " + channel.size() + " bytes, not " + FILE_BYTES);
        }
        int layout = bytes.getInt();
        if (layout != LAYOUT_VERSION) {
            throw refused(file, "its layout version is " + layout + ", this program reads " + LAYOUT_VERSION);
        }
        int entries = bytes.getInt();
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        int mark = bytes.order(ByteOrder.nativeOrder()).getInt();
        int checksum = bytes.order(ByteOrder.BIG_ENDIAN).getInt();
        int computed = checksum(bytes.array(), HEADER_BYTES - Integer.BYTES);
        if (checksum != computed) {
            throw refused(
                    file,
                    "its header checksum is " + Integer.toHexString(checksum) + ", computed is "
                            + Integer.toHexString(computed));
        }
        if (mark != BYTE_ORDER_MARK) {
            throw refused(file, "it was written on a machine of the other byte order");
        }
        if (entries != ENTRIES) {
            throw refused(file, "it has " + entries + " entries, this program reads " + ENTRIES);
        }
        return id;
    }

    /**
     * Epoch, time and key, and a checksum of all of them: it goes with the key in one overwriting, and tells a write that
     * was torn.
     */
    private static byte[] entry(int epoch, Instant createdAt, DataKey key) {
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.nativeOrder());
        byte[] clear = key.getEncoded();
        bytes.putInt(0, epoch).putLong(8, createdAt.toEpochMilli()).put(16, clear);
        Arrays.fill(clear, (byte) 0);
        return bytes.putInt(ENTRY_CHECKSUM, checksum(bytes.array(), ENTRY_CHECKSUM))
                .array();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    // ------------------------------------------------------------ reading

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public int currentEpoch() {
        return (int) (long) LONG.getVolatile(control, CURRENT);
    }

    @Override
    public Optional<SecretKey> key(int epoch) {
        return Optional.ofNullable(upToDate().entries().get(epoch)).map(Entry::key);
    }

    @Override
    public SortedSet<Integer> epochs() {
        return new TreeSet<>(upToDate().entries().keySet());
    }

    @Override
    public Instant createdAt(int epoch) {
        Entry entry = upToDate().entries().get(epoch);
        return entry == null ? Instant.EPOCH : entry.createdAt();
    }

    private Epochs upToDate() {
        Epochs known = epochs;
        return known.version() == version() ? known : reloaded();
    }

    private long version() {
        return (long) LONG.getVolatile(control, VERSION);
    }

    private synchronized Epochs reloaded() {
        try {
            while (epochs.version() != version()) {
                long version = version();
                SortedMap<Integer, Entry> former = epochs.entries();
                SortedMap<Integer, Entry> read = read(former);
                int current = currentEpoch();
                if (version != version()) {
                    wipe(read.values(), former);
                    continue;
                }
                // Only now: before an epoch is published the version grows, so this one was there when
                // the blocks were read.
                if (!read.containsKey(current)) {
                    wipe(read.values(), former);
                    throw refused(file, "the key of its current epoch " + current + " is missing or damaged");
                }
                epochs = new Epochs(version, read);
                wipe(former.values(), read);
            }
            return epochs;
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        }
    }

    /** Wipes the keys that are not among those that stay. */
    private static void wipe(Collection<Entry> entries, SortedMap<Integer, Entry> staying) {
        Set<Entry> kept = new HashSet<>(staying.values());
        entries.stream()
                .filter(entry -> !kept.contains(entry))
                .forEach(entry -> entry.key().destroy());
    }

    private SortedMap<Integer, Entry> read(SortedMap<Integer, Entry> known) throws IOException {
        check();
        SortedMap<Integer, Entry> entries = new TreeMap<>();
        ByteBuffer block = ByteBuffer.allocateDirect(ENTRY_BYTES);
        byte[] bytes = new byte[ENTRY_BYTES];
        try (FileChannel channel = channel(file, StandardOpenOption.READ)) {
            for (int index = 0; index < ENTRIES; index++) {
                readFully(channel, block.clear(), position(index));
                block.get(0, bytes);
                ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
                int epoch = entry.getInt(0);
                if (epoch < 1 || entry.getInt(ENTRY_CHECKSUM) != checksum(bytes, ENTRY_CHECKSUM)) {
                    // Empty, or a write that a crash cut short: of a key that was not in use yet, or not any more.
                    continue;
                }
                DataKey key = DataKey.takeOver(Arrays.copyOfRange(bytes, 16, 16 + DataKey.LENGTH_BYTES));
                Instant createdAt = Instant.ofEpochMilli(entry.getLong(8));
                Entry before = known.get(epoch);
                // The number is not enough: a block that a crash left without a word may since hold another key of it.
                if (before != null
                        && before.index() == index
                        && before.createdAt().equals(createdAt)
                        && same(before.key(), key)) {
                    key.destroy();
                    entries.put(epoch, before);
                } else if (entries.put(epoch, new Entry(index, createdAt, key)) != null) {
                    throw refused(file, "epoch " + epoch + " is there twice");
                }
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
            block.put(0, bytes);
        }
        return entries;
    }

    private static boolean same(DataKey one, DataKey other) {
        byte[] first = one.getEncoded();
        byte[] second = other.getEncoded();
        try {
            return Arrays.equals(first, second);
        } finally {
            Arrays.fill(first, (byte) 0);
            Arrays.fill(second, (byte) 0);
        }
    }

    /** Reads the key blocks although no version says that they changed. */
    private synchronized Epochs reread() {
        epochs = new Epochs(-1, epochs.entries());
        return reloaded();
    }

    @Override
    public void check() {
        try {
            Object found = requirePrivate(file);
            if (!Objects.equals(found, fileKey)) {
                throw new CustodyException("keyset file " + file + " was exchanged while it was in use");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        }
    }

    // ------------------------------------------------------------ changing

    @Override
    public void tieTo(UUID slotFile) {
        boolean tied = tied(TIED_TO_HIGH, slotFile.getMostSignificantBits())
                && tied(TIED_TO_LOW, slotFile.getLeastSignificantBits());
        if (!tied) {
            UUID other = new UUID(
                    (long) LONG.getVolatile(control, TIED_TO_HIGH), (long) LONG.getVolatile(control, TIED_TO_LOW));
            throw refused(file, "it belongs to slot file " + other + ", not to " + slotFile);
        }
        control.force();
    }

    /** Neither half of a random UUID is 0. */
    private boolean tied(int offset, long half) {
        return LONG.compareAndSet(control, offset, 0L, half) || (long) LONG.getVolatile(control, offset) == half;
    }

    @Override
    public synchronized int prepare(Instant now) {
        SortedMap<Integer, Entry> entries = upToDate().entries();
        int epoch = entries.lastKey() + 1;
        int index = 0;
        while (isTaken(index, entries)) {
            index++;
        }
        if (index == ENTRIES) {
            throw new CustodyException("keyset file " + file + " has no room for another epoch");
        }
        DataKey key = DataKey.random(new SecureRandom());
        byte[] written = entry(epoch, now, key);
        key.destroy();
        try {
            overwrite(index, written, Step.EPOCH_KEY_WRITTEN);
        } finally {
            Arrays.fill(written, (byte) 0);
        }
        changed();
        return epoch;
    }

    private static boolean isTaken(int index, SortedMap<Integer, Entry> entries) {
        return entries.values().stream().anyMatch(entry -> entry.index() == index);
    }

    @Override
    public synchronized void publish(int epoch) {
        Entry entry = upToDate().entries().get(epoch);
        if (entry == null) {
            throw new IllegalArgumentException("there is no epoch " + epoch);
        }
        requireOnMedium(epoch, entry);
        // Whoever prepared it may have been killed before saying so: no process may see the number without the key.
        changed();
        LONG.setVolatile(control, CURRENT, (long) epoch);
        try {
            // A power cut that forgot the number would let holds go on under an epoch that is about to be destroyed.
            control.force();
        } catch (UncheckedIOException e) {
            throw notDurable("its current epoch", e);
        }
    }

    /** It may have been prepared by a process whose sync failed, and stand in the page cache only. */
    private void requireOnMedium(int epoch, Entry entry) {
        byte[] expected = entry(epoch, entry.createdAt(), entry.key());
        ByteBuffer block = alignedBlock();
        try {
            if (!readsBackAs(expected, entry.index(), block)) {
                throw new CustodyException(
                        "keyset file " + file + ": the key of epoch " + epoch + " is not on the disk");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        } finally {
            Arrays.fill(expected, (byte) 0);
            wipe(block);
        }
    }

    private static ByteBuffer alignedBlock() {
        return ByteBuffer.allocateDirect(2 * BLOCK_BYTES).alignedSlice(BLOCK_BYTES);
    }

    private static void wipe(ByteBuffer block) {
        block.clear().put(0, new byte[ENTRY_BYTES]);
    }

    @Override
    public synchronized void destroy(int epoch) {
        Entry entry = upToDate().entries().get(epoch);
        if (epoch == currentEpoch()) {
            throw new CustodyException("the current epoch " + epoch + " cannot be destroyed");
        }
        if (entry != null) {
            overwrite(entry.index(), new byte[ENTRY_BYTES], Step.EPOCH_KEY_OVERWRITTEN);
            changed();
            upToDate();
        }
    }

    /**
     * Destroys what writes that were cut short have left in blocks without a readable entry: part of a key that never was
     * in use, or of one that was to be destroyed. What was written as a whole is found here, and used.
     */
    synchronized void clean() {
        SortedMap<Integer, Entry> entries = reread().entries();
        ByteBuffer block = ByteBuffer.allocateDirect(ENTRY_BYTES);
        byte[] bytes = new byte[ENTRY_BYTES];
        try (FileChannel channel = channel(file, StandardOpenOption.READ)) {
            for (int index = 0; index < ENTRIES; index++) {
                readFully(channel, block.clear(), position(index));
                block.get(0, bytes);
                if (!isTaken(index, entries) && !Arrays.equals(bytes, new byte[ENTRY_BYTES])) {
                    LOG.warn("keyset file {}: the remains of an unfinished write are destroyed", file);
                    overwrite(index, new byte[ENTRY_BYTES], Step.EPOCH_KEY_OVERWRITTEN);
                    changed();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            block.put(0, bytes);
        }
    }

    /** The version comes after what it announces, so that whoever sees it reads at least that. */
    private void changed() {
        var unused = (long) LONG.getAndAdd(control, VERSION, 1L);
    }

    private void overwrite(int index, byte[] bytes, Step written) {
        ByteBuffer block = alignedBlock();
        boolean syncing = false;
        try {
            block.put(0, bytes).limit(bytes.length);
            try (FileChannel channel = channel(file, StandardOpenOption.WRITE)) {
                PrivateFile.writeFully(channel, block, position(index));
                faultPoints.reached(written);
                syncing = true;
                channel.force(true);
            }
            if (!readsBackAs(bytes, index, block)) {
                throw new CustodyException(
                        "keyset file " + file + ": block " + index + " does not read back as it was written");
            }
        } catch (IOException e) {
            if (syncing) {
                throw notDurable("block " + index, e);
            }
            throw new UncheckedIOException("keyset file " + file, e);
        } finally {
            wipe(block);
        }
    }

    private boolean readsBackAs(byte[] bytes, int index, ByteBuffer block) throws IOException {
        try (FileChannel direct = channel(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            block.clear().limit(BLOCK_BYTES);
            if (direct.read(block, position(index)) != BLOCK_BYTES) {
                throw new IOException("read back less than a block");
            }
        } catch (IOException | UnsupportedOperationException refused) {
            LOG.debug("O_DIRECT refused, reading back through the page cache", refused);
            try (FileChannel cached = channel(file, StandardOpenOption.READ)) {
                readFully(cached, block.clear().limit(BLOCK_BYTES), position(index));
            }
        }
        return block.slice(0, bytes.length).equals(ByteBuffer.wrap(bytes));
    }

    @Override
    public long slotFileSerial() {
        return (long) LONG.getVolatile(control, SERIAL);
    }

    @Override
    public void raiseSlotFileSerial(long serial) {
        long known = slotFileSerial();
        while (serial > known && !LONG.compareAndSet(control, SERIAL, known, serial)) {
            known = slotFileSerial();
        }
    }

    private static long position(int index) {
        return (long) BLOCK_BYTES * (1 + index);
    }

    private static void readFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            at += read;
            read = channel.read(bytes, at);
        }
    }

    /** From the first sync on a repeat may look as if it had worked: not to be tried again, unlike what came before. */
    private CustodyException notDurable(String what, Exception cause) {
        return new CustodyException("keyset file " + file + ": " + what + " could not be made durable", cause);
    }

    private static CustodyException refused(Path file, String found) {
        return new CustodyException("keyset file " + file + " refused: " + found);
    }

    @Override
    public String toString() {
        return "FileKeyset[" + file + "]";
    }
}
