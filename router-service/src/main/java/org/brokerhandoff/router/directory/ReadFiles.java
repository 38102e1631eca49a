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
import java.util.HexFormat;
import java.util.Optional;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * One reading of a file of the configuration and of the files that it names, which stand relative to it. Notes what all of it amounted to,
 * and who else may read the secrets, so that any change is noticed. Belongs to one thread.
 */
public final class ReadFiles implements NamedFiles {
    /** Largest secret, certificate or key file. */
    private static final int MOST_NAMED_BYTES = 1 << 20;

    private final Path file;
    private final MessageDigest digest = sha256();
    private Instant changedAt = Instant.EPOCH;

    /** A reading of {@code file}, which begins now. */
    public ReadFiles(Path file) {
        this.file = file;
    }

    /** The file's bytes, a few more at most than a YAML file may have; empty if it cannot be read. */
    public Optional<byte[]> yaml() {
        return bytes(file, StrictYaml.MOST_BYTES);
    }

    @Override
    public Optional<String> text(String name) {
        return path(name)
                .flatMap(named -> bytes(named, MOST_NAMED_BYTES))
                .filter(bytes -> bytes.length <= MOST_NAMED_BYTES)
                .flatMap(ReadFiles::decoded);
    }

    @Override
    public Optional<String> exposure(String name) {
        Optional<String> exposure = path(name).flatMap(ReadFiles::exposure);
        add(exposure.orElse("").getBytes(StandardCharsets.UTF_8));
        return exposure;
    }

    /** SHA-256, in hexadecimal, over everything that was read. Ends the reading. */
    public String contents() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** When the newest of the files was written; {@link Instant#EPOCH} if none could be read. */
    public Instant changedAt() {
        return changedAt;
    }

    private Optional<Path> path(String name) {
        try {
            return Optional.ofNullable(file.toAbsolutePath().getParent()).map(directory -> directory.resolve(name));
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
            return Optional.of("a file whose owner and mode cannot be determined");
        }
    }

    /** The file's bytes, one more than {@code most} at most; empty if it cannot be read. */
    private Optional<byte[]> bytes(Path from, int most) {
        try (InputStream stream = Files.newInputStream(from)) {
            byte[] bytes = stream.readNBytes(most + 1);
            add(bytes, Files.getLastModifiedTime(from));
            return Optional.of(bytes);
        } catch (IOException e) {
            digest.update((byte) '-');
            return Optional.empty();
        }
    }

    private void add(byte[] bytes, FileTime written) {
        add(bytes);
        changedAt = written.toInstant().isAfter(changedAt) ? written.toInstant() : changedAt;
    }

    private void add(byte[] bytes) {
        digest.update(String.valueOf(bytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(bytes);
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
