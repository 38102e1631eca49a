package org.brokerhandoff.custody.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotFileBytes;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * File systems that are really mounted, most from an image by way of a loop device. Each has to be recognised; and keys that were
 * held and erased there are looked for in the image, byte by byte: what the ceilings are about.
 */
class MountedFileSystemsIT {
    private static final long MEBIBYTE = 1 << 20;
    private static final int KEYS = 200;
    /** Within a wrapped key: behind the nonce. */
    private static final int PART_OFFSET = 20;

    @TempDir
    Path directory;

    private final Deque<Path> mounted = new ArrayDeque<>();
    private Path image;
    private Path mountPoint;

    @BeforeEach
    void mounting_needs_root() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "mounting file systems needs root");
        image = directory.resolve("image");
        mountPoint = Files.createDirectory(directory.resolve("mount point with spaces"));
        assumeTrue(run("mount", "-t", "tmpfs", "none", mountPoint.toString()), "this host does not allow mounting");
        assertThat(run("umount", mountPoint.toString())).isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        while (!mounted.isEmpty()) {
            unmountLast();
        }
    }

    /** Custody's mappings keep the file system busy until the collector has found them unreachable. */
    private void unmountLast() throws Exception {
        String last = mounted.pop().toString();
        boolean done = false;
        for (int attempts = 0; attempts < 100 && !done; attempts++) {
            System.gc();
            done = run("umount", last);
        }
        assertThat(done).as("unmounting %s", last).isTrue();
    }

    @Test
    void ext4_with_its_defaults_keeps_no_key() throws Exception {
        image(64, "ext4", "mkfs.ext4", "-q", "-F");
        mount("-o", "loop,data=ordered");
        assertExamined(FindingName.EXT4_ORDERED, FileSystem.EXT4_ORDERED);
        assertThat(keysLeftInImage()).isZero();
    }

    @Test
    void ext4_with_its_data_in_the_journal_keeps_keys() throws Exception {
        image(64, "ext4", "mkfs.ext4", "-q", "-F");
        mount("-o", "loop,data=journal,nodelalloc");
        assertExamined(FindingName.EXT4_DATA_JOURNAL, FileSystem.EXT4_DATA_JOURNAL);
        assertThat(keysLeftInImage()).isPositive();
    }

    @Test
    void a_data_journal_that_only_the_superblock_asks_for_is_seen() throws Exception {
        image(64, "ext4", "mkfs.ext4", "-q", "-F");
        assertThat(run("tune2fs", "-o", "journal_data", image.toString())).isTrue();
        mount("-o", "loop");
        assertExamined(FindingName.EXT4_DATA_JOURNAL, FileSystem.EXT4_DATA_JOURNAL);
        assertThat(keysLeftInImage()).isPositive();
    }

    @Test
    void ext4_in_no_order_or_without_a_journal_keeps_no_key() throws Exception {
        image(64, "ext4", "mkfs.ext4", "-q", "-F");
        mount("-o", "loop,data=writeback");
        assertExamined(FindingName.EXT4_WRITEBACK, FileSystem.EXT4_WRITEBACK);
        assertThat(keysLeftInImage()).isZero();

        image(64, "ext4", "mkfs.ext4", "-q", "-F", "-O", "^has_journal");
        mount("-o", "loop");
        assertExamined(FindingName.EXT4_NO_JOURNAL, FileSystem.EXT4_NO_JOURNAL);
        assertThat(keysLeftInImage()).isZero();
    }

    @Test
    void xfs_keeps_no_key() throws Exception {
        image(320, "xfs", "mkfs.xfs", "-q", "-f");
        mount("-o", "loop");
        assertExamined(FindingName.XFS, FileSystem.XFS);
        assertThat(keysLeftInImage()).isZero();
    }

    @Test
    void btrfs_keeps_keys() throws Exception {
        image(128, "btrfs", "mkfs.btrfs", "-q", "-f");
        mount("-o", "loop");
        assertExamined(FindingName.BTRFS, FileSystem.BTRFS);
        assertThat(keysLeftInImage()).isPositive();
    }

    @Test
    void tmpfs_is_recognised_also_stacked_on_another_and_shown_elsewhere() throws Exception {
        image(64, "ext4", "mkfs.ext4", "-q", "-F");
        mount("-o", "loop");
        mountAs("-t", "tmpfs", "none", mountPoint.toString());
        assertThat(examined(mountPoint.resolve("slots")).fileSystem()).isEqualTo(FileSystem.TMPFS);

        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        assertThat(run("mount", "--bind", mountPoint.toString(), elsewhere.toString()))
                .isTrue();
        mounted.push(elsewhere);
        assertThat(examined(elsewhere.resolve("deeper/slots")).fileSystem()).isEqualTo(FileSystem.TMPFS);
    }

    @Test
    void a_containers_layers_are_recognised() throws Exception {
        // Below it a tmpfs: an overlay does not go on top of just any file system.
        mountAs("-t", "tmpfs", "none", mountPoint.toString());
        for (String layer : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectory(mountPoint.resolve(layer));
        }
        Path merged = mountPoint.resolve("merged");
        boolean done = run(
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=" + mountPoint.resolve("lower") + ",upperdir=" + mountPoint.resolve("upper") + ",workdir="
                        + mountPoint.resolve("work"),
                merged.toString());
        assumeTrue(done, "no overlay on this host");
        mounted.push(merged);
        Examination examination = examined(merged.resolve("slots"));
        assertThat(examination.concerns()).contains(FindingName.OVERLAY);
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
    }

    private void assertExamined(FindingName name, FileSystem fileSystem) {
        Examination examination = examined(mountPoint.resolve("slots"));
        assertThat(examination.fileSystem()).isEqualTo(fileSystem);
        assertThat(examination.findings().get(0).name()).isEqualTo(name);
        assertThat(examination.findings().get(0).found()).contains(mountPoint.toString());
        assertThat(examination.canary()).isInstanceOf(CanaryResult.Clean.class);
    }

    private static Examination examined(Path slotFile) {
        return Preflight.ofPlace(slotFile, slotFile.resolveSibling("keyset"), Instant.now());
    }

    /** Has another process hold and erase keys, unmounts, and counts those that the image still has. */
    private int keysLeftInImage() throws Exception {
        Path parts = directory.resolve("parts");
        // Not in this process, whose mappings would keep the file system busy.
        List<String> command = JvmOptions.command(HeldAndErased.class, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(
                mountPoint.resolve("slots").toString(),
                // A keyset belongs to one slot file, and each image has its own.
                directory.resolve("keyset-" + UUID.randomUUID()).toString(),
                parts.toString()));
        assertThat(run(command.toArray(String[]::new))).isTrue();
        Set<Long> keys = new HashSet<>();
        Files.readAllLines(parts).forEach(part -> keys.add(Long.parseLong(part)));
        assertThat(keys).hasSize(KEYS).doesNotContain(0L);
        unmountLast();
        return found(keys);
    }

    /** Holds and erases keys, one after the other, and writes a part of each wrapped key down. */
    static final class HeldAndErased {
        private HeldAndErased() {}

        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            List<String> parts = new ArrayList<>();
            try (SlotFile custody = SlotFile.open(
                    new CustodySettings(file, 1024, 1024), FileKeyset.openOrCreate(Path.of(arguments[1])))) {
                for (int i = 0; i < KEYS; i++) {
                    UUID id = UUID.randomUUID();
                    HoldOutcome.Held held =
                            (HoldOutcome.Held) custody.hold(id, Instant.now().plusSeconds(600))
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS);
                    parts.add(String.valueOf(partOfKey(file, SlotFileBytes.wrappedKeyOffset(held.slot()))));
                    custody.erase(held.slot(), id, EraseReason.DELIVERED)
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
                    awaited(custody.free(held.slot(), id));
                }
            }
            Files.write(Path.of(arguments[2]), parts);
        }

        private static long partOfKey(Path file, long offset) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
                assertThat(channel.read(bytes, offset + PART_OFFSET)).isEqualTo(Long.BYTES);
                return bytes.getLong(0);
            }
        }
    }

    /** File systems copy whole blocks, so a key keeps its place within a slot of 128 bytes wherever its copy stands. */
    private int found(Set<Long> keys) throws IOException {
        Set<Long> found = new HashSet<>();
        int step = 128;
        int first = (int) (SlotFileBytes.wrappedKeyOffset(new SlotReference(0, 0)) + PART_OFFSET) % step;
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) MEBIBYTE);
            while (channel.read(buffer.clear()) > 0) {
                buffer.flip();
                for (int at = first; at + Long.BYTES <= buffer.limit(); at += step) {
                    if (keys.contains(buffer.getLong(at))) {
                        found.add(buffer.getLong(at));
                    }
                }
            }
        }
        return found.size();
    }

    private void image(int mebibytes, String name, String... makeFileSystem) throws Exception {
        Files.deleteIfExists(image);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(mebibytes * MEBIBYTE);
        }
        assumeTrue(onPath(makeFileSystem[0]), makeFileSystem[0] + " is not installed");
        List<String> command = new ArrayList<>(List.of(makeFileSystem));
        command.add(image.toString());
        assertThat(run(command.toArray(String[]::new))).as("making a %s", name).isTrue();
    }

    private void mount(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(image.toString());
        arguments.add(mountPoint.toString());
        mountAs(arguments.toArray(String[]::new));
    }

    private void mountAs(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        assumeTrue(run(command.toArray(String[]::new)), "this kernel cannot do: " + String.join(" ", command));
        mounted.push(mountPoint);
    }

    private static boolean onPath(String program) {
        return List.of("/sbin", "/usr/sbin", "/bin", "/usr/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }
}
