package org.brokerhandoff.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A key that a broker verifies Standard Webhooks signatures with. Cannot be printed. */
public sealed interface WebhookKey permits WebhookSecret, WebhookKeyPair, WebhookPublicKey {
    /**
     * Parses the text form: {@code whsec_…}, {@code whsk_…} or {@code whpk_…}.
     *
     * @throws IllegalArgumentException if it is none of them; the message does not quote it
     */
    static WebhookKey parse(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith(WebhookKeyPair.PREFIX)) {
            return WebhookKeyPair.parse(trimmed);
        }
        return trimmed.startsWith(WebhookPublicKey.PREFIX)
                ? WebhookPublicKey.parse(trimmed)
                : WebhookSecret.parse(trimmed);
    }

    /**
     * Reads files with one key per line in text form; empty lines are ignored.
     *
     * @throws IllegalArgumentException if a line is not a key, or a file has none: an empty one would silently disable the checks
     * @throws UncheckedIOException if a file cannot be read
     */
    static List<WebhookKey> read(List<Path> files) {
        List<WebhookKey> keys = new ArrayList<>();
        for (Path file : files) {
            List<String> lines;
            try {
                lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
            int before = keys.size();
            lines.stream()
                    .filter(line -> !line.isBlank())
                    .map(WebhookKey::parse)
                    .forEach(keys::add);
            if (keys.size() == before) {
                throw new IllegalArgumentException("no secret in " + file);
            }
        }
        return keys;
    }

    /** Name of the signature scheme: {@code v1} or {@code v1a}. */
    String scheme();

    /** Whether {@code signature} is this key's of {@code content}, which is {@code id.timestamp.body}. */
    boolean verifies(byte[] content, byte[] signature);
}
