package org.brokerhandoff.bench.memory;

/** The use of a region of a JVM's memory, as far as visible from outside. */
public enum RegionKind {
    /** Objects. */
    JAVA_HEAP("Java heap"),
    /** Compiled code: anonymous and executable. */
    CODE_CACHE("code cache"),
    /** Stacks of threads. */
    THREAD_STACKS("thread stacks"),
    /** Memory of malloc: direct buffers below 128 KiB, and the JVM's own. */
    MALLOC("malloc arenas"),
    /** Mapped files: the slot file, libraries, class data. */
    FILES("mapped files"),
    /** Other anonymous memory: large direct buffers, metaspace, the collector's tables. */
    ANONYMOUS("other anonymous");

    private final String label;

    RegionKind(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }
}
