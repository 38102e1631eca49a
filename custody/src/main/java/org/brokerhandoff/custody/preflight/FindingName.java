package org.brokerhandoff.custody.preflight;

import static org.brokerhandoff.custody.preflight.PurgeCeiling.ERASED;
import static org.brokerhandoff.custody.preflight.PurgeCeiling.UNREACHABLE;
import static org.brokerhandoff.custody.preflight.PurgeCeiling.UNREADABLE;
import static org.brokerhandoff.custody.preflight.Severity.FAILURE;
import static org.brokerhandoff.custody.preflight.Severity.FINE;
import static org.brokerhandoff.custody.preflight.Severity.NOTE;
import static org.brokerhandoff.custody.preflight.Severity.WARNING;

/**
 * All that can be found, and what it means. docs/custody.md, "Preflight", has the reasoning behind each ceiling. The names are part
 * of the event log.
 */
public enum FindingName {
    // Where the slot file lives. A copy of the overwritten key may linger, or it cannot be told: then
    // nothing beyond the first level rests on more than the file system's word.
    EXT4_ORDERED(FINE, ERASED, "blocks are overwritten in place; no data goes through the journal"),
    EXT4_WRITEBACK(
            NOTE,
            ERASED,
            "blocks are overwritten in place; after a power cut, slots just added may contain old blocks"),
    EXT4_NO_JOURNAL(NOTE, ERASED, "blocks are overwritten in place; after a power cut the file system needs a check"),
    EXT4_DATA_JOURNAL(WARNING, UNREADABLE, "wrapped keys go through the journal, which keeps copies of them"),
    XFS(FINE, ERASED, "blocks are overwritten in place; no data goes through the journal"),
    BTRFS(WARNING, UNREADABLE, "changed blocks are written elsewhere, and the old ones keep wrapped keys"),
    ZFS(WARNING, UNREADABLE, "changed blocks are written elsewhere, and the old ones keep wrapped keys"),
    COPY_ON_WRITE(WARNING, UNREADABLE, "changed blocks are written elsewhere, and the old ones keep wrapped keys"),
    OVERLAY(
            WARNING,
            UNREADABLE,
            "a container's layer: the storage below cannot be seen, and the keys are lost with the container"),
    TMPFS(WARNING, ERASED, "memory only, so nothing lingers; but a restart of the host loses every live key"),
    TMPFS_SWAPPABLE(
            WARNING, UNREADABLE, "memory that may be swapped: copies of wrapped keys may stay in the swap area"),
    NETWORK(
            WARNING,
            UNREADABLE,
            "what the other machine keeps cannot be seen, and custody needs the page cache of one host"),
    FUSE(WARNING, UNREADABLE, "what the process behind it does with overwritten blocks cannot be seen"),
    UNKNOWN_FILE_SYSTEM(WARNING, UNREADABLE, "whether blocks are overwritten in place is not known"),
    NOT_LINUX(WARNING, UNREADABLE, "the host cannot be examined: only Linux is supported"),
    KEYSET_KEEPS_COPIES(
            NOTE, ERASED, "an epoch key that is destroyed may stay readable on the medium, in an old block"),

    // Who can reach the files. A user who could read or replace one may have copied it, and then ours was
    // not the only copy.
    FILES_PRIVATE(FINE, ERASED, "only their owner can reach the files"),
    FILE_OPEN_TO_OTHERS(WARNING, UNREADABLE, "others than its owner can read it, and may have copied keys; chmod 600"),
    FILE_OF_ANOTHER_USER(NOTE, ERASED, "another user owns it and can read it; right if that is the services' user"),
    DIRECTORY_OPEN_TO_OTHERS(WARNING, UNREADABLE, "any user could have replaced its content; chmod o-w"),
    DIRECTORY_OPEN_TO_GROUP(
            NOTE, ERASED, "its group can replace its content; chmod g-w unless it is the services' own"),

    // Whether memory, which holds data keys and people in clear, may reach a disk. The wrapped key's
    // overwriting is untouched by that, and so is the log; "nothing on any disk" is not.
    SWAP_OFF(FINE, ERASED, "no memory is swapped"),
    SWAP_FORBIDDEN(FINE, ERASED, "the host swaps, but this process's control group may not"),
    SWAP_IN_MEMORY(FINE, ERASED, "swapped pages stay in memory, compressed"),
    SWAP_ENCRYPTED(NOTE, ERASED, "swapped pages are encrypted on the disk; best with a new key at each boot"),
    SWAP_ON(WARNING, UNREACHABLE, "keys and people in memory may be written to it; swapoff, or allow the service none"),
    SWAP_UNKNOWN(WARNING, UNREACHABLE, "whether memory may be swapped cannot be determined"),
    CORE_DUMPS_OFF(FINE, ERASED, "a crash leaves no image of the memory"),
    CORE_DUMPS_ON(WARNING, UNREACHABLE, "a crash writes keys and people in memory to a file; ulimit -c 0"),
    CORE_DUMPS_PIPED(WARNING, UNREACHABLE, "a program gets the image of a crash regardless of the limit; core_pattern"),
    CORE_DUMPS_UNKNOWN(WARNING, UNREACHABLE, "whether a crash leaves an image of the memory cannot be determined"),
    HIBERNATION_POSSIBLE(WARNING, UNREACHABLE, "hibernation would write all memory to the resume device"),
    HEAP_DUMPS_OFF(FINE, ERASED, "a full heap is not written to a file"),
    HEAP_DUMPS_ON(
            WARNING,
            UNREACHABLE,
            "a full heap is written to a file, keys and people with it; -XX:-HeapDumpOnOutOfMemoryError"),
    HEAP_DUMPS_UNKNOWN(WARNING, UNREACHABLE, "whether this JVM writes a full heap to a file cannot be determined"),

    // The canary.
    CANARY_CLEAN(FINE, ERASED, "a test key, written and erased, is nowhere in the file"),
    CANARY_CLEAN_IN_CACHE(
            NOTE, ERASED, "a test key, written and erased, is nowhere in the file as seen through the page cache"),
    CANARY_NOT_DONE(WARNING, UNREADABLE, "erasing was not tested here"),
    CANARY_FOUND(FAILURE, UNREADABLE, "an erased key is still in the file: overwriting does not work here");

    private final Severity severity;
    private final PurgeCeiling permits;
    private final String meaning;

    FindingName(Severity severity, PurgeCeiling permits, String meaning) {
        this.severity = severity;
        this.permits = permits;
        this.meaning = meaning;
    }

    /** Whether it is about the memory of this process and its host, wherever the keys are kept. */
    public boolean concernsMemory() {
        return switch (this) {
            case SWAP_OFF,
                    SWAP_FORBIDDEN,
                    SWAP_IN_MEMORY,
                    SWAP_ENCRYPTED,
                    SWAP_ON,
                    SWAP_UNKNOWN,
                    CORE_DUMPS_OFF,
                    CORE_DUMPS_ON,
                    CORE_DUMPS_PIPED,
                    CORE_DUMPS_UNKNOWN,
                    HIBERNATION_POSSIBLE,
                    HEAP_DUMPS_OFF,
                    HEAP_DUMPS_ON,
                    HEAP_DUMPS_UNKNOWN,
                    NOT_LINUX -> true;
            default -> false;
        };
    }

    /** How much it matters. */
    public Severity severity() {
        return severity;
    }

    /** The highest level that purges may claim with it. */
    public PurgeCeiling permits() {
        return permits;
    }

    /** What it means, and where something can be done about it in a word, what. */
    public String meaning() {
        return meaning;
    }
}
