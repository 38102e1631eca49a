package org.brokerhandoff.custody.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.ReadBack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingRulesTest {
    private static final CanaryResult CLEAN = new CanaryResult.Clean(ReadBack.DIRECT, 8 << 20);
    private static final SwapArea DISK = new SwapArea("/dev/sda2", SwapArea.Kind.DISK);

    private static Place place(String type, int fileMode, int directoryMode) {
        Path file = Path.of("/srv/custody/custody.slots");
        return new Place(
                file,
                Optional.of(new Mount(2, 1, "8:1", "/", "/srv", type, "/dev/sda1", List.of("rw"))),
                Optional.empty(),
                Optional.of(new Place.Access(file, fileMode, 10001)),
                List.of(
                        new Place.Access(Path.of("/srv/custody"), directoryMode, 10001),
                        new Place.Access(Path.of("/srv"), 0755, 0),
                        new Place.Access(Path.of("/"), 0755, 0)));
    }

    private static Facts facts(
            Place place, List<SwapArea> swap, boolean forbidden, long coreLimit, String corePattern) {
        return new Facts(
                true,
                place,
                Optional.empty(),
                Optional.of(10001),
                Optional.of(swap),
                forbidden,
                Optional.of(coreLimit),
                Optional.of(corePattern),
                false,
                Optional.of(false));
    }

    private static Facts good(String type) {
        return facts(place(type, 0600, 0700), List.of(), false, 0, "core");
    }

    @Test
    void a_host_that_is_set_up_well_may_claim_everything_and_raises_no_concern() {
        Examination examination = FindingRules.examine(good("ext4"), CLEAN);
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.ERASED);
        assertThat(examination.concerns()).isEmpty();
        assertThat(examination.swap()).isFalse();
        assertThat(examination.coreDumps()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ext4, EXT4_ORDERED, ERASED",
        "xfs, XFS, ERASED",
        "tmpfs, TMPFS, ERASED",
        "btrfs, BTRFS, UNREADABLE",
        "zfs, ZFS, UNREADABLE",
        "bcachefs, COPY_ON_WRITE, UNREADABLE",
        "overlay, OVERLAY, UNREADABLE",
        "nfs, NETWORK, UNREADABLE",
        "fuse.s3fs, FUSE, UNREADABLE",
        "ext2, UNKNOWN_FILE_SYSTEM, UNREADABLE"
    })
    void each_file_system_has_its_finding_and_its_ceiling(String type, FindingName name, PurgeCeiling highest) {
        Examination examination = FindingRules.examine(good(type), CLEAN);
        assertThat(examination.findings().get(0).name()).isEqualTo(name);
        assertThat(examination.highest()).isEqualTo(highest);
    }

    @Test
    void tmpfs_is_a_warning_and_with_swap_it_is_no_memory_any_more() {
        assertThat(FindingRules.examine(good("tmpfs"), CLEAN).concerns()).containsExactly(FindingName.TMPFS);
        Examination swapped =
                FindingRules.examine(facts(place("tmpfs", 0600, 0700), List.of(DISK), false, 0, "core"), CLEAN);
        assertThat(swapped.concerns()).containsExactly(FindingName.TMPFS_SWAPPABLE, FindingName.SWAP_ON);
        assertThat(swapped.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
    }

    @Test
    void swap_keeps_purges_from_claiming_erased_unless_it_is_encrypted_in_memory_or_forbidden() {
        assertThat(swap(DISK)).containsExactly(FindingName.SWAP_ON);
        assertThat(highest(facts(place("ext4", 0600, 0700), List.of(DISK), false, 0, "core")))
                .isEqualTo(PurgeCeiling.UNREACHABLE);
        assertThat(swap(new SwapArea("/dev/zram0", SwapArea.Kind.MEMORY))).isEmpty();
        assertThat(swap(new SwapArea("/dev/dm-1", SwapArea.Kind.ENCRYPTED)))
                .containsExactly(FindingName.SWAP_ENCRYPTED);
        Facts forbidden = facts(place("ext4", 0600, 0700), List.of(DISK), true, 0, "core");
        assertThat(highest(forbidden)).isEqualTo(PurgeCeiling.ERASED);
        assertThat(FindingRules.examine(forbidden, CLEAN).swap()).isFalse();
    }

    private static List<FindingName> swap(SwapArea area) {
        return FindingRules.examine(facts(place("ext4", 0600, 0700), List.of(area), false, 0, "core"), CLEAN)
                .concerns();
    }

    @ParameterizedTest
    @CsvSource({
        "0, core, CORE_DUMPS_OFF",
        "0, /var/cores/%p, CORE_DUMPS_OFF",
        "4096, core, CORE_DUMPS_ON",
        "9223372036854775807, core, CORE_DUMPS_ON",
        "0, |/usr/share/apport/apport %p, CORE_DUMPS_PIPED",
        "0, |/usr/lib/systemd/systemd-coredump %P %c, CORE_DUMPS_OFF",
        "9223372036854775807, |/usr/lib/systemd/systemd-coredump %P %c, CORE_DUMPS_PIPED"
    })
    void core_dumps_are_off_only_if_the_limit_is_zero_and_heeded(long limit, String pattern, FindingName name) {
        Examination examination =
                FindingRules.examine(facts(place("ext4", 0600, 0700), List.of(), false, limit, pattern), CLEAN);
        assertThat(examination.findings()).extracting(Finding::name).contains(name);
        assertThat(examination.coreDumps()).isEqualTo(name != FindingName.CORE_DUMPS_OFF);
        assertThat(examination.highest())
                .isEqualTo(name == FindingName.CORE_DUMPS_OFF ? PurgeCeiling.ERASED : PurgeCeiling.UNREACHABLE);
    }

    @Test
    void who_can_read_or_replace_the_file_may_have_copied_the_keys() {
        assertThat(access(0640, 0700)).containsExactly(FindingName.FILE_OPEN_TO_OTHERS);
        assertThat(access(0600, 0777)).containsExactly(FindingName.DIRECTORY_OPEN_TO_OTHERS);
        assertThat(access(0600, 01777)).isEmpty();
        assertThat(access(0600, 0770)).containsExactly(FindingName.DIRECTORY_OPEN_TO_GROUP);
        assertThat(highest(facts(place("ext4", 0604, 0700), List.of(), false, 0, "core")))
                .isEqualTo(PurgeCeiling.UNREADABLE);
        assertThat(highest(facts(place("ext4", 0600, 0777), List.of(), false, 0, "core")))
                .isEqualTo(PurgeCeiling.UNREADABLE);
    }

    private static List<FindingName> access(int fileMode, int directoryMode) {
        return FindingRules.examine(facts(place("ext4", fileMode, directoryMode), List.of(), false, 0, "core"), CLEAN)
                .concerns();
    }

    @Test
    void another_users_file_a_heap_dump_and_a_resume_device_are_named() {
        Facts facts = new Facts(
                true,
                place("ext4", 0600, 0700),
                Optional.of(place("btrfs", 0600, 0700)),
                Optional.of(0),
                Optional.of(List.of()),
                false,
                Optional.of(0L),
                Optional.of("core"),
                true,
                Optional.of(true));
        Examination examination = FindingRules.examine(facts, CLEAN);
        assertThat(examination.concerns())
                .containsExactly(
                        FindingName.KEYSET_KEEPS_COPIES,
                        FindingName.FILE_OF_ANOTHER_USER,
                        FindingName.HIBERNATION_POSSIBLE,
                        FindingName.HEAP_DUMPS_ON);
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.UNREACHABLE);
    }

    @Test
    void what_cannot_be_told_counts_as_bad() {
        Facts nothing = new Facts(
                true,
                new Place(Path.of("/srv/slots"), Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
        Examination examination = FindingRules.examine(nothing, new CanaryResult.NotDone("no slot is free"));
        assertThat(examination.concerns())
                .containsExactly(
                        FindingName.UNKNOWN_FILE_SYSTEM,
                        FindingName.SWAP_UNKNOWN,
                        FindingName.CORE_DUMPS_UNKNOWN,
                        FindingName.HEAP_DUMPS_UNKNOWN,
                        FindingName.CANARY_NOT_DONE);
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
        assertThat(examination.swap()).isTrue();
        assertThat(examination.coreDumps()).isTrue();
    }

    @Test
    void elsewhere_than_on_linux_nothing_can_be_told() {
        Facts elsewhere = new Facts(
                false,
                place("apfs", 0600, 0700),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(false));
        Examination examination = FindingRules.examine(elsewhere, CLEAN);
        assertThat(examination.concerns()).containsExactly(FindingName.NOT_LINUX);
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
    }

    @Test
    void the_canary_decides_with_the_rest() {
        assertThat(FindingRules.examine(good("ext4"), new CanaryResult.Clean(ReadBack.MAPPED, 4096))
                        .concerns())
                .containsExactly(FindingName.CANARY_CLEAN_IN_CACHE);
        Examination found = FindingRules.examine(good("ext4"), new CanaryResult.Found("offset 65588"));
        assertThat(found.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
        assertThat(found.findings()).extracting(Finding::severity).contains(Severity.FAILURE);
    }

    @Test
    void a_report_has_aligned_columns_and_explains_what_is_not_fine() {
        Examination examination =
                FindingRules.examine(facts(place("ext4", 0600, 0700), List.of(DISK), false, 0, "core"), CLEAN);
        assertThat(examination.render()).isEqualTo("""
                ok       EXT4_ORDERED    ERASED       ext4 /dev/sda1 at /srv
                ok       FILES_PRIVATE   ERASED       0600 custody.slots
                warning  SWAP_ON         UNREACHABLE  /dev/sda2
                         keys and people in memory may be written to it; swapoff, or allow the service none
                ok       CORE_DUMPS_OFF  ERASED       limit 0, core_pattern core
                ok       HEAP_DUMPS_OFF  ERASED       this JVM's flags
                ok       CANARY_CLEAN    ERASED       8192 KiB read with O_DIRECT
                purges may claim up to UNREACHABLE
                """);
    }

    private static PurgeCeiling highest(Facts facts) {
        return FindingRules.examine(facts, CLEAN).highest();
    }
}
