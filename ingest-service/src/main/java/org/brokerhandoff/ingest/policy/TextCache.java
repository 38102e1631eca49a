package org.brokerhandoff.ingest.policy;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Texts by digest, of a bounded total size; evicts the least recently used. Thread-safe. */
final class TextCache {
    private final long mostBytes;
    private final Map<String, byte[]> texts = new LinkedHashMap<>(16, 0.75f, true); // guarded by this
    private long bytes; // guarded by this

    TextCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    synchronized Optional<byte[]> find(String sha256) {
        return Optional.ofNullable(texts.get(sha256));
    }

    synchronized void put(String sha256, byte[] text) {
        if (texts.putIfAbsent(sha256, text) != null) {
            return;
        }
        bytes += text.length;
        Iterator<byte[]> oldest = texts.values().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().length;
            oldest.remove();
        }
    }
}
