package org.brokerhandoff.custody.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.decisions.Progress;

/**
 * What the services of this host have seen of the database, in a file beside the name of the slot file: {@code DATABASE SERIAL} in a line, with the id
 * of the database as a UUID. It is not synced: after a power cut it says less, which is still true.
 */
final class ProgressFile {
    private final Path file;

    ProgressFile(Path localFile) {
        this.file = localFile.toAbsolutePath().resolveSibling(localFile.getFileName() + ".database");
    }

    /**
     * What was seen last; empty if nothing was.
     *
     * @throws CustodyException if the file has something else
     */
    Optional<Progress> seen() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] parts = Files.readString(file).strip().split(" ", 2);
            return Optional.of(new Progress(UUID.fromString(parts[0]), Long.parseLong(parts[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new CustodyException(file + " does not say how far the database of custody was", e);
        }
    }

    /**
     * Notes it. Two processes of a host may do so at once, and one may be killed: a line of always the same length is written by one call, in
     * place. That also needs no free disk once the file is there. The first time it is written beside and moved, so that it is never empty.
     *
     * @throws UncheckedIOException if it cannot be written; the message names the file
     */
    void note(Progress progress) {
        byte[] line = String.format(Locale.ROOT, "%s %019d\n", progress.database(), progress.serial())
                .getBytes(StandardCharsets.US_ASCII);
        try {
            if (Files.exists(file)) {
                write(file, line, false);
            } else {
                Path first = Files.createTempFile(
                        file.getParent(),
                        String.valueOf(file.getFileName()),
                        ".new",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                write(first, line, true);
                Files.move(first, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    /** @param synced whether a power cut must not leave the file empty */
    private static void write(Path to, byte[] line, boolean synced) throws IOException {
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            if (channel.write(ByteBuffer.wrap(line), 0) != line.length) {
                throw new IOException("written in part");
            }
            if (synced) {
                channel.force(true);
            }
        }
    }
}
