package org.brokerhandoff.operations.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Creates and reads files that contain a secret, and refuses one that others may read or change. The rule is PostgreSQL's for its server key,
 * because it permits what secret stores mount and nothing more:
 *
 * <ul>
 *   <li>owned by the process's user: no access for group and others (0600, 0400);
 * <li>owned by root, and the process is not root: reading by the group is allowed, too (0640, 0440). That is how Kubernetes (with {@code
 * fsGroup}) and systemd ({@code LoadCredential=}) pass a secret to a service;
 *   <li>owned by another user: refused, since the owner may read it.
 * </ul>
 *
 * <p>A symbolic link is followed, because Kubernetes mounts secrets as links; the target's permissions count.
 */
public final class SecretFile {
    private static final long ROOT = 0;

    /** The owner's permitted modes; execution does not expose the secret. */
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private SecretFile() {}

    /**
     * The text of {@code file}, UTF-8.
     *
     * @throws ExposedSecretFile if others may read or change it, or it is not a regular file
     * @throws IOException if it cannot be read or is not UTF-8
     */
    public static String read(Path file) throws IOException {
        return Files.readString(checked(file), StandardCharsets.UTF_8);
    }

    /**
     * Creates {@code file} with this text, readable only by its owner.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it exists; a secret is never overwritten
     * @throws IOException if it cannot be written
     */
    public static void create(Path file, String text) throws IOException {
        // Created with its mode, not restricted afterwards: in between, others could open it.
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    /**
     * The first line of {@code file}, for a password or a token.
     *
     * @throws ExposedSecretFile if others may read or change it, or it is not a regular file
     * @throws IOException if it cannot be read, is not UTF-8, or its first line is empty
     */
    public static String readFirstLine(Path file) throws IOException {
        return read(file)
                .lines()
                .findFirst()
                .filter(line -> !line.isBlank())
                .orElseThrow(() -> new IOException(file + " has no first line"));
    }

    /**
     * Checks {@code file} without reading it, for libraries that read it themselves.
     *
     * @return the target file, with all links resolved
     * @throws ExposedSecretFile if others may read or change it, or it is not a regular file
     * @throws IOException if it does not exist or its owner cannot be determined
     */
    public static Path checked(Path file) throws IOException {
        // Resolved once: the checked file is the one read.
        Path real = file.toRealPath();
        if (!Files.isRegularFile(real)) {
            throw new ExposedSecretFile(file, "it is not a regular file");
        }
        Optional<String> exposure;
        try {
            long owner = ((Number) Files.getAttribute(real, "unix:uid")).longValue();
            exposure = exposure(ProcessUser.id(), owner, Files.getPosixFilePermissions(real));
        } catch (UnsupportedOperationException e) {
            throw new IOException(file + ": its file system knows neither owners nor permissions", e);
        }
        if (exposure.isPresent()) {
            throw new ExposedSecretFile(file, exposure.get());
        }
        return real;
    }

    /**
     * Why a file is not private to {@code user}; empty if it is.
     *
     * @param user id of the user that the process runs as
     * @param owner id of the file's owner
     */
    static Optional<String> exposure(long user, long owner, Set<PosixFilePermission> permissions) {
        if (owner != user && owner != ROOT) {
            return Optional.of(
                    "it belongs to the user with id " + owner + ", it must belong to the service's user or to root");
        }
        Set<PosixFilePermission> allowed = EnumSet.copyOf(OWNER);
        boolean mounted = owner == ROOT && user != ROOT;
        if (mounted) {
            allowed.add(PosixFilePermission.GROUP_READ);
        }
        return allowed.containsAll(permissions)
                ? Optional.empty()
                : Optional.of("its mode is " + PosixFilePermissions.toString(permissions)
                        + ", only its owner may have access "
                        + (mounted ? "(0640 or less)" : "(chmod 600)"));
    }
}
