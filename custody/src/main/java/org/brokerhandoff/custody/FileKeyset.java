package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Epoch keys in a text file that only its owner may read:
 *
 * <pre>
 * broker-handoff keyset 1
 * epoch 1 0011…ff        (number, 32 bytes in hex)
 * current 1
 * </pre>
 *
 * A key asked for that is not known makes the file be read again, so that an epoch another process added is found.
 */
public final class FileKeyset implements KeysetSource {
    private static final String FIRST_LINE = "broker-handoff keyset 1";
    private static final int MAXIMUM_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private volatile Epochs epochs;

    private record Epochs(int current, Map<Integer, SecretKey> keys) {}

    private FileKeyset(Path file, Epochs epochs) {
        this.file = file;
        this.epochs = epochs;
    }

    /**
     * Opens the keyset, or creates one with a single random epoch key. Processes may race to create it.
     *
     * @throws CustodyException if the file is not a regular file, others than its owner have access, or it does not
     *     read as a keyset; the message has no key bytes
     */
    public static FileKeyset openOrCreate(Path file) {
        try {
            if (!PrivateFile.exists(file)) {
                create(file);
            }
            return new FileKeyset(file, load(file));
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        }
    }

    @Override
    public int currentEpoch() {
        return epochs.current();
    }

    @Override
    public Optional<SecretKey> key(int epoch) {
        SecretKey known = epochs.keys().get(epoch);
        return known != null ? Optional.of(known) : keyAfterReload(epoch);
    }

    private synchronized Optional<SecretKey> keyAfterReload(int epoch) {
        SecretKey loadedMeanwhile = epochs.keys().get(epoch);
        if (loadedMeanwhile != null) {
            return Optional.of(loadedMeanwhile);
        }
        try {
            epochs = load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("keyset file " + file, e);
        }
        return Optional.ofNullable(epochs.keys().get(epoch));
    }

    private static void create(Path file) throws IOException {
        byte[] key = new byte[DataKey.LENGTH_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] content = (FIRST_LINE + "\nepoch 1 " + HexFormat.of().formatHex(key) + "\ncurrent 1\n")
                .getBytes(StandardCharsets.US_ASCII);
        PrivateFile.create(file, ByteBuffer.wrap(content));
        Arrays.fill(key, (byte) 0);
        Arrays.fill(content, (byte) 0);
    }

    private static Epochs load(Path file) throws IOException {
        PrivateFile.requireRegular(file);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new CustodyException(
                    "keyset file " + file + " refused: its mode is " + PosixFilePermissions.toString(permissions)
                            + ", others than its owner must have no access (0600)");
        }
        byte[] content;
        // Opened without following links too: the checks above are about the name, this is about what is read.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() > MAXIMUM_BYTES) {
                throw refused(file, "it has " + channel.size() + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // a read may return less than asked for
            }
            content = bytes.array();
        }
        String text = new String(content, StandardCharsets.US_ASCII);
        Arrays.fill(content, (byte) 0);
        return parse(file, text);
    }

    private static Epochs parse(Path file, String text) {
        Map<Integer, SecretKey> keys = new HashMap<>();
        int current = 0;
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
            throw refused(file, "it does not begin with '" + FIRST_LINE + "'");
        }
        int number = 1;
        for (String line : lines.subList(1, lines.size())) {
            number++;
            String[] words = line.split(" ", -1);
            try {
                if (words.length == 3 && words[0].equals("epoch")) {
                    int epoch = Integer.parseInt(words[1]);
                    DataKey key = DataKey.takeOver(HexFormat.of().parseHex(words[2]));
                    if (epoch < 1 || keys.put(epoch, key) != null) {
                        throw refused(file, "line " + number + ": epoch " + epoch + " is below 1 or there twice");
                    }
                } else if (words.length == 2 && words[0].equals("current")) {
                    current = Integer.parseInt(words[1]);
                } else {
                    throw refused(file, "line " + number + " is not understood");
                }
            } catch (IllegalArgumentException e) {
                // Neither the line nor the exception's text may be shown: they may hold a key.
                throw refused(file, "line " + number + " is not understood");
            }
        }
        if (!keys.containsKey(current)) {
            throw refused(file, "it has no current epoch key");
        }
        return new Epochs(current, Map.copyOf(keys));
    }

    private static CustodyException refused(Path file, String found) {
        return new CustodyException("keyset file " + file + " refused: " + found);
    }

    @Override
    public String toString() {
        return "FileKeyset[" + file + "]";
    }
}
