package org.brokerhandoff.audit.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.schemas.Digests;

/**
 * What a search came to.
 *
 * @param records records searched
 * @param recordBytes their bytes
 * @param files files searched
 * @param fileBytes their bytes
 * @param findings places where something of the invented person was found
 * @param unreadable topics that may not be read, and files and folders that could not be
 * @param places a line for each partition and folder, in the order in which they were searched
 */
record Searched(
        long records,
        long recordBytes,
        long files,
        long fileBytes,
        long findings,
        long unreadable,
        List<String> places) {
    static final Searched NOTHING = new Searched(0, 0, 0, 0, 0, 0, List.of());

    /** Copies the list. */
    Searched {
        places = List.copyOf(places);
    }

    Searched and(Searched other) {
        List<String> both = new ArrayList<>(places);
        both.addAll(other.places);
        return new Searched(
                records + other.records,
                recordBytes + other.recordBytes,
                files + other.files,
                fileBytes + other.fileBytes,
                findings + other.findings,
                unreadable + other.unreadable,
                both);
    }

    /** SHA-256 of the places, a line feed after each. */
    byte[] digest() {
        StringBuilder text = new StringBuilder();
        places.forEach(place -> text.append(place).append('\n'));
        return Digests.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
