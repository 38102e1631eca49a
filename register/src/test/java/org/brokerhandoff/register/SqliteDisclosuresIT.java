package org.brokerhandoff.register;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

class SqliteDisclosuresIT extends DisclosuresContract {
    private static final AtomicInteger FILES = new AtomicInteger();

    @TempDir
    Path directory;

    @Override
    RegisterSettings empty() {
        Path file = directory.resolve("register" + FILES.incrementAndGet() + ".db");
        return new RegisterSettings(SqliteUrl.of(file), Optional.empty(), Optional.empty());
    }
}
