package org.brokerhandoff.custody.preflight;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.ReadBack;

/** What facts mean. Pure. */
final class FindingRules {
    private static final int OTHERS_ANY = 0077;
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITE = 0020;
    private static final int STICKY = 01000;

    private FindingRules() {}

    /** The findings on {@code facts} and the canary, in the order in which reports list them. */
    static Examination examine(Facts facts, CanaryResult canary) {
        List<Finding> findings = new ArrayList<>();
        boolean swap = swap(facts).stream().anyMatch(finding -> finding.permits() != PurgeCeiling.ERASED);
        boolean cores = false;
        findings.add(medium(facts, swap));
        findings.addAll(keyset(facts));
        findings.addAll(access(facts));
        if (facts.linux()) {
            findings.addAll(swap(facts));
            Finding core = coreDumps(facts);
            cores = core.permits() != PurgeCeiling.ERASED;
            findings.add(core);
            if (facts.hibernation()) {
                findings.add(new Finding(FindingName.HIBERNATION_POSSIBLE, "a resume device is set"));
            }
        }
        findings.add(facts.heapDumps()
                .map(on -> on
                        ? new Finding(FindingName.HEAP_DUMPS_ON, "this JVM's flags")
                        : new Finding(FindingName.HEAP_DUMPS_OFF, "this JVM's flags"))
                .orElseGet(() -> new Finding(FindingName.HEAP_DUMPS_UNKNOWN, "this JVM does not tell")));
        findings.add(canary(canary));
        return new Examination(
                facts.slotFile().path(),
                facts.slotFile().fileSystem(),
                swap || !facts.linux(),
                cores || !facts.linux(),
                canary,
                findings);
    }

    private static Finding medium(Facts facts, boolean swap) {
        if (!facts.linux()) {
            return new Finding(FindingName.NOT_LINUX, facts.slotFile().path().toString());
        }
        FileSystem fileSystem = facts.slotFile().fileSystem();
        String found = described(facts.slotFile());
        return new Finding(
                switch (fileSystem) {
                    case EXT4_ORDERED -> FindingName.EXT4_ORDERED;
                    case EXT4_WRITEBACK -> FindingName.EXT4_WRITEBACK;
                    case EXT4_NO_JOURNAL -> FindingName.EXT4_NO_JOURNAL;
                    case EXT4_DATA_JOURNAL -> FindingName.EXT4_DATA_JOURNAL;
                    case XFS -> FindingName.XFS;
                    case BTRFS -> FindingName.BTRFS;
                    case ZFS -> FindingName.ZFS;
                    case COPY_ON_WRITE -> FindingName.COPY_ON_WRITE;
                    case OVERLAY -> FindingName.OVERLAY;
                    case TMPFS -> swap ? FindingName.TMPFS_SWAPPABLE : FindingName.TMPFS;
                    case NETWORK -> FindingName.NETWORK;
                    case FUSE -> FindingName.FUSE;
                    case UNKNOWN -> FindingName.UNKNOWN_FILE_SYSTEM;
                },
                found);
    }

    private static String described(Place place) {
        return place.mount()
                .map(mount -> mount.type() + " " + mount.source() + " at " + mount.mountPoint()
                        + (mount.root().equals("/") ? "" : ", its directory " + mount.root()))
                .orElse("no mount is known for " + place.path());
    }

    private static List<Finding> keyset(Facts facts) {
        return facts
                .keysetFile()
                .filter(place -> facts.linux() && !place.fileSystem().overwritesInPlace())
                .map(place -> new Finding(FindingName.KEYSET_KEEPS_COPIES, described(place)))
                .stream()
                .toList();
    }

    private static List<Finding> access(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        List<Place> places = new ArrayList<>(List.of(facts.slotFile()));
        facts.keysetFile().ifPresent(places::add);
        for (Place place : places) {
            place.file().ifPresent(file -> findings.addAll(ofFile(file, facts.user())));
            ofDirectories(place).filter(finding -> !findings.contains(finding)).ifPresent(findings::add);
        }
        boolean known = places.stream()
                .anyMatch(place ->
                        place.file().isPresent() || !place.directories().isEmpty());
        if (findings.isEmpty() && known) {
            findings.add(new Finding(
                    FindingName.FILES_PRIVATE,
                    places.stream()
                            .flatMap(place -> place.file().stream())
                            .map(file -> octal(file) + " " + name(file.path()))
                            .collect(Collectors.collectingAndThen(
                                    Collectors.joining(", "), files -> files.isEmpty() ? "not created yet" : files))));
        }
        return findings;
    }

