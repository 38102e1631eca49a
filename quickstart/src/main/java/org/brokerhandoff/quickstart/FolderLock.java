package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process at a time for a folder. The lock is the kernel's, so it ends with the process, however that ends; the file only names the
 * process.
 */
final class FolderLock implements AutoCloseable {
    /** Far beyond the process id, which others may read while the byte is locked, on every system. */
    private static final long LOCKED_BYTE = 1L << 40;

    /** A process loses its lock when it closes any descriptor of the file, so it does not open one that it holds. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The folder cannot be had; the message says why and what to do. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /**
     * Makes a folder if it is not there.
     *
     * @return its real path, the same through whatever link it was named
     * @throws Unusable if it cannot be made, or is something else
     */
    static Path folder(Path requested) throws IOException {
        if (Files.exists(requested) && !Files.isDirectory(requested)) {
            throw new Unusable(requested + " is not a folder; name another with --directory");
        }
        try {
            if (!Files.exists(requested)) {
                Files.createDirectories(requested);
            }
        } catch (IOException e) {
            throw new Unusable("cannot create the folder " + requested.toAbsolutePath() + " ("
                    + e.getClass().getSimpleName()
                    + "); change to a writable folder, or name one with --directory");
        }
        return requested.toRealPath();
    }

    /**
     * Locks {@code folder}.
     *
     * @param what what runs in it, in words: {@code a quickstart}
     * @param file the lock file; it stays
     * @throws Unusable if one runs in it
     */
    static FolderLock take(Path folder, String what, Path file) throws IOException {
        if (!HELD.add(file)) {
            throw running(folder, what, String.valueOf(ProcessHandle.current().pid()));
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw running(folder, what, Files.readString(file).strip());
            }
            channel.truncate(0);
            byte[] process = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(process), 0);
            return new FolderLock(file, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            HELD.remove(file);
            throw e;
        }
    }

    private static Unusable running(Path folder, String what, String process) {
        return new Unusable(what + " is already running in " + folder + ", process " + process
                + "; stop it first, or choose another folder with --directory");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(file);
    }
}
