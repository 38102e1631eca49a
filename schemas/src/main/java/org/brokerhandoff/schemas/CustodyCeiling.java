package org.brokerhandoff.schemas;

import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.PurgeLevel;

/**
 * How far purges may claim after an examination of custody's place, computed from its findings rather than taken from its conclusion.
 * A test checks that custody's own table agrees.
 */
public final class CustodyCeiling {
    /** Of the three: one share alone is no key. */
    public static final int CELLS_NEEDED = 2;

    private CustodyCeiling() {}

    /** The highest level that {@code examined} permits: the lowest of what each part of it permits. */
    public static PurgeLevel of(CustodyExamined examined) {
        List<ExaminedCell> cells = examined.getCells();
        // Where keys are in cells, no file has them.
        Stream<PurgeLevel> ofPlace = cells == null
                ? Stream.of(of(examined.getFileSystem()), of(examined.getCanary()))
                : Stream.of(ofCells(cells, Boolean.TRUE.equals(examined.getDatabaseFit())));
        return Stream.of(
                        examined.getFindings().stream().map(CustodyCeiling::of),
                        ofPlace,
                        Stream.of(
                                examined.getSwap() || examined.getCoreDumps()
                                        ? PurgeLevel.UNREACHABLE
                                        : PurgeLevel.ERASED))
                .flatMap(permitted -> permitted)
                .reduce(PurgeLevel.ERASED, (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }

    /**
     * The highest level that cells permit. A share that memory of a cell's host has brought to a disk is not overwritten, and two of them are a key:
     * so two cells are needed of which it is known that this does not happen.
     */
    private static PurgeLevel ofCells(List<ExaminedCell> cells, boolean databaseFit) {
        long forgetting = cells.stream()
                .filter(CustodyCeiling::forgets)
                .map(ExaminedCell::getCell)
                .distinct()
                .count();
        return databaseFit && forgetting >= CELLS_NEEDED ? PurgeLevel.ERASED : PurgeLevel.UNREADABLE;
    }

    /** Whether what a cell has overwritten is on no disk of its host either. */
    public static boolean forgets(ExaminedCell cell) {
        return !cell.getSwap() && !cell.getCoreDumps();
    }

    /** The highest level that a finding permits; one that this version does not know permits any. */
    public static PurgeLevel of(CustodyFinding finding) {
        return switch (finding) {
            case EXT4_DATA_JOURNAL,
                    BTRFS,
                    ZFS,
                    COPY_ON_WRITE,
                    OVERLAY,
                    TMPFS_SWAPPABLE,
                    NETWORK,
                    FUSE,
                    UNKNOWN_FILE_SYSTEM,
                    NOT_LINUX,
                    FILE_OPEN_TO_OTHERS,
                    DIRECTORY_OPEN_TO_OTHERS,
                    CANARY_NOT_DONE,
                    CANARY_FOUND -> PurgeLevel.UNREADABLE;
            case SWAP_ON,
                    SWAP_UNKNOWN,
                    CORE_DUMPS_ON,
                    CORE_DUMPS_PIPED,
                    CORE_DUMPS_UNKNOWN,
                    HIBERNATION_POSSIBLE,
                    HEAP_DUMPS_ON,
                    HEAP_DUMPS_UNKNOWN -> PurgeLevel.UNREACHABLE;
            case EXT4_ORDERED,
                    EXT4_WRITEBACK,
                    EXT4_NO_JOURNAL,
                    XFS,
                    TMPFS,
                    KEYSET_KEEPS_COPIES,
                    FILES_PRIVATE,
                    FILE_OF_ANOTHER_USER,
                    DIRECTORY_OPEN_TO_GROUP,
                    SWAP_OFF,
                    SWAP_FORBIDDEN,
                    SWAP_IN_MEMORY,
                    SWAP_ENCRYPTED,
                    CORE_DUMPS_OFF,
                    HEAP_DUMPS_OFF,
                    CANARY_CLEAN,
                    CANARY_CLEAN_IN_CACHE,
                    OTHER -> PurgeLevel.ERASED;
        };
    }

    private static PurgeLevel of(CustodyFileSystem fileSystem) {
        return switch (fileSystem) {
            case EXT4_ORDERED, EXT4_WRITEBACK, EXT4_NO_JOURNAL, XFS, TMPFS -> PurgeLevel.ERASED;
            case EXT4_DATA_JOURNAL, BTRFS, ZFS, COPY_ON_WRITE, OVERLAY, NETWORK, FUSE, UNKNOWN -> PurgeLevel.UNREADABLE;
        };
    }

    private static PurgeLevel of(CanaryOutcome canary) {
        return switch (canary) {
            case CLEAN, CLEAN_IN_CACHE -> PurgeLevel.ERASED;
            case NOT_DONE, UNKNOWN -> PurgeLevel.UNREADABLE;
        };
    }
}
