package org.brokerhandoff.custody.preflight;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a file is, and who can reach it.
 *
 * @param path without symbolic links; the file need not be there
 * @param mount the mount that it is in, where mounts can be told
 * @param ext4Options options of an ext4 file system in full, where they can be read
 * @param file the file, if it is there
 * @param directories those of its directories that are there, from the inside out
 */
public record Place(
        Path path,
        Optional<Mount> mount,
        Optional<List<String>> ext4Options,
        Optional<Access> file,
        List<Access> directories) {
    /** Copies the directories. */
    public Place {
        directories = List.copyOf(directories);
    }

    /**
     * Who may do what with a file or directory.
     *
     * @param mode the twelve bits of chmod
     * @param user number of its owner
     */
    public record Access(Path path, int mode, int user) {}

    FileSystem fileSystem() {
        return mount.map(found -> FileSystem.of(found, ext4Options)).orElse(FileSystem.UNKNOWN);
    }
}
