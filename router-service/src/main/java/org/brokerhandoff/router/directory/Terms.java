package org.brokerhandoff.router.directory;

/** When, and how many, signups a broker takes. */
public record Terms() {
    /** What holds where the directory says nothing of it. */
    public static final Terms PLAIN = new Terms();
}
