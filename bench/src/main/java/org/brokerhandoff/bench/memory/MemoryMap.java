package org.brokerhandoff.bench.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses {@code /proc/PID/maps} (see proc(5)) of a JVM. Pure. */
final class MemoryMap {
    /** glibc allocates its secondary arenas in pieces of this size, at multiples of it. */
    private static final long ARENA_BYTES = 64L << 20;

    private static final Pattern LINE =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ([r-][w-][x-][ps]) [0-9a-f]+ [0-9a-f:]+ (\\d+)\\s*(.*)");
    private static final Pattern HEAP_ADDRESS = Pattern.compile("Heap address: 0x([0-9a-f]+), size: (\\d+) MB");

    private MemoryMap() {}

    /**
     * A readable region of memory.
     *
     * @param start first address
     * @param end address after the last
     */
    record Region(long start, long end, RegionKind kind) {}

    /** Addresses from {@code start} to before {@code end}. */
    record Range(long start, long end) {
        boolean overlaps(long from, long to) {
            return from < end && to > start;
        }
    }

    /**
     * The readable regions.
     *
     * @param lines of {@code /proc/PID/maps}
     * @param heap address range of the Java heap
     * @param stackPointers of the process's threads
     */
    static List<Region> regions(List<String> lines, Range heap, Set<Long> stackPointers) {
        List<Region> regions = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("a line of /proc/PID/maps is not understood");
            }
            long start = Long.parseUnsignedLong(matcher.group(1), 16);
            long end = Long.parseUnsignedLong(matcher.group(2), 16);
            String permissions = matcher.group(3);
            String name = matcher.group(5);
            // The kernel's own pages contain no data of the process, and not all of them are readable.
            if (permissions.charAt(0) == 'r' && !name.startsWith("[v")) {
                regions.add(new Region(start, end, kind(start, end, permissions, name, heap, stackPointers)));
            }
        }
        return regions;
    }

    private static RegionKind kind(
            long start, long end, String permissions, String name, Range heap, Set<Long> stackPointers) {
        if (heap.overlaps(start, end)) {
            return RegionKind.JAVA_HEAP;
        } else if (name.startsWith("/")) {
            return RegionKind.FILES;
        } else if (permissions.charAt(2) == 'x') {
            return RegionKind.CODE_CACHE;
        } else if (name.equals("[stack]")
                || stackPointers.stream().anyMatch(pointer -> pointer >= start && pointer < end)) {
            return RegionKind.THREAD_STACKS;
        } else if (name.equals("[heap]") || (start % ARENA_BYTES == 0 && end - start <= ARENA_BYTES)) {
            return RegionKind.MALLOC;
        }
        return RegionKind.ANONYMOUS;
    }

    /** The address range of the Java heap, from the line that {@code -Xlog:gc+heap+coops=debug} makes a JVM write. */
    static Range heap(String output) {
        Matcher matcher = HEAP_ADDRESS.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("the process does not say where its Java heap is");
        }
        long start = Long.parseUnsignedLong(matcher.group(1), 16);
        return new Range(start, start + (Long.parseLong(matcher.group(2)) << 20));
    }
}
