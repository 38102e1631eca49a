package org.brokerhandoff.custody.owners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.brokerhandoff.custody.CustodyException;
import org.jspecify.annotations.Nullable;

/**
 * The file whose bytes are locked, opened once in a JVM however many routers in it use it: closing any descriptor of a file drops all
 * of the process's locks on it (fcntl(2)). It stays empty, since a lock does not need the byte that it is on.
 *
 * <p>Nothing is read from or written to the channel: a thread that is interrupted in such a call closes it, and that would drop the locks.
 */
final class LeaseFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** All that are open in this JVM; also the lock for opening and closing. */
    private static final List<LeaseFile> OPEN = new ArrayList<>();

    private final Path file;
    private final @Nullable Object fileKey;
    private final long inode;
    private final FileChannel channel;
    /** Guarded by {@link #OPEN}. */
    private int users;

    /** Guarded by this. */
    private final Map<Integer, FileLock> locks = new HashMap<>();

    /** Whether the kernel's table has shown a lock of ours, so that one that is missing there is lost. */
    private boolean tableTells;

    private volatile @Nullable String problem;

    private LeaseFile(Path file, @Nullable Object fileKey, long inode, FileChannel channel) {
        this.file = file;
        this.fileKey = fileKey;
        this.inode = inode;
        this.channel = channel;
    }

    /**
     * Opens or creates the file, for its owner only, or takes the one that is open in this JVM.
     *
     * @throws CustodyException if it is not a regular file, other users have access, or it was replaced while open here
     * @throws UncheckedIOException if it cannot be opened
     */
    static LeaseFile open(Path name) {
        synchronized (OPEN) {
            try {
                Path absolute = name.toAbsolutePath();
                Path directory = Objects.requireNonNull(absolute.getParent(), "a file");
                Files.createDirectories(directory);
                Path file = directory.toRealPath().resolve(Objects.requireNonNull(absolute.getFileName()));
                LeaseFile known = known(file);
                if (known == null) {
                    known = opened(file);
                    OPEN.add(known);
                }
                known.users++;
                return known;
            } catch (IOException e) {
                throw new UncheckedIOException("lease file " + name, e);
            }
        }
    }

    /** By its name, and by what it is: another name of it, by a bind mount or a hard link, must not be opened either. */
    private static @Nullable LeaseFile known(Path file) throws IOException {
        for (LeaseFile open : OPEN) {
            if (open.file.equals(file)) {
                open.requireSame();
                return open;
            }
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        Object key = requirePrivate(file);
        for (LeaseFile open : OPEN) {
            if (key != null && key.equals(open.fileKey)) {
                return open;
            }
        }
        return null;
    }

    private static LeaseFile opened(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Object key = requirePrivate(file);
            long inode = ((Number) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue();
            return new LeaseFile(file, key, inode, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable Object requirePrivate(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new CustodyException(file + " is not a regular file (symbolic links are refused)");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new CustodyException("lease file " + file + " refused: its mode is "
                    + PosixFilePermissions.toString(permissions) + ", only its owner may have access (0600)");
        }
        return attributes.fileKey();
    }

    /**
     * Takes the lock on a byte, if it is free. Does not wait.
     *
     * @return who has it; empty if it is taken now
     * @throws CustodyException if the file was deleted or replaced, or a lock was lost
     * @throws UncheckedIOException if the file system refuses locks
     */
    synchronized Optional<LeaseHolder> tryLock(int position) {
        requireSame();
        if (problem != null) {
            throw new CustodyException(problem);
        }
        if (locks.containsKey(position)) {
            return Optional.of(new LeaseHolder.ThisProcess());
        }
        FileLock lock;
        try {
            lock = channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException e) {
            return Optional.of(new LeaseHolder.ThisProcess());
        } catch (IOException e) {
            throw new UncheckedIOException("lease file " + file, e);
        }
        if (lock == null) {
            return Optional.of(holder(position));
        }
        locks.put(position, lock);
        tableTells |= isOurs(LockTable.of(inode), position);
        return Optional.empty();
    }

    private LeaseHolder holder(int position) {
        OptionalLong process = LockTable.of(inode).holder(position);
        return process.isPresent() && process.getAsLong() > 0
                ? new LeaseHolder.OtherProcess(process.getAsLong(), LockTable.stopped(process.getAsLong()))
                : new LeaseHolder.UnknownProcess();
    }

    private static boolean isOurs(LockTable table, int position) {
        OptionalLong holder = table.holder(position);
        return holder.isPresent()
                && holder.getAsLong() == ProcessHandle.current().pid();
    }

    synchronized void unlock(int position) {
        FileLock lock = locks.remove(position);
        try {
            if (lock != null && channel.isOpen()) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lease file " + file, e);
        }
    }

    /** What was found to be wrong, if anything was; it stays so. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Looks whether the file is still the one that other processes open, and whether the kernel still has this process's locks. */
    synchronized Optional<String> look() {
        if (problem == null) {
            try {
                requireSame();
            } catch (CustodyException e) {
                return problem();
            }
            if (!channel.isOpen()) {
                problem = "lease file " + file + " was closed; restart this process";
            } else if (tableTells && !locks.isEmpty()) {
                LockTable table = LockTable.of(inode);
                locks.keySet().stream()
                        .filter(position -> !isOurs(table, position))
                        .findFirst()
                        .ifPresent(position -> problem = "the lease of partition " + position
                                + " was lost: something in this process has opened and closed " + file
                                + "; restart this process");
            }
        }
        return problem();
    }

    /** @throws CustodyException if another process that opens the file now would lock another one */
    private void requireSame() {
        try {
            Object now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            if (!Objects.equals(now, fileKey)) {
                problem = "lease file " + file + " was replaced while it was in use; restart every router of this host";
            }
        } catch (NoSuchFileException e) {
            problem = "lease file " + file + " was deleted while it was in use; restart every router of this host";
        } catch (IOException e) {
            throw new UncheckedIOException("lease file " + file, e);
        }
        if (problem != null) {
            throw new CustodyException(problem);
        }
    }

    /** One user less; the last one's end closes the file. */
    void leave() {
        synchronized (OPEN) {
            users--;
            if (users == 0) {
                OPEN.remove(this);
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("lease file " + file, e);
                }
            }
        }
    }

    @Override
    public String toString() {
        return "LeaseFile[" + file + "]";
    }
}
