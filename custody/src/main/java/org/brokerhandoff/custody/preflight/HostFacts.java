package org.brokerhandoff.custody.preflight;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the host and this process. What cannot be read is left empty; nothing is judged here. */
final class HostFacts {
    private final Path root;
    private final boolean linux;
    private final String process;

    /** @param root {@code /}, or a directory that stands for it */
    HostFacts(Path root, boolean linux) {
        this(root, linux, "self");
    }

    /**
     * Of another process.
     *
     * @param process its number, as below {@code /proc}
     */
    HostFacts(Path root, boolean linux, String process) {
        this.root = root;
        this.linux = linux;
        this.process = process;
    }

    static HostFacts ofProcess(long process) {
        return new HostFacts(Path.of("/"), isLinux(), String.valueOf(process));
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    static HostFacts ofThisHost() {
        return new HostFacts(Path.of("/"), isLinux());
    }

    Facts of(Path slotFile, Optional<Path> keysetFile) {
        MountTable mounts = MountTable.parse(text("proc/self/mountinfo").orElse(""));
        return new Facts(
                linux,
                place(slotFile, mounts),
                keysetFile.map(file -> place(file, mounts)),
                access(root.resolve("proc/self")).map(Place.Access::user),
                text("proc/swaps").map(this::swapAreas),
                swapForbidden(text("proc/" + process + "/cgroup").orElse("")),
                text("proc/" + process + "/limits").flatMap(HostFacts::coreLimit),
                text("proc/sys/kernel/core_pattern").map(String::strip),
                hibernation(),
                heapDumps());
    }

    /** What is known of the memory of the process, which is none of Java. */
    Facts ofMemory() {
        Facts facts = of(Path.of("/"), Optional.empty());
        return new Facts(
                facts.linux(),
                facts.slotFile(),
                facts.keysetFile(),
                facts.user(),
                facts.swapAreas(),
                facts.swapForbidden(),
                facts.coreLimit(),
                facts.corePattern(),
                facts.hibernation(),
                Optional.of(false));
    }

    private Place place(Path file, MountTable mounts) {
        Path path = resolved(file.toAbsolutePath().normalize());
        Optional<Mount> mount = mounts.of(path.toString());
        List<Place.Access> directories = new ArrayList<>();
        for (Path directory = path.getParent(); directory != null; directory = directory.getParent()) {
            access(directory).ifPresent(directories::add);
        }
        return new Place(path, mount, mount.flatMap(this::ext4Options), access(path), directories);
    }

    /** Without symbolic links, as far as the path exists; a link in the file's own place is not followed, custody refuses it. */
    private static Path resolved(Path file) {
        Path name = file.getFileName();
        Path directory = file.getParent();
        if (name == null || directory == null) {
            return file;
        }
        try {
            return directory.toRealPath().resolve(name);
        } catch (IOException e) {
            return resolved(directory).resolve(name);
        }
    }

    private static Optional<Place.Access> access(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
            return attributes.get("mode") instanceof Integer mode && attributes.get("uid") instanceof Integer user
                    ? Optional.of(new Place.Access(path, mode & 07777, user))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The kernel lists a mounted ext4 by the name of its block device, which sysfs knows by number. */
    private Optional<List<String>> ext4Options(Mount mount) {
        if (!mount.type().equals("ext4")) {
            return Optional.empty();
        }
        return blockDevice(root.resolve("sys/dev/block").resolve(mount.device()))
                .flatMap(device -> text("proc/fs/ext4/" + device + "/options"))
                .map(options -> options.lines().map(String::strip).toList());
    }

    private static Optional<String> blockDevice(Path link) {
        try {
            return Optional.of(String.valueOf(link.toRealPath().getFileName()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<SwapArea> swapAreas(String swaps) {
        return SwapArea.names(swaps).stream()
                .map(name -> new SwapArea(name, kind(name)))
                .toList();
    }

    private SwapArea.Kind kind(String name) {
        String device = blockDevice(root.resolve(name.substring(name.startsWith("/") ? 1 : 0)))
                .orElse(String.valueOf(Path.of(name).getFileName()));
        if (device.startsWith("zram")) {
            // A zram with a backing device writes what is idle or does not compress to a disk.
            return text("sys/block/" + device + "/backing_dev")
                            .map(String::strip)
                            .orElse("none")
                            .equals("none")
                    ? SwapArea.Kind.MEMORY
                    : SwapArea.Kind.DISK;
        }
        return text("sys/block/" + device + "/dm/uuid").orElse("").startsWith("CRYPT-")
                ? SwapArea.Kind.ENCRYPTED
                : SwapArea.Kind.DISK;
    }

    /**
     * Whether a control group that this process is in, or one above it, allows no swap. In a container the group's path may be
     * the host's while the files are the container's own, so the top is asked as well.
     */
    private boolean swapForbidden(String cgroups) {
        return cgroups.lines().anyMatch(line -> {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                return false;
            }
            boolean unified = parts[0].equals("0") && parts[1].isEmpty();
            boolean memory = Arrays.asList(parts[1].split(",")).contains("memory");
            for (String group = parts[2]; ; group = group.substring(0, Math.max(0, group.lastIndexOf('/')))) {
                boolean none = (unified && (noSwap("sys/fs/cgroup" + group) || noSwap("sys/fs/cgroup/unified" + group)))
                        || (memory && noMemoryAndSwap("sys/fs/cgroup/memory" + group));
                if (none) {
                    return true;
                }
                if (group.isEmpty()) {
                    return false;
                }
            }
        });
    }

    private boolean noSwap(String group) {
        return text(group + "/memory.swap.max")
                .map(String::strip)
                .filter("0"::equals)
                .isPresent();
    }

    /** The first version of control groups limits memory, and memory and swap together. */
    private boolean noMemoryAndSwap(String group) {
        Optional<String> memory = text(group + "/memory.limit_in_bytes").map(String::strip);
        Optional<String> both = text(group + "/memory.memsw.limit_in_bytes").map(String::strip);
        // Without a limit both are the same huge number, a multiple of the page size near 2^63.
        return memory.isPresent() && memory.equals(both) && memory.get().length() < 18;
    }

    private static Optional<Long> coreLimit(String limits) {
        return limits.lines()
                .filter(line -> line.startsWith("Max core file size"))
                .map(line ->
                        line.substring("Max core file size".length()).strip().split("\\s+", 2)[0])
                .map(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
                .findFirst();
    }

    private boolean hibernation() {
        return text("sys/power/state").orElse("").contains("disk")
                && !text("sys/power/resume").map(String::strip).orElse("0:0").equals("0:0");
    }

    private static Optional<Boolean> heapDumps() {
        try {
            HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return flags == null
                    ? Optional.empty()
                    : Optional.of(Boolean.parseBoolean(
                            flags.getVMOption("HeapDumpOnOutOfMemoryError").getValue()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
