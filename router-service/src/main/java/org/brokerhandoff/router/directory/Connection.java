package org.brokerhandoff.router.directory;

/** How a broker is reached. */
public record Connection() {
    /** What holds where the directory says nothing of it. */
    public static final Connection PLAIN = new Connection();
}
