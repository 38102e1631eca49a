package org.brokerhandoff.audit.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.merkle.Hash;

/** The leaf hashes in a ledger's folder, or a copy of it: {@code segments/<topic>/<partition>/<first>}, 32 bytes each (docs/transparency.md). */
public record FolderLeaves(Path folder) implements PartitionLedger.PublishedLeaves {
    @Override
    public Optional<List<Hash>> of(Segment segment) {
        Path file = folder.resolve("segments")
                .resolve(segment.topic())
                .resolve(String.valueOf(segment.partition()))
                .resolve(String.valueOf(segment.first()));
        try {
            byte[] bytes = Files.readAllBytes(file);
            List<Hash> hashes = new ArrayList<>();
            for (int at = 0; at + Hash.BYTES <= bytes.length; at += Hash.BYTES) {
                hashes.add(Hash.of(Arrays.copyOfRange(bytes, at, at + Hash.BYTES)));
            }
            return Optional.of(hashes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
