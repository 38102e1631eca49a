package org.brokerhandoff.operations.secrets;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The user of this process, as reported by the kernel; the JDK queries the user database, and takes a user without an entry there, as in
 * containers, for root.
 */
public final class ProcessUser {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String USERS = "Uid:";

    private ProcessUser() {}

    /**
     * The effective user id.
     *
     * @throws IOException if it cannot be determined
     */
    public static long id() throws IOException {
        return Files.exists(STATUS) ? effective(Files.readAllLines(STATUS)) : new UnixSystem().getUid();
    }

    /** The second of the real, effective, saved and file system user; proc_pid_status(5). */
    static long effective(List<String> status) throws IOException {
        for (String line : status) {
            if (line.startsWith(USERS)) {
                return Long.parseLong(line.substring(USERS.length()).trim().split("\\s+", -1)[1]);
            }
        }
        throw new IOException(STATUS + " names no user");
    }
}
