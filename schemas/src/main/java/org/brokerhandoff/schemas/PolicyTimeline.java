package org.brokerhandoff.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.event.DocumentKind;

/**
 * Which versions of one kind of document are in force at a moment, and which of them a consent may name: the one rule by which ingest
 * accepts consents and serves documents, and by which the audit judges. Immutable and pure.
 *
 * <p>A version is in force from its {@code effectiveAt} until a newer version supersedes it. A version that is published after it
 * took effect supersedes from its publication: before that, no consent could have named it. The first of a version's texts decides for the
 * version; a text may be named from its own {@code effectiveAt} on.
 */
public final class PolicyTimeline {
    /**
     * How long after a version was superseded a consent given before that may still arrive. Longer than a
     * website takes from form to request, too short for collecting old consents.
     */
    public static final Duration GRACE = Duration.ofMinutes(15);

    /**
     * How old an ingest service's knowledge of the policies may be when it accepts a consent: a publication carries the time at which
     * it was asked for, has {@link #MOST_UNACKNOWLEDGED} to be acknowledged, and is unknown to a service that read the policies
     * before, for {@link #MOST_UNREAD} at most. The rest is a margin.
     */
    public static final Duration LEEWAY = Duration.ofSeconds(45);

    /** How long after the request a publication may be acknowledged. */
    public static final Duration MOST_UNACKNOWLEDGED = Duration.ofSeconds(20);

    /** How long ago an ingest service that takes consents may have read the policies. */
    public static final Duration MOST_UNREAD = Duration.ofSeconds(20);

    private static final Comparator<Version> AGE =
            Comparator.comparing(Version::effectiveAt).thenComparing(Version::supersedesAt);

    private final List<Text> texts;
    private final List<Version> oldestFirst;

    /**
     * One text of a version.
     *
     * @param kind what document it is
     * @param effectiveAt from when consents may name it
     * @param publishedAt when its publication was asked for
     */
    public record Text(DocumentKind kind, String version, Instant effectiveAt, Instant publishedAt) {
        private Instant supersedesAt() {
            return effectiveAt.isAfter(publishedAt) ? effectiveAt : publishedAt;
        }
    }

    /** The relation of a version, or one of its texts, to a consent. */
    public enum Standing {
        /** No such version is known. */
        UNKNOWN,
        /** It had not taken effect when the consent was given or arrived. */
        NOT_IN_FORCE,
        /** A newer version had replaced it, and the grace period was over or does not apply. */
        SUPERSEDED,
        /** The consent may name it. */
        IN_FORCE
    }

    private record Version(String name, Instant effectiveAt, Instant supersedesAt) {}

    private PolicyTimeline(List<Text> texts) {
        this.texts = texts;
        Map<String, List<Text>> byVersion =
                texts.stream().collect(Collectors.groupingBy(Text::version, LinkedHashMap::new, Collectors.toList()));
        this.oldestFirst = byVersion.entrySet().stream()
                .map(entry -> version(entry.getKey(), entry.getValue()))
                .sorted(AGE)
                .toList();
    }

    /** The timeline of those of {@code texts} that are of {@code kind}: a version of another document supersedes none of them. */
    public static PolicyTimeline of(DocumentKind kind, Collection<Text> texts) {
        return new PolicyTimeline(
                texts.stream().filter(text -> text.kind() == kind).toList());
    }

    /** The timeline as known to an ingest service that had read the publications until {@code moment}. */
    public PolicyTimeline knownAt(Instant moment) {
        return new PolicyTimeline(texts.stream()
                .filter(text -> !text.publishedAt().isAfter(moment))
                .toList());
    }

    /** The version in force at {@code now}: the newest that took effect. */
    public Optional<String> current(Instant now) {
        return oldestFirst.stream()
                .filter(version -> !version.effectiveAt().isAfter(now))
                .reduce((older, newer) -> newer)
                .map(Version::name);
    }

    /** Whether {@code text} is one of the version in force at {@code now} and in effect itself. */
    public boolean inForce(Text text, Instant now) {
        return current(now).filter(text.version()::equals).isPresent()
                && !text.supersedesAt().isAfter(now);
    }

    /** The relation of {@code version} to a consent that was given at {@code givenAt} and arrives at {@code arrivedAt}. */
    public Standing standing(String version, Instant givenAt, Instant arrivedAt) {
        int named = 0;
        while (named < oldestFirst.size() && !oldestFirst.get(named).name().equals(version)) {
            named++;
        }
        if (named == oldestFirst.size()) {
            return Standing.UNKNOWN;
        }
        Version known = oldestFirst.get(named);
        if (givenAt.isBefore(known.effectiveAt()) || known.supersedesAt().isAfter(arrivedAt)) {
            return Standing.NOT_IN_FORCE;
        }
        Optional<Instant> superseded = supersededAt(named, arrivedAt);
        return superseded.isPresent()
                        && (!givenAt.isBefore(superseded.get())
                                || arrivedAt.isAfter(superseded.get().plus(GRACE)))
                ? Standing.SUPERSEDED
                : Standing.IN_FORCE;
    }

    /** As {@link #standing(String, Instant, Instant)}, of one text: it has to be published and in effect itself. */
    public Standing standing(Text text, Instant givenAt, Instant arrivedAt) {
        Standing ofVersion = standing(text.version(), givenAt, arrivedAt);
        return ofVersion == Standing.IN_FORCE
                        && (givenAt.isBefore(text.effectiveAt())
                                || text.supersedesAt().isAfter(arrivedAt))
                ? Standing.NOT_IN_FORCE
                : ofVersion;
    }

    /**
     * The relation of {@code text} to an accepted consent: the best that an ingest service could have known, {@link #LEEWAY}
     * before its arrival or later.
     */
    public Standing standingWhenTaken(Text text, Instant givenAt, Instant arrivedAt) {
        Instant least = arrivedAt.minus(LEEWAY);
        // What is known changes at publications only.
        return Stream.concat(
                        Stream.of(least),
                        texts.stream()
                                .map(Text::publishedAt)
                                .filter(at -> at.isAfter(least))
                                .distinct())
                .filter(moment ->
                        !moment.isAfter(arrivedAt) && !text.publishedAt().isAfter(moment))
                .map(moment -> knownAt(moment).standing(text, givenAt, arrivedAt))
                .max(Comparator.naturalOrder())
                .orElse(Standing.UNKNOWN);
    }

    /** When a newer version took the place of the one at {@code index}, if one has by {@code now}. */
    private Optional<Instant> supersededAt(int index, Instant now) {
        Version version = oldestFirst.get(index);
        return oldestFirst.subList(index + 1, oldestFirst.size()).stream()
                .filter(newer -> AGE.compare(newer, version) > 0)
                .map(Version::supersedesAt)
                .filter(at -> !at.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    private static Version version(String name, List<Text> texts) {
        return new Version(
                name,
                texts.stream()
                        .map(Text::effectiveAt)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                texts.stream()
                        .map(Text::supersedesAt)
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }
}
