package org.brokerhandoff.router.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.schemas.EventCodec;

/** Reads {@code brokers.yaml} and the secret files it names, which stand relative to it. */
public final class DirectoryFile {
    private DirectoryFile() {}

    /** Reads the directory in {@code file}. */
    public static ParsedDirectory read(Path file, EventCodec codec) {
        Optional<String> yaml = text(file);
        if (yaml.isEmpty()) {
            return new ParsedDirectory.Invalid(
                    List.of(new DirectoryProblem("/", "must be a readable file", file.toString())));
        }
        Path base = file.toAbsolutePath().getParent();
        return DirectoryParser.parse(yaml.get(), name -> base == null ? Optional.empty() : text(base, name), codec);
    }

    private static Optional<String> text(Path base, String name) {
        try {
            return text(base.resolve(name));
        } catch (InvalidPathException notPath) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
