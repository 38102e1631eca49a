package org.brokerhandoff.bench.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Start and end of a step of each signup, in microseconds since 1970 by the machine's clock, which all processes of a run share. A file
 * contains 32 bytes for each signup: id, start, end.
 *
 * @param beginMicros beginning
 * @param endMicros end
 */
public record SignupTimes(long beginMicros, long endMicros) {
    /** The clock. */
    public static long nowMicros() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
    }

    static void write(Path file, Map<UUID, SignupTimes> times) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Map.Entry<UUID, SignupTimes> signup : times.entrySet()) {
                out.writeLong(signup.getKey().getMostSignificantBits());
                out.writeLong(signup.getKey().getLeastSignificantBits());
                out.writeLong(signup.getValue().beginMicros);
                out.writeLong(signup.getValue().endMicros);
            }
        }
    }

    /** The content of a file. */
    public static Map<UUID, SignupTimes> read(Path file) throws IOException {
        Map<UUID, SignupTimes> times = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (true) {
                UUID signup;
                try {
                    signup = new UUID(in.readLong(), in.readLong());
                } catch (EOFException end) {
                    return times;
                }
                times.put(signup, new SignupTimes(in.readLong(), in.readLong()));
            }
        }
    }
}
