package org.brokerhandoff.ledgerservice.outside;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.operations.files.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the newest checkpoint in places that are not restored together with the builder's host. All are read at a start; those that are
 * folders are written before a checkpoint is published. An unavailable place is logged and counted, and blocks nothing. Not thread-safe.
 */
public final class CheckpointCopies {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCopies.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NAME = "checkpoint";

    private final List<Copy> copies;

    private record Copy(Place place, Counter failures) {
        void failed(String why) {
            LOG.warn("{}: {}", place, why);
            failures.increment();
        }
    }

    private sealed interface Place {
        /** Empty if there is none yet. */
        Optional<byte[]> read() throws IOException, InterruptedException;

        record Folder(Path folder) implements Place {
            @Override
            public Optional<byte[]> read() throws IOException {
                try (InputStream file = Files.newInputStream(folder.resolve(NAME))) {
                    return Optional.of(file.readNBytes(SignedNote.MAXIMUM_BYTES));
                } catch (NoSuchFileException e) {
                    if (Files.isDirectory(folder)) {
                        return Optional.empty();
                    }
                    throw e;
                }
            }

            @Override
            public String toString() {
                return "the copy in " + folder;
            }
        }

        record Web(HttpClient http, URI prefix) implements Place {
            @Override
            public Optional<byte[]> read() throws IOException, InterruptedException {
                HttpRequest request = HttpRequest.newBuilder(prefix.resolve(NAME))
                        .timeout(LIMIT)
                        .GET()
                        .build();
                HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    if (response.statusCode() == 404) {
                        return Optional.empty();
                    } else if (response.statusCode() != 200) {
                        throw new IOException("status " + response.statusCode());
                    }
                    return Optional.of(body.readNBytes(SignedNote.MAXIMUM_BYTES));
                }
            }

            @Override
            public String toString() {
                return "the copy at " + prefix;
            }
        }
    }

    /**
     * Copies in these places.
     *
     * @param places each a folder, or a URL of http or https that has {@code checkpoint} below it
     */
    public CheckpointCopies(List<String> places, MeterRegistry meters) {
        HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        copies = places.stream()
                .map(each -> new Copy(
                        place(http, each),
                        Counter.builder("handoff.ledger.copy.failures")
                                .description("Failures to read, compare or write a copy of the checkpoint")
                                .tag("copy", each)
                                .register(meters)))
                .toList();
    }

    private static Place place(HttpClient http, String place) {
        return place.startsWith("http://") || place.startsWith("https://")
                ? new Place.Web(http, URI.create(place.endsWith("/") ? place : place + "/"))
                : new Place.Folder(Path.of(place));
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return copies.isEmpty();
    }

    /**
     * The content of the readable copies. A note without a signature by the log's keys is ignored: its origin is unknown.
     *
     * @param signedByUs whether one of the log's keys has signed a note
     */
    public List<Known> known(Predicate<SignedNote> signedByUs) {
        List<Known> known = new ArrayList<>();
        for (Copy copy : copies) {
            read(copy, signedByUs).known().ifPresent(known::add);
        }
        return known;
    }

    /**
     * Updates the folders.
     *
     * @param leaves hashes of the entries under {@code note}
     * @throws Halt if one of them knows more than is here, or another tree: it is then left unchanged as evidence
     */
    public void write(SignedNote note, List<Hash> leaves, Predicate<SignedNote> signedByUs) throws Halt {
        for (Copy copy : copies) {
            if (copy.place() instanceof Place.Folder folder) {
                Reading there = read(copy, signedByUs);
                if (there.known().isPresent()) {
                    there.known().get().compare(leaves, signedByUs);
                }
                if (there.writable() && !there.known().flatMap(Known::note).equals(Optional.of(note))) {
                    write(copy, folder, note);
                }
            }
        }
    }

    private static void write(Copy copy, Place.Folder folder, SignedNote note) {
        try {
            DurableFiles.replaceShared(folder.folder().resolve(NAME), note.bytes());
        } catch (UncheckedIOException e) {
            copy.failed("it cannot be written: " + e.getCause());
        }
    }

    /**
     * A copy as it was found.
     *
     * @param writable false if it could not be read, or belongs to another ledger
     */
    private record Reading(Optional<Known> known, boolean writable) {}

    private static Reading read(Copy copy, Predicate<SignedNote> signedByUs) {
        try {
            Optional<byte[]> bytes = copy.place().read();
            if (bytes.isEmpty()) {
                return new Reading(Optional.empty(), true);
            }
            SignedNote note = SignedNote.parse(bytes.get());
            if (signedByUs.test(note)) {
                return new Reading(Known.of(copy.place().toString(), note), true);
            }
            copy.failed("its checkpoint is not signed by a key of this ledger; it is not counted, and not replaced");
        } catch (MalformedNote e) {
            copy.failed("its content is not a checkpoint; it is not replaced");
        } catch (IOException e) {
            copy.failed("it cannot be read: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            copy.failed("interrupted while reading it");
        }
        return new Reading(Optional.empty(), false);
    }
}
