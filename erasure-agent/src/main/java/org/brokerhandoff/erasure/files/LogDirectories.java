package org.brokerhandoff.erasure.files;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.brokerhandoff.erasure.look.Listing;

/** The log directories of one broker on this machine. */
public final class LogDirectories {
    private final List<Path> directories;
    private final Predicate<String> wanted;

    /**
     * Reads these directories.
     *
     * @param directories all of the broker's {@code log.dirs}
     * @param wanted whether a subdirectory of this name is to be listed
     */
    public LogDirectories(List<Path> directories, Predicate<String> wanted) {
        this.directories = List.copyOf(directories);
        this.wanted = wanted;
    }

    /**
     * Whose directories they are.
     *
     * @param broker Kafka's node id
     * @param directoryIds the random id of each, in the order in which they were named
     */
    public record Owner(int broker, List<Uuid> directoryIds) {
        /** Copies the list. */
        public Owner {
            directoryIds = List.copyOf(directoryIds);
        }
    }

    /**
     * Reads {@code meta.properties} of each directory.
     *
     * @throws LogDirectoriesUnusable if one cannot be read, was not formatted by Kafka 4, or belongs to another broker
     */
    public Owner owner() {
        List<Uuid> ids = new ArrayList<>();
        Optional<Integer> broker = Optional.empty();
        for (Path directory : directories) {
            Properties properties = metaProperties(directory);
            int node;
            try {
                node = Integer.parseInt(properties.getProperty("node.id", ""));
                ids.add(Uuid.fromString(properties.getProperty("directory.id", "")));
            } catch (IllegalArgumentException e) {
                throw new LogDirectoriesUnusable(
                        directory + " has no node.id or directory.id in its meta.properties; Kafka 4 writes both");
            }
            if (broker.isPresent() && broker.get() != node) {
                throw new LogDirectoriesUnusable("the log directories belong to different brokers, " + broker.get()
                        + " and " + node + "; run one agent for each");
            }
            broker = Optional.of(node);
        }
        return new Owner(broker.orElseThrow(() -> new LogDirectoriesUnusable("no log directory is named")), ids);
    }

    /**
     * Names and sizes in the wanted subdirectories, read twice; see {@link Listing#and}. What disappears meanwhile is left out.
     *
     * @throws LogDirectoriesUnusable if a directory cannot be read: what stands in it may hold anything
     */
    public Listing list() {
        return listOnce().and(listOnce());
    }

    private Listing listOnce() {
        Map<Listing.Place, Map<String, Long>> found = new HashMap<>();
        for (int number = 0; number < directories.size(); number++) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directories.get(number))) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (wanted.test(name)) {
                        Listing.Place place = new Listing.Place(number, name);
                        files(entry).ifPresent(files -> found.put(place, files));
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                throw new LogDirectoriesUnusable(directories.get(number) + " cannot be listed", e);
            }
        }
        return new Listing(found);
    }

    private static Optional<Map<String, Long>> files(Path directory) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                sizeBytes(entry)
                        .ifPresent(bytes -> sizes.put(entry.getFileName().toString(), bytes));
            }
            return Optional.of(sizes);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (NotDirectoryException foreign) {
            // A file with a partition's name: whatever it is, it is not known to hold no records.
            return Optional.of(Map.of("not-a-directory", Listing.UNKNOWN_SIZE));
        }
    }

    private static Optional<Long> sizeBytes(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(attributes.isRegularFile() ? attributes.size() : Listing.UNKNOWN_SIZE);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private static Properties metaProperties(Path directory) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve("meta.properties"))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new LogDirectoriesUnusable(directory + " has no meta.properties that can be read", e);
        }
        return properties;
    }
}
