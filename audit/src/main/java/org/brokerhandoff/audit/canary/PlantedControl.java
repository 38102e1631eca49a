package org.brokerhandoff.audit.canary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.audit.search.Encodings;
import org.brokerhandoff.audit.search.PersonSearch;

/**
 * Positive control of the search: the texts of another invented person are written to a file, in one form at a time, the search has to find
 * each, and the file is removed. Not the canary's own texts, since a disk may retain what was removed.
 */
final class PlantedControl {
    private static final int LEAST_BYTES = 8;
    private static final byte[] AROUND = {'.', '.', '.', 0, '\n'};

    private PlantedControl() {}

    /**
     * Plants and searches.
     *
     * @return number of forms planted; each was found
     * @throws CannotCheck if one was missed
     */
    static int run() {
        try (InventedPerson other = InventedPerson.random(new SecureRandom())) {
            List<String> texts = other.exposeAsTexts();
            return run(texts, new PersonSearch(List.of(texts)));
        } catch (IOException e) {
            throw new UncheckedIOException("the control cannot be planted", e);
        }
    }

    static int run(List<String> texts, PersonSearch search) throws IOException {
        int planted = 0;
        Path folder = Files.createTempDirectory("handoff-canary");
        Path file = folder.resolve("control");
        try {
            for (String text : texts) {
                for (Map.Entry<String, byte[]> form :
                        Encodings.of(text, LEAST_BYTES).entrySet()) {
                    Files.write(file, planted(form.getValue()));
                    if (search.findInFiles(folder).findings().isEmpty()) {
                        throw new CannotCheck("the search does not find what was planted, as " + form.getKey());
                    }
                    planted++;
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
        return planted;
    }

    private static byte[] planted(byte[] form) {
        byte[] all = new byte[form.length + 2 * AROUND.length];
        System.arraycopy(AROUND, 0, all, 0, AROUND.length);
        System.arraycopy(form, 0, all, AROUND.length, form.length);
        System.arraycopy(AROUND, 0, all, AROUND.length + form.length, AROUND.length);
        return all;
    }
}