    private static List<Finding> ofFile(Place.Access file, Optional<Integer> user) {
        List<Finding> findings = new ArrayList<>();
        if ((file.mode() & OTHERS_ANY) != 0) {
            findings.add(new Finding(FindingName.FILE_OPEN_TO_OTHERS, octal(file) + " " + file.path()));
        }
        if (user.isPresent() && user.get() != file.user()) {
            findings.add(new Finding(
                    FindingName.FILE_OF_ANOTHER_USER,
                    file.path() + " is of user " + file.user() + ", this process of " + user.get()));
        }
        return findings;
    }

    /** The worst of a file's directories: write access to any of them is enough to put another file in its place. */
    private static Optional<Finding> ofDirectories(Place place) {
        // In a sticky directory only owners replace what is theirs.
        for (Place.Access directory : place.directories()) {
            if ((directory.mode() & OTHERS_WRITE) != 0 && (directory.mode() & STICKY) == 0) {
                return Optional.of(
                        new Finding(FindingName.DIRECTORY_OPEN_TO_OTHERS, octal(directory) + " " + directory.path()));
            }
        }
        for (Place.Access directory : place.directories()) {
            if ((directory.mode() & GROUP_WRITE) != 0 && (directory.mode() & STICKY) == 0) {
                return Optional.of(
                        new Finding(FindingName.DIRECTORY_OPEN_TO_GROUP, octal(directory) + " " + directory.path()));
            }
        }
        return Optional.empty();
    }

    private static List<Finding> swap(Facts facts) {
        if (facts.swapAreas().isEmpty()) {
            return List.of(
                    facts.swapForbidden()
                            ? new Finding(FindingName.SWAP_FORBIDDEN, "the host's swap cannot be seen")
                            : new Finding(FindingName.SWAP_UNKNOWN, "/proc/swaps cannot be read"));
        }
        List<SwapArea> areas = facts.swapAreas().get();
        if (areas.isEmpty()) {
            return List.of(new Finding(FindingName.SWAP_OFF, "no swap area"));
        }
        if (facts.swapForbidden()) {
            return List.of(new Finding(FindingName.SWAP_FORBIDDEN, names(areas)));
        }
        return areas.stream()
                .map(area -> new Finding(
                        switch (area.kind()) {
                            case MEMORY -> FindingName.SWAP_IN_MEMORY;
                            case ENCRYPTED -> FindingName.SWAP_ENCRYPTED;
                            case DISK -> FindingName.SWAP_ON;
                        },
                        area.name()))
                .toList();
    }

    private static String names(List<SwapArea> areas) {
        return areas.stream().map(SwapArea::name).collect(Collectors.joining(", "));
    }

    private static Finding coreDumps(Facts facts) {
        if (facts.coreLimit().isEmpty() || facts.corePattern().isEmpty()) {
            return new Finding(FindingName.CORE_DUMPS_UNKNOWN, "limit or core_pattern cannot be read");
        }
        long limit = facts.coreLimit().get();
        String pattern = facts.corePattern().get();
        String found = "limit " + (limit == Long.MAX_VALUE ? "unlimited" : limit) + ", core_pattern " + pattern;
        // The kernel does not heed the limit where a program takes the image (core(5));
        // systemd-coredump heeds it itself.
        if (pattern.startsWith("|") && !(limit == 0 && pattern.contains("/systemd-coredump"))) {
            return new Finding(FindingName.CORE_DUMPS_PIPED, found);
        }
        return new Finding(limit == 0 ? FindingName.CORE_DUMPS_OFF : FindingName.CORE_DUMPS_ON, found);
    }

    private static Finding canary(CanaryResult canary) {
        if (canary instanceof CanaryResult.Clean clean) {
            return new Finding(
                    clean.readBack() == ReadBack.DIRECT ? FindingName.CANARY_CLEAN : FindingName.CANARY_CLEAN_IN_CACHE,
                    clean.searchedBytes() / 1024 + " KiB read"
                            + (clean.readBack() == ReadBack.DIRECT ? " with O_DIRECT" : ", O_DIRECT is refused"));
        } else if (canary instanceof CanaryResult.Found seen) {
            return new Finding(FindingName.CANARY_FOUND, seen.where());
        }
        return new Finding(FindingName.CANARY_NOT_DONE, ((CanaryResult.NotDone) canary).why());
    }

    private static String octal(Place.Access access) {
        return String.format(Locale.ROOT, "%04o", access.mode());
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
