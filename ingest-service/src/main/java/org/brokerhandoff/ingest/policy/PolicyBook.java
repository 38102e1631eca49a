package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.ingest.domain.Policy;
import org.jspecify.annotations.Nullable;

/**
 * All published policies at one moment, and the rules about them. Immutable.
 *
 * <p>A version is in force from its {@code effectiveAt} until a newer version supersedes it. A version that is published after
 * it took effect supersedes from its publication: before, nobody could have named it.
 */
public final class PolicyBook {
    /**
     * How long after a version was superseded a consent given before that may still arrive. Longer than a website takes from
     * form to request, shorter than anything that could be called collecting old consents.
     */
    public static final Duration GRACE = Duration.ofMinutes(15);

    /** No policy at all. */
    public static final PolicyBook EMPTY = new PolicyBook(List.of());

    private final List<Version> oldestFirst;
    private final Map<String, Version> byName;

    private record Version(String name, Instant effectiveAt, Instant supersedesAt, List<Policy> texts) {}

    private PolicyBook(Collection<Policy> policies) {
        Map<String, List<Policy>> texts = new LinkedHashMap<>();
        for (Policy policy : policies) {
            texts.computeIfAbsent(policy.version(), name -> new ArrayList<>()).add(policy);
        }
        oldestFirst = texts.entrySet().stream()
                .map(entry -> version(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Version::effectiveAt).thenComparing(Version::supersedesAt))
                .toList();
        Map<String, Version> names = new LinkedHashMap<>();
        oldestFirst.forEach(version -> names.put(version.name(), version));
        byName = Map.copyOf(names);
    }

    /** The book of these policies. */
    public static PolicyBook of(Collection<Policy> policies) {
        return new PolicyBook(policies);
    }

    /** This book and {@code policies}; of one version and language, the first that was known stays. */
    public PolicyBook with(Collection<Policy> policies) {
        List<Policy> all = new ArrayList<>();
        oldestFirst.forEach(version -> all.addAll(version.texts()));
        for (Policy policy : policies) {
            if (find(policy.version(), policy.language()).isEmpty()) {
                all.add(policy);
            }
        }
        return new PolicyBook(all);
    }

    /** The text of a version in a language, if it is published. */
    public Optional<Policy> find(String version, String language) {
        Version named = byName.get(version);
        return named == null
                ? Optional.empty()
                : named.texts().stream()
                        .filter(text -> text.language().equalsIgnoreCase(language))
                        .findFirst();
    }

    /** The version in force at {@code now}: the newest that took effect. */
    public Optional<String> current(Instant now) {
        Version current = null;
        for (Version version : oldestFirst) {
            if (!version.effectiveAt().isAfter(now)) {
                current = version;
            }
        }
        return Optional.ofNullable(current).map(Version::name);
    }

    /**
     * Whether a consent given at {@code givenAt} that arrives at {@code now} may name {@code version}.
     *
     * @param language the person's language, from which follows the text they were shown
     */
    public PolicyVerdict judge(String version, Optional<String> language, Instant givenAt, Instant now) {
        Version named = byName.get(version);
        if (named == null) {
            return refused(PolicyVerdict.Reason.UNKNOWN, now);
        }
        if (named.effectiveAt().isAfter(now) || givenAt.isBefore(named.effectiveAt())) {
            return refused(PolicyVerdict.Reason.NOT_IN_FORCE, now);
        }
        Instant supersededAt = supersededAt(named, now);
        if (supersededAt != null && (!givenAt.isBefore(supersededAt) || now.isAfter(supersededAt.plus(GRACE)))) {
            return refused(PolicyVerdict.Reason.SUPERSEDED, now);
        }
        return shown(named, language)
                .<PolicyVerdict>map(PolicyVerdict.InForce::new)
                .orElseGet(() -> refused(PolicyVerdict.Reason.LANGUAGE_UNCLEAR, now));
    }

    private PolicyVerdict refused(PolicyVerdict.Reason reason, Instant now) {
        return new PolicyVerdict.Refused(reason, current(now));
    }

    /** When a newer version took the place of {@code version}; null if none has by {@code now}. */
    private @Nullable Instant supersededAt(Version version, Instant now) {
        Instant first = null;
        for (Version newer : oldestFirst) {
            if (oldestFirst.indexOf(newer) > oldestFirst.indexOf(version)
                    && !newer.supersedesAt().isAfter(now)
                    && (first == null || newer.supersedesAt().isBefore(first))) {
                first = newer.supersedesAt();
            }
        }
        return first;
    }

    /** The text in the person's language, else in the language without its region, else the only one. */
    private static Optional<Policy> shown(Version version, Optional<String> language) {
        if (version.texts().size() == 1) {
            return Optional.of(version.texts().get(0));
        }
        if (language.isEmpty()) {
            return Optional.empty();
        }
        String wanted = language.get();
        for (Policy text : version.texts()) {
            if (text.language().equalsIgnoreCase(wanted)) {
                return Optional.of(text);
            }
        }
        for (Policy text : version.texts()) {
            if (primary(text.language()).equals(primary(wanted))) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static String primary(String tag) {
        int hyphen = tag.indexOf('-');
        return (hyphen < 0 ? tag : tag.substring(0, hyphen)).toLowerCase(Locale.ROOT);
    }

    private static Version version(String name, List<Policy> texts) {
        Instant effectiveAt = texts.stream()
                .map(Policy::effectiveAt)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant supersedesAt = texts.stream()
                .map(text -> text.effectiveAt().isAfter(text.publishedAt()) ? text.effectiveAt() : text.publishedAt())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new Version(name, effectiveAt, supersedesAt, List.copyOf(texts));
    }
}
