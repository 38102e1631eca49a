package org.brokerhandoff.router.directory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema (draft 2020-12) of {@code brokers.yaml}, for editors and checks before a change is rolled out. */
public final class DirectorySchema {
    private static final String RESOURCE = "brokers.schema.json";

    private DirectorySchema() {}

    /** The schema's text. */
    public static String text() {
        try (InputStream resource = DirectorySchema.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing from this build");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
