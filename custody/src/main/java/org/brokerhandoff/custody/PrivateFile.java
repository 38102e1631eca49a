package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Files that only their owner may read, and that exist completely or not at all. */
final class PrivateFile {
    private PrivateFile() {}

    /**
     * Creates the file with this content unless it already exists. Several processes may race: one wins, and a file
     * that can be seen is complete and durable.
     *
     * @return whether this call created it
     */
    static boolean create(Path file, ByteBuffer content) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new IOException(file + " is not a file name");
        }
        Files.createDirectories(directory);
        Path temporary = directory.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                writeFully(channel, content, 0);
                channel.force(true);
            }
            // A link, not a rename: a rename would replace the file of the process that was faster.
            Files.createLink(absolute, temporary);
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
        return true;
    }

    static void writeFully(FileChannel channel, ByteBuffer content, long position) throws IOException {
        long at = position;
        while (content.hasRemaining()) {
            at += channel.write(content, at);
        }
    }

    /** Fills what remains of the buffer, or less where the file ends. */
    static void readFully(FileChannel channel, ByteBuffer content, long position) throws IOException {
        long at = position;
        int read = 0;
        while (content.hasRemaining() && read >= 0) {
            at += read;
            read = channel.read(content, at);
        }
    }

    /** Opens an existing file, but no symbolic link. */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all);
    }

    static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Refuses what is not a regular file, a symbolic link above all: its owner could swap the file. */
    static void requireRegular(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CustodyException(file + " is not a regular file (symbolic links are refused)");
        }
    }
}
