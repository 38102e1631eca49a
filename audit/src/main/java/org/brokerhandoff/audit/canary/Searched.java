package org.brokerhandoff.audit.canary;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.schemas.Digests;

/**
 * Result of a search.
 *
 * @param records records searched
 * @param recordBytes their bytes
 * @param files files searched
 * @param fileBytes their bytes
 * @param findings places where something of the invented person was found
 * @param unreadable topics without read permission, and files and folders that could not be read
 * @param places a line for each partition and folder, in the order in which they were searched
 * @param found the first {@link #MOST_FOUND} places where something of the invented person was found
 */
record Searched(
        long records,
        long recordBytes,
        long files,
        long fileBytes,
        long findings,
        long unreadable,
        List<String> places,
        List<String> found) {
    static final Searched NOTHING = new Searched(0, 0, 0, 0, 0, 0, List.of(), List.of());

    /** Number of findings that are named; all are counted. */
    static final int MOST_FOUND = 20;

    /** Copies the lists. */
    Searched {
        places = List.copyOf(places);
        found = List.copyOf(found);
    }

    Searched and(Searched other) {
        return new Searched(
                records + other.records,
                recordBytes + other.recordBytes,
                files + other.files,
                fileBytes + other.fileBytes,
                findings + other.findings,
                unreadable + other.unreadable,
                together(places, other.places, Integer.MAX_VALUE),
                together(found, other.found, MOST_FOUND));
    }

    private static List<String> together(List<String> one, List<String> other, int most) {
        return Stream.concat(one.stream(), other.stream()).limit(most).toList();
    }

    /** SHA-256 of the places, each followed by a line feed. */
    byte[] digest() {
        StringBuilder text = new StringBuilder();
        places.forEach(place -> text.append(place).append('\n'));
        return Digests.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
