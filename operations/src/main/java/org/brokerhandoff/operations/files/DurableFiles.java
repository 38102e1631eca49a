package org.brokerhandoff.operations.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Writes files atomically, so that they survive a crash of the process or the machine. */
public final class DurableFiles {
    private static final String THIS_PROCESS = UUID.randomUUID() + ".";

    private DurableFiles() {}

    /**
     * Replaces {@code file} by {@code bytes}: temporary file, fsync, rename, fsync of the folder.
     *
     * @throws UncheckedIOException if the disk refuses; the file is then unchanged
     */
    public static void replace(Path file, byte[] bytes) {
        replace(file, out -> out.write(bytes));
    }

    /**
     * As {@link #replace(Path, byte[])}, for a file that other processes, also of other hosts, may replace at the same time: the content is
     * that of one of them. A process killed meanwhile leaves its temporary file.
     */
    public static void replaceShared(Path file, byte[] bytes) {
        replace(file, temporary(file, THIS_PROCESS), out -> out.write(bytes));
    }

    /** Content of a file. */
    public interface Content {
        /** Writes it; if this fails, the file is unchanged. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * As above, for content that exceeds memory.
     *
     * @param attributes of the new file, such as its permissions
     * @throws UncheckedIOException if the disk refuses, or {@code content} fails; the file is then unchanged
     */
    public static void replace(Path file, Content content, FileAttribute<?>... attributes) {
        replace(file, temporary(file, ""), content, attributes);
    }

    private static Path temporary(Path file, String owner) {
        return folder(file).resolve("." + file.getFileName() + "." + owner + "tmp");
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a parent folder");
    }

    private static void replace(Path file, Path temporary, Content content, FileAttribute<?>... attributes) {
        Path folder = folder(file);
        try {
            makeFolders(folder);
            // A leftover of an ended process has the attributes of that time.
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    /** A new folder survives a power cut only if its parent is synced, too. */
    private static void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = folder.getParent();
        if (above != null) {
            makeFolders(above);
        }
        Files.createDirectories(folder);
        if (above != null) {
            sync(above);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
