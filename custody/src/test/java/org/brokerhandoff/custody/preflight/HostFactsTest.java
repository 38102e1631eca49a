package org.brokerhandoff.custody.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up host: a directory with the files of proc and sysfs that are looked at. */
class HostFactsTest {
    @TempDir
    Path directory;

    private Path host;
    private Path slots;

    @BeforeEach
    void a_host() throws IOException {
        host = directory.toRealPath().resolve("host");
        slots = Files.createDirectory(directory.toRealPath().resolve("custody")).resolve("slots");
        write("proc/self/mountinfo", "27 1 254:0 / / rw - ext4 /dev/vda rw\n");
        write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
        write(
                "proc/self/limits",
                "Limit  Soft Limit  Hard Limit  Units\nMax core file size        0       unlimited     bytes\n");
        write("proc/sys/kernel/core_pattern", "core\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = host.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Facts facts() {
        return new HostFacts(host, true).of(slots, Optional.empty());
    }

    @Test
    void the_kernels_full_options_of_ext4_are_found_by_the_number_of_the_device() throws IOException {
        assertThat(facts().slotFile().fileSystem()).isEqualTo(FileSystem.EXT4_ORDERED);
        Files.createDirectories(host.resolve("sys/devices/virtual/block/vda"));
        Files.createDirectories(host.resolve("sys/dev/block"));
        Files.createSymbolicLink(host.resolve("sys/dev/block/254:0"), Path.of("../../devices/virtual/block/vda"));
        write("proc/fs/ext4/vda/options", "rw\ndelalloc\ndata=journal\n");
        assertThat(facts().slotFile().fileSystem()).isEqualTo(FileSystem.EXT4_DATA_JOURNAL);
    }

    @Test
    void a_file_that_is_not_there_yet_lies_where_its_directory_really_is() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), slots.getParent());
        Place place = new HostFacts(host, true)
                .of(link.resolve("deeper/slots"), Optional.empty())
                .slotFile();
        assertThat(place.path()).isEqualTo(slots.resolveSibling("deeper").resolve("slots"));
        assertThat(place.file()).isEmpty();
        assertThat(place.directories().get(0).path()).isEqualTo(slots.getParent());
    }

    @Test
    void modes_have_all_their_bits() throws IOException {
        Files.writeString(slots, "");
        Files.setPosixFilePermissions(slots, PosixFilePermissions.fromString("rw-r-----"));
        Files.setAttribute(slots.getParent(), "unix:mode", 01777);
        Place place = facts().slotFile();
        assertThat(place.file()).map(Place.Access::mode).contains(0640);
        assertThat(place.directories().get(0).mode()).isEqualTo(01777);
    }

    @Test
    void a_swap_area_in_memory_or_encrypted_is_told_from_one_on_a_disk() throws IOException {
        write("proc/swaps", """
                Filename				Type		Size		Used		Priority
                /dev/zram0                              partition	8388604		0		100
                /dev/zram1                              partition	8388604		0		100
                /dev/dm-1                               partition	8388604		0		-2
                /dev/dm-2                               partition	8388604		0		-3
                /swapfile                               file		2097148		12		-4
                """);
        write("sys/block/zram0/backing_dev", "none\n");
        write("sys/block/zram1/backing_dev", "/dev/sda9\n");
        write("sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n");
        write("sys/block/dm-2/dm/uuid", "LVM-abc\n");
        assertThat(facts().swapAreas().orElseThrow())
                .containsExactly(
                        new SwapArea("/dev/zram0", SwapArea.Kind.MEMORY),
                        new SwapArea("/dev/zram1", SwapArea.Kind.DISK),
                        new SwapArea("/dev/dm-1", SwapArea.Kind.ENCRYPTED),
                        new SwapArea("/dev/dm-2", SwapArea.Kind.DISK),
                        new SwapArea("/swapfile", SwapArea.Kind.DISK));
    }

    @Test
    void a_control_group_or_one_above_it_may_forbid_swap() throws IOException {
        assertThat(facts().swapForbidden()).isFalse();
        write("proc/self/cgroup", "0::/system.slice/handoff.service\n");
        write("sys/fs/cgroup/system.slice/handoff.service/memory.swap.max", "max\n");
        assertThat(facts().swapForbidden()).isFalse();
        write("sys/fs/cgroup/system.slice/memory.swap.max", "0\n");
        assertThat(facts().swapForbidden()).isTrue();
    }

    @Test
    void a_container_of_docker_is_recognised_with_either_version_of_control_groups() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.swap.max", "0\n");
        assertThat(facts().swapForbidden()).isTrue();

        Files.delete(host.resolve("sys/fs/cgroup/memory.swap.max"));
        write("proc/self/cgroup", "5:devices:/docker/ab\n4:memory:/docker/ab\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.memsw.limit_in_bytes", "9223372036854771712\n");
        assertThat(facts().swapForbidden()).isFalse();
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "805306368\n");
        write("sys/fs/cgroup/memory/memory.memsw.limit_in_bytes", "805306368\n");
        assertThat(facts().swapForbidden()).isTrue();
    }

    @Test
    void limits_patterns_and_a_resume_device_are_read() throws IOException {
        assertThat(facts().coreLimit()).contains(0L);
        assertThat(facts().corePattern()).contains("core");
        assertThat(facts().hibernation()).isFalse();
        write("proc/self/limits", "Max core file size        unlimited   unlimited     bytes\n");
        write("sys/power/state", "freeze mem disk\n");
        write("sys/power/resume", "254:3\n");
        assertThat(facts().coreLimit()).contains(Long.MAX_VALUE);
        assertThat(facts().hibernation()).isTrue();
    }

    @Test
    void what_is_not_there_is_left_open() {
        Facts nothing = new HostFacts(host.resolve("nowhere"), true).of(slots, Optional.empty());
        assertThat(nothing.slotFile().mount()).isEmpty();
        assertThat(nothing.swapAreas()).isEmpty();
        assertThat(nothing.coreLimit()).isEmpty();
        assertThat(nothing.corePattern()).isEmpty();
        assertThat(List.of(nothing.swapForbidden(), nothing.hibernation())).containsOnly(false);
    }

    @Test
    void another_process_is_looked_at_by_its_own_limits_and_group() throws IOException {
        write(
                "proc/7/limits",
                "Limit  Soft Limit  Hard Limit  Units\nMax core file size        unlimited       unlimited     bytes\n");
        write("proc/7/cgroup", "0::/cell\n");
        write("sys/fs/cgroup/cell/memory.swap.max", "0\n");
        write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1 0 -2\n");
        Facts cell = new HostFacts(host, true, "7").ofMemory();
        assertThat(cell.coreLimit()).contains(Long.MAX_VALUE);
        assertThat(cell.swapForbidden()).isTrue();
        assertThat(cell.heapDumps()).as("it is no JVM").contains(false);
        assertThat(MemoryExposure.of(FindingRules.examine(cell, new CanaryResult.NotDone("none"))))
                .isEqualTo(new MemoryExposure(false, true));
        assertThat(facts().swapForbidden()).isFalse();
    }
}
