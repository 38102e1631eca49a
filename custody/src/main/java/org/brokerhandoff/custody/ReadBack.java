package org.brokerhandoff.custody;

/** How an overwritten key was read back. */
public enum ReadBack {
    /** With {@code O_DIRECT}: past the page cache, from the block device. */
    DIRECT,
    /** Through the page cache, because the file system refuses {@code O_DIRECT}. */
    MAPPED
}
