package org.brokerhandoff.bench.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The memory of one process, through {@code /proc/PID/mem}. The process is suspended during the search. */
public final class ProcessMemory {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int SHOWN_BEFORE = 48;
    private static final int SHOWN = 128;

    private final long pid;
    private final MemoryMap.Range heap;
    private final Path directory;

    /** @param heap of Java, which may be empty */
    private ProcessMemory(long pid, MemoryMap.Range heap) {
        this.pid = pid;
        this.heap = heap;
        this.directory = Path.of("/proc", String.valueOf(pid));
    }

    /**
     * The memory of a JVM.
     *
     * @param output its output, with the line from {@code -Xlog:gc+heap+coops=debug}
     */
    public static ProcessMemory ofJvm(long pid, String output) {
        return new ProcessMemory(pid, MemoryMap.heap(output));
    }

    /** The memory of a process that is no JVM. */
    public static ProcessMemory of(long pid) {
        return new ProcessMemory(pid, new MemoryMap.Range(0, 0));
    }

    /** Its process id. */
    public long pid() {
        return pid;
    }

    /**
     * Why the memory of that process cannot be read here; empty if it can.
     *
     * @throws IOException never for lack of permission
     */
    public static String obstacle(long pid) throws IOException {
        Path memory = Path.of("/proc", String.valueOf(pid), "mem");
        if (!Files.exists(memory)) {
            return "there is no " + memory + ": this needs Linux";
        }
        try (FileChannel channel = FileChannel.open(memory, StandardOpenOption.READ)) {
            return channel.isOpen() ? "" : "it is closed";
        } catch (IOException refused) {
            return "the memory of other processes cannot be read: run as the same user or as root, with "
                    + "/proc/sys/kernel/yama/ptrace_scope at 0 or 1, in a container with --cap-add SYS_PTRACE";
        }
    }

    /**
     * Searches all of it, and adds what is found to {@code findings}.
     *
     * @param show how many descriptions {@code findings} has at most
     */
    public void search(Patterns patterns, int show, MemoryFindings findings) throws IOException, InterruptedException {
        signal("-STOP");
        try {
            searchStopped(patterns, show, findings);
        } finally {
            signal("-CONT");
        }
    }

    private void searchStopped(Patterns patterns, int show, MemoryFindings findings) throws IOException {
        List<MemoryMap.Region> regions =
                MemoryMap.regions(Files.readAllLines(directory.resolve("maps")), heap, stackPointers());
        byte[] block = new byte[BLOCK_BYTES + patterns.longest()];
        try (FileChannel memory = FileChannel.open(directory.resolve("mem"), StandardOpenOption.READ)) {
            for (MemoryMap.Region region : regions) {
                long at = region.start();
                while (at < region.end()) {
                    int length = read(memory, at, block, region.end());
                    int starts = Math.min(BLOCK_BYTES, length);
                    if (starts <= 0) {
                        // A page beyond the end of its file, for instance.
                        findings.unreadable(region.end() - at);
                        break;
                    }
                    long base = at;
                    patterns.find(block, length, starts, (offset, subject, form) -> {
                        findings.found(region.kind(), subject, form);
                        if (findings.shown() < show && !subject.kind().control()) {
                            findings.show(describe(region, base + offset, subject, form, block, offset, length));
                        }
                    });
                    findings.searched(region.kind(), starts);
                    at += starts;
                }
            }
        }
    }

    private static int read(FileChannel memory, long at, byte[] block, long end) {
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, (int) Math.min(block.length, end - at));
        try {
            while (buffer.hasRemaining()) {
                int read = memory.read(buffer, at + buffer.position());
                if (read <= 0) {
                    break;
                }
            }
        } catch (IOException hole) {
            // What was read before it counts.
            return buffer.position();
        }
        return buffer.position();
    }

    /** For a thread in a system call, the stack pointer is the second last field. */
    private Set<Long> stackPointers() throws IOException {
        Set<Long> pointers = new HashSet<>();
        try (Stream<Path> threads = Files.list(directory.resolve("task"))) {
            for (Path thread : threads.toList()) {
                String[] words =
                        Files.readString(thread.resolve("syscall")).strip().split(" ", -1);
                if (words.length >= 3) {
                    pointers.add(Long.parseUnsignedLong(words[words.length - 2].substring(2), 16));
                }
            }
        }
        return pointers;
    }

    private static String describe(
            MemoryMap.Region region, long address, Subject subject, String form, byte[] block, int offset, int length) {
        int from = Math.max(0, offset - SHOWN_BEFORE);
        StringBuilder text = new StringBuilder();
        for (int i = from; i < Math.min(length, from + SHOWN); i++) {
            text.append(block[i] >= ' ' && block[i] < 0x7F ? (char) block[i] : '.');
        }
        return String.format(
                Locale.ROOT,
                "%s %d as %s at %x in %s (region %x-%x): %s",
                subject.kind(),
                subject.number(),
                form,
                address,
                region.kind().label(),
                region.start(),
                region.end(),
                text);
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(pid)).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill " + signal + " " + pid + " failed");
        }
    }
}
