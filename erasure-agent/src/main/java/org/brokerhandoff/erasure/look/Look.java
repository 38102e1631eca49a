package org.brokerhandoff.erasure.look;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads a {@link Listing} for what the files may hold. Pure.
 *
 * <p>A segment's name gives the offset of its first record; its last is unknown. So of the files with content the lowest base
 * offset counts, and everything from there on may be held. A segment without content holds nothing: if there is no other, nothing
 * before its base offset is held, and what comes next goes into it.
 */
public final class Look {
    private static final Pattern PARTITION = Pattern.compile("-(\\d{1,9})(\\.[0-9a-f]{32}-(delete|future|stray))?");

    private final Map<String, SealedTopic> topics = new HashMap<>();

    /** Looks for the topics with sealed data whose names begin with {@code topicPrefix}. */
    public Look(String topicPrefix) {
        for (SealedTopic topic : SealedTopic.values()) {
            topics.put(Topic.of(topic).name(topicPrefix), topic);
        }
    }

    /** What each partition's files may hold; a partition of which no file holds records is there if it has a directory. */
    public SortedMap<SealedPartition, Held> held(Listing listing) {
        Map<SealedPartition, List<Map<String, Long>>> byPartition = new HashMap<>();
        listing.directories()
                .forEach((place, files) -> partition(place.name())
                        .ifPresent(partition -> byPartition
                                .computeIfAbsent(partition, unused -> new ArrayList<>())
                                .add(files)));
        SortedMap<SealedPartition, Held> held = new TreeMap<>();
        byPartition.forEach((partition, directories) -> held.put(partition, together(directories)));
        return held;
    }

    /** Whether a subdirectory of this name belongs to a topic with sealed data. */
    public boolean concerns(String directoryName) {
        return partition(directoryName).isPresent();
    }

    private Optional<SealedPartition> partition(String directory) {
        for (Map.Entry<String, SealedTopic> topic : topics.entrySet()) {
            if (directory.startsWith(topic.getKey())) {
                Matcher rest =
                        PARTITION.matcher(directory).region(topic.getKey().length(), directory.length());
                if (rest.matches()) {
                    return Optional.of(new SealedPartition(topic.getValue(), Integer.parseInt(rest.group(1))));
                }
            }
        }
        return Optional.empty();
    }

    private static Held together(List<Map<String, Long>> directories) {
        OptionalLong lowest = OptionalLong.empty();
        int unknown = 0;
        // Of the names and sizes, in their own order: the order of directories is chance.
        int[] listings = new int[directories.size()];
        for (int i = 0; i < listings.length; i++) {
            Held one = held(directories.get(i));
            lowest = lower(lowest, one.lowestOffset());
            unknown += one.unknownFiles();
            listings[i] = one.listing();
        }
        Arrays.sort(listings);
        return new Held(lowest, unknown, Arrays.hashCode(listings));
    }

    private static Held held(Map<String, Long> files) {
        OptionalLong lowest = OptionalLong.empty();
        OptionalLong next = OptionalLong.empty();
        int unknown = 0;
        for (Map.Entry<String, Long> file : files.entrySet()) {
            boolean content = file.getValue() != 0;
            LogFileKind kind = LogFileKind.of(file.getKey());
            if (kind instanceof LogFileKind.Records records) {
                if (content) {
                    lowest = lower(lowest, OptionalLong.of(records.baseOffset()));
                } else if (records.inUse() && (next.isEmpty() || next.getAsLong() < records.baseOffset())) {
                    next = OptionalLong.of(records.baseOffset());
                }
            } else if (kind instanceof LogFileKind.Unknown && content) {
                unknown++;
            }
        }
        if (unknown > 0) {
            return new Held(OptionalLong.of(0), unknown, files.hashCode());
        }
        return new Held(lowest.isPresent() ? lowest : next, 0, files.hashCode());
    }

    private static OptionalLong lower(OptionalLong first, OptionalLong second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        return first.getAsLong() <= second.getAsLong() ? first : second;
    }
}
