package org.brokerhandoff.bench.memory;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Result of searching one process, or several that belong together. Names neither people nor keys. */
public final class MemoryFindings {
    private final Map<RegionKind, Long> bytes = new EnumMap<>(RegionKind.class);
    private final Map<RegionKind, Set<Subject>> subjects = new EnumMap<>(RegionKind.class);
    private final Map<Subject.Kind, Map<String, Integer>> forms = new EnumMap<>(Subject.Kind.class);
    private final List<String> shown = new ArrayList<>();
    private long unreadableBytes;

    void searched(RegionKind kind, long count) {
        bytes.merge(kind, count, Long::sum);
    }

    void unreadable(long count) {
        unreadableBytes += count;
    }

    void found(RegionKind kind, Subject subject, String form) {
        subjects.computeIfAbsent(kind, key -> new HashSet<>()).add(subject);
        forms.computeIfAbsent(subject.kind(), key -> new TreeMap<>()).merge(form, 1, Integer::sum);
    }

    void show(String text) {
        shown.add(text);
    }

    int shown() {
        return shown.size();
    }

    /** Descriptions of some findings, with the surrounding bytes. */
    public List<String> descriptions() {
        return List.copyOf(shown);
    }

    /** Bytes searched in regions of a kind. */
    public long bytes(RegionKind kind) {
        return bytes.getOrDefault(kind, 0L);
    }

    /** Bytes that the kernel refused to read. */
    public long unreadableBytes() {
        return unreadableBytes;
    }

    /** Number of different subjects found in regions of a kind. */
    public long count(RegionKind region, Subject.Kind kind) {
        return subjects.getOrDefault(region, Set.of()).stream()
                .filter(subject -> subject.kind() == kind)
                .count();
    }

    /** Number of different subjects found anywhere. */
    public long count(Subject.Kind kind) {
        return subjects.values().stream()
                .flatMap(Set::stream)
                .filter(subject -> subject.kind() == kind)
                .distinct()
                .count();
    }

    /** Number of data keys all of whose parts were found. */
    public long keysFromParts() {
        Set<Subject> parts = new HashSet<>();
        subjects.values()
                .forEach(found -> found.stream()
                        .filter(subject -> subject.kind() == Subject.Kind.PART)
                        .forEach(parts::add));
        return parts.stream()
                .map(part -> part.number() / Subject.PARTS)
                .distinct()
                .filter(key -> IntStream.range(0, Subject.PARTS)
                        .allMatch(part -> parts.contains(Subject.part(Subject.Kind.PART, key, part))))
                .count();
    }

    /** Number of occurrences of each form. */
    public Map<String, Integer> forms(Subject.Kind kind) {
        return Map.copyOf(forms.getOrDefault(kind, Map.of()));
    }
}
