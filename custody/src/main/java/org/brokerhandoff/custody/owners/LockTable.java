package org.brokerhandoff.custody.owners;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The kernel's table of file locks, as far as one file is concerned. A value.
 *
 * @param ranges locked ranges; neighbouring bytes that one process has locked are one range
 */
record LockTable(List<Range> ranges) {
    private static final Path TABLE = Path.of("/proc/locks");

    /** Bytes {@code first} to {@code last} are locked by a process; 0 is one that is not to be seen from here. */
    record Range(long process, long first, long last) {}

    LockTable {
        ranges = List.copyOf(ranges);
    }

    /** The table as it is now; empty where there is none. */
    static LockTable of(long inode) {
        try {
            return parsed(Files.readAllLines(TABLE, StandardCharsets.UTF_8), inode);
        } catch (IOException e) {
            return new LockTable(List.of());
        }
    }

    /**
     * Reads lines such as {@code 1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF} (proc_locks(5)). By the inode alone: the device is not
     * the one that stat(2) gives on every file system.
     */
    static LockTable parsed(List<String> lines, long inode) {
        List<Range> ranges = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.trim().split("\\s+", -1);
            // One that waits for a lock has an arrow in the second column.
            if (words.length == 8 && words[1].equals("POSIX") && words[5].endsWith(":" + inode)) {
                try {
                    ranges.add(new Range(
                            Math.max(0, Long.parseLong(words[4])),
                            Long.parseLong(words[6]),
                            words[7].equals("EOF") ? Long.MAX_VALUE : Long.parseLong(words[7])));
                } catch (NumberFormatException e) {
                    // Written by a kernel that words it differently: as if it had no such table.
                    return new LockTable(List.of());
                }
            }
        }
        return new LockTable(ranges);
    }

    /** Which process has locked a byte; 0 if it cannot be seen from here, empty if none is known. */
    OptionalLong holder(long position) {
        return ranges.stream()
                .filter(range -> range.first() <= position && position <= range.last())
                .mapToLong(Range::process)
                .findFirst();
    }

    /** Whether a process is stopped by a signal or a debugger (proc_pid_stat(5)). */
    static boolean stopped(long process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"), StandardCharsets.UTF_8);
            // The name in brackets may hold anything.
            int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() && Character.toUpperCase(stat.charAt(state)) == 'T';
        } catch (IOException e) {
            return false;
        }
    }
}
