package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of one quickstart: emptied when it is taken, and locked until it is given back. */
final class RunDirectory implements AutoCloseable {
    private static final String LOCK = "quickstart.lock";
    private static final String LOG = "log";

    private final Path path;
    private final FolderLock lock;

    private RunDirectory(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes a folder, and empties it but for its log.
     *
     * @throws FolderLock.Unusable if a quickstart runs in it, or if it holds what no quickstart has written
     */
    static RunDirectory take(Path requested) throws IOException {
        Path path = FolderLock.folder(requested);
        Path file = path.resolve(LOCK);
        refuseWhatOthersWrote(path, file);
        FolderLock lock = FolderLock.take(path, "a quickstart", file);
        try {
            empty(path);
            return new RunDirectory(path, lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Emptying a folder that was named by mistake would be a bad surprise. */
    private static void refuseWhatOthersWrote(Path path, Path lock) throws IOException {
        if (Files.exists(lock) || Files.isDirectory(path.resolve("kafka"))) {
            return;
        }
        try (Stream<Path> content = Files.list(path)) {
            if (content.anyMatch(entry -> !entry.endsWith(LOG))) {
                throw new FolderLock.Unusable(
                        path + " would be emptied, but holds files that are not from a quickstart;"
                                + " name another folder with --directory");
            }
        }
    }

    private static void empty(Path path) throws IOException {
        List<Path> old;
        try (Stream<Path> below = Files.walk(path)) {
            old = below.filter(entry -> !entry.equals(path) && !entry.equals(path.resolve(LOCK)))
                    .filter(entry -> !entry.startsWith(path.resolve(LOG)))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path entry : old) {
            Files.deleteIfExists(entry);
        }
    }

    /** The folder, absolute. */
    Path path() {
        return path;
    }

    /** The locked file, which this process must not open: it would lose the lock when it closes it. */
    Path lockFile() {
        return path.resolve(LOCK);
    }

    /** Where the log goes. */
    Path logFile() {
        return path.resolve(LOG).resolve("quickstart.log");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
