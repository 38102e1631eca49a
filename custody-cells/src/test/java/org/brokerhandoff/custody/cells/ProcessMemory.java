package org.brokerhandoff.custody.cells;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Searches all that a process may write to for pieces of eight bytes, at every place. */
final class ProcessMemory {
    private static final int CHUNK_BYTES = 1 << 20;

    /** The number of a secret, by each piece of it. */
    private final Map<Long, Integer> pieces = new HashMap<>();

    /** Whether a piece may begin with these two bytes: most places are passed over by this alone. */
    private final boolean[] beginnings = new boolean[1 << 16];

    /** Skips the test, and says why, where the memory of other processes may not be read. */
    static void assumeReadable(long pid) {
        try {
            new RandomAccessFile("/proc/" + pid + "/mem", "r").close();
        } catch (IOException e) {
            assumeTrue(false, "the memory of other processes may not be read here: skipped");
        }
    }

    /** Looks for each quarter of a secret from now on. */
    void lookFor(int number, ByteBuffer secret) {
        ByteBuffer bytes = secret.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + Long.BYTES <= bytes.limit(); at += bytes.limit() / 4) {
            long piece = bytes.getLong(at);
            pieces.put(piece, number);
            beginnings[(int) piece & 0xFFFF] = true;
        }
    }

    /** The secrets of which a piece is in the process's memory now. */
    Set<Integer> found(long pid) throws IOException {
        Set<Integer> found = new HashSet<>();
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                String[] fields = line.split("[ -]", 4);
                if (fields[2].startsWith("rw")) {
                    search(memory, Long.parseUnsignedLong(fields[0], 16), Long.parseUnsignedLong(fields[1], 16), found);
                }
            }
        }
        return found;
    }

    private void search(RandomAccessFile memory, long from, long to, Set<Integer> found) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES + Long.BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = from; at < to; at += CHUNK_BYTES) {
            int length = (int) Math.min(chunk.length, to - at);
            memory.seek(at);
            try {
                memory.readFully(chunk, 0, length);
            } catch (IOException e) {
                // A mapping without pages behind it, such as the kernel's own.
                return;
            }
            for (int place = 0; place + Long.BYTES <= length; place++) {
                if (beginnings[(chunk[place] & 0xFF) | (chunk[place + 1] & 0xFF) << 8]) {
                    Integer number = pieces.get(bytes.getLong(place));
                    if (number != null) {
                        found.add(number);
                    }
                }
            }
        }
    }
}
