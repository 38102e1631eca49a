package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.brokerhandoff.operations.secrets.KeyedDigest;
import org.jspecify.annotations.Nullable;

/**
 * The random keys under which idempotency keys are digested: today's and yesterday's. Once the key of a day is gone, the digests of that day
 * cannot be linked to a website's keys any more.
 *
 * <p>They are in a separate file with two fixed slots, which are overwritten in place and synced. A day uses the slot of its parity, so that
 * today's key overwrites that of the day before yesterday.
 *
 * <p>Not thread-safe. The file is locked while it is open, since two processes with one file would each assume that only they know which
 * requests are in progress.
 */
final class DayKeys implements AutoCloseable {
    /** Stored bytes of a digest. */
    static final int DIGEST_BYTES = KeyedDigest.BYTES;

    private static final int KEY_BYTES = 32;
    private static final int PLACE_BYTES = Long.BYTES + KEY_BYTES + Integer.BYTES;

    private final FileChannel channel;
    private final SecureRandom random;
    private long today = Long.MIN_VALUE;
    private @Nullable KeyedDigest ofToday;
    private @Nullable KeyedDigest ofYesterday;

    private DayKeys(FileChannel channel, SecureRandom random) {
        this.channel = channel;
        this.random = random;
    }

    /**
     * Opens the file, or creates it, readable only by its owner.
     *
     * @throws UncheckedIOException if it cannot be opened
     * @throws IllegalStateException if another process has it open
     */
    @SuppressWarnings("resource") // the channel is closed by close(), and on every failure below
    static DayKeys open(Path file, SecureRandom random) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new IllegalStateException("another ingest service has the idempotency file " + file + " open");
            }
            DayKeys keys = new DayKeys(channel, random);
            keys.resume();
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException("day keys " + file, e);
        }
    }

    /**
     * Continues with the newest day in the file, whatever the clock says: a start must not overwrite a day that only a wrong clock considers
     * past.
     */
    private void resume() throws IOException {
        long newest = Math.max(dayIn(0), dayIn(1));
        if (newest >= 0) {
            ofToday = load(newest).orElse(null);
            ofYesterday = load(newest - 1).orElse(null);
            today = newest;
        }
    }

    /** The day whose key is in a slot; -1 if there is none. */
    private long dayIn(int parity) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        if (channel.read(number, offset(parity)) != Long.BYTES) {
            return -1;
        }
        long day = number.getLong(0);
        return Math.floorMod(day, 2) == parity && load(day).isPresent() ? day : -1;
    }

    /** Makes {@code day} today: creates or loads its key and yesterday's, and overwrites all older ones. */
    void turnTo(long day) {
        // A clock that was set back cannot restore a destroyed key.
        if (day <= today) {
            return;
        }
        try {
            ofYesterday = load(day - 1).orElse(null);
            if (ofYesterday == null) {
                write(day - 1, new byte[PLACE_BYTES]);
            }
            ofToday = load(day).orElse(null);
            if (ofToday == null) {
                ofToday = create(day);
            }
            today = day;
        } catch (IOException e) {
            throw new UncheckedIOException("day keys", e);
        }
    }

    long today() {
        return today;
    }

    /** Digest under today's key. */
    byte[] today(String client, String key) {
        if (ofToday == null) {
            throw new IllegalStateException("turnTo comes first");
        }
        return ofToday.bytes(client, key);
    }

    /** Digest under yesterday's key, if there is one. */
    Optional<byte[]> yesterday(String client, String key) {
        return Optional.ofNullable(ofYesterday).map(day -> day.bytes(client, key));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("day keys", e);
        }
    }

    private Optional<KeyedDigest> load(long day) throws IOException {
        ByteBuffer place = ByteBuffer.allocate(PLACE_BYTES);
        int read = 0;
        while (read >= 0 && place.hasRemaining()) {
            read = channel.read(place, offset(day) + place.position());
        }
        if (place.hasRemaining()
                || place.getLong(0) != day
                || place.getInt(Long.BYTES + KEY_BYTES) != crc(place.array())) {
            return Optional.empty();
        }
        return Optional.of(new KeyedDigest(Arrays.copyOfRange(place.array(), Long.BYTES, Long.BYTES + KEY_BYTES)));
    }

    private KeyedDigest create(long day) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        ByteBuffer place = ByteBuffer.allocate(PLACE_BYTES).putLong(day).put(key);
        place.putInt(crc(place.array()));
        write(day, place.array());
        KeyedDigest digest = new KeyedDigest(key);
        Arrays.fill(key, (byte) 0);
        Arrays.fill(place.array(), (byte) 0);
        return digest;
    }

    private void write(long day, byte[] place) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(place);
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset(day) + bytes.position());
        }
        // Before the first digest under it, else a crash would leave digests that no later process can find.
        channel.force(true);
    }

    private static long offset(long day) {
        return Math.floorMod(day, 2) * (long) PLACE_BYTES;
    }

    private static int crc(byte[] place) {
        CRC32C crc = new CRC32C();
        crc.update(place, 0, Long.BYTES + KEY_BYTES);
        return (int) crc.getValue();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
