package org.brokerhandoff.router.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** The content of a PEM file. It may be a private key: cannot be printed. */
public final class PemFile {
    private final byte[] content;

    PemFile(String text) {
        this.content = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The file's bytes, not a copy. */
    public byte[] content() {
        return content;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PemFile file && MessageDigest.isEqual(content, file.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "PemFile[redacted]";
    }
}
