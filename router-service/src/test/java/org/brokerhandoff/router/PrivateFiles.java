package org.brokerhandoff.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with secrets: whatever the umask, only their owner may read them. */
public final class PrivateFiles {
    private PrivateFiles() {}

    /** Writes a file, or writes it again, and keeps others out. */
    public static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
