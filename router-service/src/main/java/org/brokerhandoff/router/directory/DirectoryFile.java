package org.brokerhandoff.router.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.schemas.EventCodec;

/** Reads {@code brokers.yaml} and the files it names, which stand relative to it. */
public final class DirectoryFile {
    private DirectoryFile() {}

    /**
     * What was read at one time.
     *
     * @param parsed the directory, or its problems
     * @param contents SHA-256, in hexadecimal, over the file and all the files it names: changes with any of them, so also where
     *     only a secret has changed, which the directory's own digest says nothing of
     */
    public record Reading(ParsedDirectory parsed, String contents) {}

    /** Reads the directory in {@code file}. */
    public static ParsedDirectory read(Path file, EventCodec codec) {
        return reading(file, codec).parsed();
    }

    /** Reads the directory in {@code file}, and says by which contents. */
    public static Reading reading(Path file, EventCodec codec) {
        MessageDigest contents = sha256();
        Optional<String> yaml = text(file, contents);
        if (yaml.isEmpty()) {
            return new Reading(
                    new ParsedDirectory.Invalid(
                            List.of(new DirectoryProblem("/", "must be a readable file", file.toString()))),
                    HexFormat.of().formatHex(contents.digest()));
        }
        Path base = file.toAbsolutePath().getParent();
        ParsedDirectory parsed = DirectoryParser.parse(
                yaml.get(), name -> base == null ? Optional.empty() : text(base, name, contents), codec);
        return new Reading(parsed, HexFormat.of().formatHex(contents.digest()));
    }

    private static Optional<String> text(Path base, String name, MessageDigest contents) {
        try {
            return text(base.resolve(name), contents);
        } catch (InvalidPathException notPath) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Path file, MessageDigest contents) {
        try {
            String text = Files.readString(file);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            contents.update(String.valueOf(bytes.length).getBytes(StandardCharsets.US_ASCII));
            contents.update((byte) ':');
            contents.update(bytes);
            return Optional.of(text);
        } catch (IOException e) {
            contents.update((byte) '-');
            return Optional.empty();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
