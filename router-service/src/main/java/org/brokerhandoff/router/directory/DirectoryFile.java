package org.brokerhandoff.router.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.country.file.CountryRulesFile;
import org.brokerhandoff.country.file.ParsedCountryRules;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.schemas.EventCodec;
import org.jspecify.annotations.Nullable;

/** Reads {@code brokers.yaml} and the files it names, which stand relative to it, and {@code countries.yaml}. */
public final class DirectoryFile {
    /** Largest secret, certificate or key file. */
    private static final int MOST_NAMED_BYTES = 1 << 20;

    private DirectoryFile() {}

    /**
     * What was read at one time.
     *
     * @param parsed the directory, or its problems
     * @param contents made of digests over the file and all the files it names: changes with any of them, so also where
     *     only a secret has changed, which the directory's own digest says nothing of
     * @param changedAt when the newest of these files was written; {@link Instant#EPOCH} if none could be read
     */
    public record Reading(ParsedDirectory parsed, String contents, Instant changedAt) {}

    /** What the files that were read amount to. */
    private static final class Contents {
        private final MessageDigest digest = sha256();
        private Instant changedAt = Instant.EPOCH;

        void add(byte[] bytes, FileTime written) {
            add(bytes);
            changedAt = written.toInstant().isAfter(changedAt) ? written.toInstant() : changedAt;
        }

        void add(byte[] bytes) {
            digest.update(String.valueOf(bytes.length).getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) ':');
            digest.update(bytes);
        }

        void addUnreadable() {
            digest.update((byte) '-');
        }

        Reading reading(ParsedDirectory parsed) {
            return new Reading(parsed, HexFormat.of().formatHex(digest.digest()), changedAt);
        }
    }

    /** Reads the directory in {@code file}. */
    public static ParsedDirectory read(Path file, EventCodec codec) {
        return reading(file, codec).parsed();
    }

    /**
     * Reads the directory in {@code file} and the rules per country that it is used under, and says by which contents. The problems of both
     * are told together.
     *
     * @param countries file with the rules per country; without it, there are none
     */
    public static Reading reading(Path file, Optional<Path> countries, EventCodec codec) {
        Reading directory = reading(file, codec);
        return countries
                .map(rules -> under(directory, rules, CountryRulesFile.reading(rules), codec))
                .orElse(directory);
    }

    private static Reading under(Reading directory, Path file, CountryRulesFile.Reading countries, EventCodec codec) {
        List<DirectoryProblem> problems = new ArrayList<>();
        if (directory.parsed() instanceof ParsedDirectory.Invalid invalid) {
            problems.addAll(invalid.problems());
        }
        CountryRules rules = CountryRules.NONE;
        if (countries.parsed() instanceof ParsedCountryRules.Invalid invalid) {
            String name = String.valueOf(file.getFileName());
            invalid.problems()
                    .forEach(problem -> problems.add(new DirectoryProblem(
                            problem.line(), name + " " + problem.place(), problem.rule(), problem.found())));
        } else {
            rules = ((ParsedCountryRules.Valid) countries.parsed()).rules();
        }
        ParsedDirectory parsed = problems.isEmpty() && directory.parsed() instanceof ParsedDirectory.Valid valid
                ? new ParsedDirectory.Valid(BrokerDirectory.of(valid.directory().brokers(), rules, codec))
                : new ParsedDirectory.Invalid(problems);
        return new Reading(parsed, directory.contents() + " " + countries.contents(), directory.changedAt());
    }

    /** Reads the directory in {@code file} where no country has rules, and says by which contents. */
    public static Reading reading(Path file, EventCodec codec) {
        Contents contents = new Contents();
        Optional<byte[]> yaml = bytes(file, StrictYaml.MOST_BYTES, contents);
        if (yaml.isEmpty()) {
            return contents.reading(new ParsedDirectory.Invalid(
                    List.of(new DirectoryProblem("/", "must be a readable file", file.toString()))));
        }
        Path base = file.toAbsolutePath().getParent();
        return contents.reading(DirectoryParser.parse(yaml.get(), new Beside(base, contents), codec));
    }

    /** The files beside the directory; what is read of them goes into the contents, and so does who else may read them. */
    private record Beside(@Nullable Path base, Contents contents) implements NamedFiles {
        @Override
        public Optional<String> text(String name) {
            return path(name)
                    .flatMap(file -> bytes(file, MOST_NAMED_BYTES, contents))
                    .filter(bytes -> bytes.length <= MOST_NAMED_BYTES)
                    .flatMap(DirectoryFile::decoded);
        }

        @Override
        public Optional<String> exposure(String name) {
            Optional<String> exposure = path(name).flatMap(Beside::exposure);
            contents.add(exposure.orElse("").getBytes(StandardCharsets.UTF_8));
            return exposure;
        }

        private Optional<Path> path(String name) {
            try {
                return Optional.ofNullable(base).map(directory -> directory.resolve(name));
            } catch (InvalidPathException notPath) {
                return Optional.empty();
            }
        }

        private static Optional<String> exposure(Path file) {
            try {
                SecretFile.checked(file);
                return Optional.empty();
            } catch (ExposedSecretFile e) {
                return Optional.of(e.reason());
            } catch (IOException e) {
                return Optional.of("a file whose owner and mode cannot be found out");
            }
        }
    }

    private static Optional<String> decoded(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /** The file's bytes, one more than {@code most} at most; empty if it cannot be read. */
    private static Optional<byte[]> bytes(Path file, int most, Contents contents) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(most + 1);
            contents.add(bytes, Files.getLastModifiedTime(file));
            return Optional.of(bytes);
        } catch (IOException e) {
            contents.addUnreadable();
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
