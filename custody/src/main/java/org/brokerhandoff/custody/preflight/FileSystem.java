package org.brokerhandoff.custody.preflight;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a file system treats overwritten blocks. */
public enum FileSystem {
    /** ext4, whose journal takes metadata only, after the data: the default. */
    EXT4_ORDERED,
    /** ext4, metadata and data in no order. */
    EXT4_WRITEBACK,
    /** ext4 without a journal. */
    EXT4_NO_JOURNAL,
    /** ext4, data through the journal. */
    EXT4_DATA_JOURNAL,
    /** xfs, whose journal takes metadata only. */
    XFS,
    /** btrfs. */
    BTRFS,
    /** ZFS. */
    ZFS,
    /** Another that writes changed blocks elsewhere: bcachefs, f2fs, nilfs2, reiser4. */
    COPY_ON_WRITE,
    /** A container's layers, or another union of directories. */
    OVERLAY,
    /** Memory, and swap. */
    TMPFS,
    /** NFS, SMB and others on another machine. */
    NETWORK,
    /** Provided by a process; its treatment of blocks is unknown. */
    FUSE,
    /** None of these, or it could not be told. */
    UNKNOWN;

    private static final Set<String> COPYING = Set.of("bcachefs", "f2fs", "nilfs2", "reiser4");
    private static final Set<String> UNIONS = Set.of("overlay", "aufs", "unionfs");
    private static final Set<String> REMOTE = Set.of(
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "coda", "gfs2", "ocfs2", "lustre");

    /**
     * The file system of a mount.
     *
     * @param ext4Options what {@code /proc/fs/ext4/DEVICE/options} says, one option an entry, if it could be read. It is asked
     *     first: the table of mounts leaves out a mode of the journal that the superblock sets as its default.
     */
    static FileSystem of(Mount mount, Optional<List<String>> ext4Options) {
        String type = mount.type();
        if (type.equals("ext4")) {
            return ext4(ext4Options.orElse(mount.superOptions()), ext4Options.isPresent());
        } else if (type.equals("fuseblk") || type.equals("fuse") || type.startsWith("fuse.")) {
            return FUSE;
        } else if (COPYING.contains(type)) {
            return COPY_ON_WRITE;
        } else if (UNIONS.contains(type)) {
            return OVERLAY;
        } else if (REMOTE.contains(type)) {
            return NETWORK;
        }
        return switch (type) {
            case "xfs" -> XFS;
            case "btrfs" -> BTRFS;
            case "zfs" -> ZFS;
            case "tmpfs", "ramfs" -> TMPFS;
            default -> UNKNOWN;
        };
    }

    /** @param complete whether the options are all of them, so that without a mode there is no journal */
    private static FileSystem ext4(List<String> options, boolean complete) {
        String mode = options.stream()
                .filter(option -> option.startsWith("data="))
                .reduce((earlier, later) -> later)
                .orElse(complete ? "data=none" : "data=ordered");
        return switch (mode) {
            case "data=ordered" -> EXT4_ORDERED;
            case "data=writeback" -> EXT4_WRITEBACK;
            case "data=journal" -> EXT4_DATA_JOURNAL;
            case "data=none" -> EXT4_NO_JOURNAL;
            default -> UNKNOWN;
        };
    }

    /** Whether an overwritten block is known to go where the old one was. */
    boolean overwritesInPlace() {
        return Arrays.asList(EXT4_ORDERED, EXT4_WRITEBACK, EXT4_NO_JOURNAL, XFS, TMPFS)
                .contains(this);
    }
}
