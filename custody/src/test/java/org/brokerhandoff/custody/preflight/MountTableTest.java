package org.brokerhandoff.custody.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final String HOST = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
            40 27 8:1 / /srv rw,noatime shared:7 master:2 - xfs /dev/sda1 rw,attr2,noquota
            41 40 0:50 / /srv/volatile rw - tmpfs tmpfs rw,size=64m
            42 27 8:2 /volumes/custody /var/lib/custody rw - ext4 /dev/sda2 rw,data=journal
            43 27 8:3 / /mnt/with\\040a\\040space\\134 rw - btrfs /dev/sda3 rw,space_cache=v2,subvol=/
            """;

    private static Optional<String> typeOf(String mountinfo, String path) {
        return MountTable.parse(mountinfo).of(path).map(Mount::type);
    }

    @Test
    void a_path_lies_in_the_mount_with_the_longest_mount_point_above_it() {
        assertThat(typeOf(HOST, "/custody.slots")).contains("ext4");
        assertThat(typeOf(HOST, "/srv/custody.slots")).contains("xfs");
        assertThat(typeOf(HOST, "/srv/volatile/custody.slots")).contains("tmpfs");
        assertThat(typeOf(HOST, "/srv/volatiles/custody.slots")).contains("xfs");
        assertThat(typeOf(HOST, "/srvs")).contains("ext4");
    }

    @Test
    void a_bind_mount_keeps_the_directory_that_it_shows() {
        Mount bind = MountTable.parse(HOST).of("/var/lib/custody/slots").orElseThrow();
        assertThat(bind.root()).isEqualTo("/volumes/custody");
        assertThat(bind.source()).isEqualTo("/dev/sda2");
        assertThat(bind.device()).isEqualTo("8:2");
        assertThat(bind.superOptions()).containsExactly("rw", "data=journal");
    }

    @Test
    void octal_escapes_in_paths_are_undone() {
        assertThat(typeOf(HOST, "/mnt/with a space\\/slots")).contains("btrfs");
    }

    @Test
    void of_mounts_stacked_on_one_point_the_last_one_counts() {
        String stacked = HOST + "50 40 0:60 / /srv rw - tmpfs tmpfs rw\n";
        assertThat(typeOf(stacked, "/srv/custody.slots")).contains("tmpfs");
        assertThat(typeOf(stacked + "51 50 8:9 / /srv rw - btrfs /dev/sdb rw\n", "/srv/custody.slots"))
                .contains("btrfs");
    }

    @Test
    void a_mount_hides_what_was_mounted_below_it_before() {
        // /srv/volatile is still in the table, but /srv now shows another file system, in which it is an ordinary
        // directory.
        assertThat(typeOf(HOST + "50 40 8:9 / /srv rw - btrfs /dev/sdb rw\n", "/srv/volatile/slots"))
                .contains("btrfs");
        assertThat(typeOf(HOST + "50 27 8:9 / /srv rw - btrfs /dev/sdb rw\n", "/srv/slots"))
                .contains("btrfs");
    }

    @Test
    void in_a_container_the_volume_is_found_in_the_overlay() {
        String container = """
                700 600 0:70 / / ro,relatime master:300 - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
                701 700 0:71 / /proc rw - proc proc rw
                710 700 254:0 /docker/volumes/custody/_data /var/lib/handoff/custody rw master:1 - ext4 /dev/vda rw
                """;
        assertThat(typeOf(container, "/var/lib/handoff/custody/custody.slots")).contains("ext4");
        assertThat(typeOf(container, "/var/lib/handoff/ingest/x")).contains("overlay");
    }

    @Test
    void lines_that_cannot_be_understood_and_loops_do_no_harm() {
        String odd =
                "nonsense\n1 2 3\nx 27 8:1 / / rw - ext4 a rw\n5 6 0:1 / / rw - ext4 a rw\n6 5 0:2 / / rw - xfs b rw\n";
        assertThat(MountTable.parse(odd).mounts()).hasSize(2);
        assertThat(MountTable.parse(odd).of("/slots")).isEmpty();
        assertThat(MountTable.parse("").of("/slots")).isEmpty();
    }

    @Test
    void file_systems_are_told_by_type_and_options() {
        assertThat(fileSystem("ext4", "rw,discard,nodelalloc")).isEqualTo(FileSystem.EXT4_ORDERED);
        assertThat(fileSystem("ext4", "rw,data=ordered")).isEqualTo(FileSystem.EXT4_ORDERED);
        assertThat(fileSystem("ext4", "rw,data=writeback")).isEqualTo(FileSystem.EXT4_WRITEBACK);
        assertThat(fileSystem("ext4", "rw,data=journal")).isEqualTo(FileSystem.EXT4_DATA_JOURNAL);
        assertThat(fileSystem("ext4", "rw,data=something-new")).isEqualTo(FileSystem.UNKNOWN);
        assertThat(fileSystem("xfs", "rw")).isEqualTo(FileSystem.XFS);
        assertThat(fileSystem("btrfs", "rw")).isEqualTo(FileSystem.BTRFS);
        assertThat(fileSystem("zfs", "rw")).isEqualTo(FileSystem.ZFS);
        assertThat(fileSystem("f2fs", "rw")).isEqualTo(FileSystem.COPY_ON_WRITE);
        assertThat(fileSystem("overlay", "rw")).isEqualTo(FileSystem.OVERLAY);
        assertThat(fileSystem("tmpfs", "rw")).isEqualTo(FileSystem.TMPFS);
        assertThat(fileSystem("nfs4", "rw")).isEqualTo(FileSystem.NETWORK);
        assertThat(fileSystem("cifs", "rw")).isEqualTo(FileSystem.NETWORK);
        assertThat(fileSystem("fuse.sshfs", "rw")).isEqualTo(FileSystem.FUSE);
        assertThat(fileSystem("fuseblk", "rw")).isEqualTo(FileSystem.FUSE);
        assertThat(fileSystem("invented-tomorrow", "rw")).isEqualTo(FileSystem.UNKNOWN);
    }

    @Test
    void a_journal_mode_that_the_superblock_sets_is_seen_in_the_full_options_only() {
        Mount mount = mount("ext4", "rw");
        assertThat(FileSystem.of(mount, Optional.of(List.of("rw", "delalloc", "data=journal"))))
                .isEqualTo(FileSystem.EXT4_DATA_JOURNAL);
        assertThat(FileSystem.of(mount, Optional.of(List.of("rw", "data=ordered"))))
                .isEqualTo(FileSystem.EXT4_ORDERED);
        assertThat(FileSystem.of(mount, Optional.of(List.of("rw", "delalloc")))).isEqualTo(FileSystem.EXT4_NO_JOURNAL);
    }

    private static FileSystem fileSystem(String type, String options) {
        return FileSystem.of(mount(type, options), Optional.empty());
    }

    private static Mount mount(String type, String options) {
        return new Mount(2, 1, "8:1", "/", "/", type, "/dev/sda1", List.of(options.split(",")));
    }
}
