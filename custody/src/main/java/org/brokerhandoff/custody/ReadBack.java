package org.brokerhandoff.custody;

/** How an overwritten key was read back. */
public enum ReadBack {
    /**
     * With {@code O_DIRECT}: past the page cache, as the file system's medium answers. Some accept the flag with no
     * device behind it (tmpfs since Linux 6.6), so it says as much as the choice of file system does.
     */
    DIRECT,
    /** Through the page cache, because the file system refuses {@code O_DIRECT}. */
    MAPPED,
    /** By two of three memory cells at least, each of its own share: there is no medium. */
    CELLS
}
