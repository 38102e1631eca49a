package org.brokerhandoff.custody;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A file system in an image file, mounted over a loop device. Needs root and util-linux; tests skip where it cannot be. */
final class LoopDevice implements AutoCloseable {
    private final Path image;
    private final Path mountPoint;
    private String device = "";
    private boolean mounted;

    private LoopDevice(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Skips the test with a message where such a file system cannot be made or mounted. */
    static LoopDevice mounted(Path directory, Path image, long bytes, List<String> makeFileSystem) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting an image needs root");
        LoopDevice loop = new LoopDevice(image, Files.createDirectories(directory.resolve("mounted")));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        try {
            String made = run(makeFileSystem, image.toString());
            assumeTrue(made != null, () -> "skipped: " + makeFileSystem.get(0) + " cannot be run here");
            String found = run(List.of("losetup", "--find", "--show"), image.toString());
            assumeTrue(found != null, "skipped: no loop device can be set up here");
            loop.device = found == null ? "" : found.strip();
            String done = run(List.of("mount", loop.device), loop.mountPoint.toString());
            assumeTrue(done != null, () -> "skipped: the kernel cannot mount what " + makeFileSystem.get(0) + " makes");
            loop.mounted = true;
            return loop;
        } catch (Throwable e) {
            loop.close();
            throw e;
        }
    }

    Path mountPoint() {
        return mountPoint;
    }

    Path image() {
        return image;
    }

    String device() {
        return device;
    }

    /** All that the file system still has in memory goes to the device, and the device's to the image. */
    void unmount() throws IOException {
        if (mounted) {
            mounted = run(List.of("umount"), mountPoint.toString()) == null;
        }
    }

    /** The command's output; null if it is not there or fails. */
    static @Nullable String run(List<String> command, String last) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.add(last);
        Process process;
        try {
            process = new ProcessBuilder(all)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return null;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (InterruptedException e) {
            throw new InterruptedIOException(command.get(0));
        }
    }

    @Override
    public void close() throws IOException {
        if (mounted && run(List.of("umount"), mountPoint.toString()) == null) {
            // A mapping of a failed device may keep it busy until the process ends.
            run(List.of("umount", "--lazy"), mountPoint.toString());
        }
        mounted = false;
        if (!device.isEmpty()) {
            run(List.of("losetup", "--detach"), device);
            device = "";
        }
    }
}
