package org.brokerhandoff.audit.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.operations.files.DurableFiles;

/**
 * What a witness must not lose: for each origin the last checkpoint that it cosigned, in {@code HASH/checkpoint}. An older copy of the folder
 * lets the log be forked unnoticed, and so does a new one: a witness that lost its folder is retired, and another starts with another name
 * and key. A second process with the folder is refused.
 */
final class WitnessFolder implements AutoCloseable {
    private static final String OWNER = "witness";

    private final Path folder;
    private final FileChannel lock;

    private WitnessFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens the folder of a witness.
     *
     * @param verifierKey key of the witness that owns the state
     * @param begin whether this witness is new: the folder must then be empty, and otherwise must not be
     * @throws UncheckedIOException if it is not, belongs to another witness, is used by another process, or cannot be read or written
     */
    static WitnessFolder open(Path folder, String verifierKey, boolean begin) {
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
                throw unusable(folder + " is in use by another witness");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be opened", e);
        }
        WitnessFolder opened = new WitnessFolder(folder, lock);
        try {
            opened.belongsTo(verifierKey, begin);
            return opened;
        } catch (UncheckedIOException e) {
            opened.close();
            throw e;
        }
    }

    private void belongsTo(String verifierKey, boolean begin) {
        Optional<String> owner =
                read(folder.resolve(OWNER)).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
        if (owner.isEmpty() && !begin) {
            throw unusable(folder + " has no witness state. If this witness has ever cosigned, put its folder back, or"
                    + " retire it and use another name and key. --init starts a new one");
        }
        if (owner.isPresent() && begin) {
            throw unusable(folder + " already has the state of a witness; --init is for a new one");
        }
        if (owner.isPresent() && !owner.get().equals(verifierKey)) {
            throw unusable(folder + " is the state of another witness, " + owner.get());
        }
        if (begin) {
            DurableFiles.replace(folder.resolve(OWNER), (verifierKey + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static UncheckedIOException unusable(String why) {
        return new UncheckedIOException(why, new IOException(why));
    }

    /** An origin's name in paths: SHA-256 in lower-case hexadecimal, as {@code tlog-witness} has it. */
    static String hash(String origin) {
        return HexFormat.of()
                .formatHex(Hash.sha256(origin.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    /** The last cosigned checkpoint, by {@link #hash}, with its signatures; empty if there is none. */
    Optional<byte[]> checkpoint(String originHash) {
        return read(path(originHash));
    }

    /**
     * The same as a note.
     *
     * @throws UncheckedIOException if the file is damaged: nothing may be cosigned then
     */
    Optional<SignedNote> latest(String origin) {
        Optional<byte[]> bytes = checkpoint(hash(origin));
        try {
            return bytes.isPresent() ? Optional.of(SignedNote.parse(bytes.get())) : Optional.empty();
        } catch (MalformedNote e) {
            throw unusable(path(hash(origin)) + " is damaged");
        }
    }

    /** From now on only extensions of {@code cosigned} may be cosigned; durable when this returns. */
    void store(String origin, SignedNote cosigned) {
        DurableFiles.replace(path(hash(origin)), cosigned.bytes());
    }

    /** Stores two contradictory notes of one log: together they are proof against its key. */
    Path keepContradiction(SignedNote earlier, SignedNote later) {
        String both = new String(earlier.bytes(), StandardCharsets.UTF_8) + "\n"
                + new String(later.bytes(), StandardCharsets.UTF_8);
        byte[] bytes = both.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve(
                "contradiction-" + HexFormat.of().formatHex(Hash.sha256(bytes).bytes(), 0, 8));
        DurableFiles.replace(file, bytes);
        return file;
    }

    private Path path(String originHash) {
        return folder.resolve(originHash).resolve("checkpoint");
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
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
