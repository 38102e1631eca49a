package org.brokerhandoff.ingest.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.LanguageTags;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.brokerhandoff.schemas.PolicyTimeline.Standing;

/**
 * All published documents at one moment: which text of each kind is in force, and which text a consent was given to; {@link PolicyTimeline}
 * decides when that is allowed. Immutable.
 */
public final class PolicyBook {
    /** No policy at all. */
    public static final PolicyBook EMPTY = new PolicyBook(List.of());

    private final List<Policy> policies;
    private final Map<DocumentKind, PolicyTimeline> timelines = new EnumMap<>(DocumentKind.class);

    private PolicyBook(List<Policy> policies) {
        this.policies = policies;
        List<PolicyTimeline.Text> texts =
                policies.stream().map(PolicyBook::text).toList();
        for (DocumentKind kind : DocumentKind.values()) {
            timelines.put(kind, PolicyTimeline.of(kind, texts));
        }
    }

    private PolicyTimeline timeline(DocumentKind kind) {
        return Objects.requireNonNull(timelines.get(kind));
    }

    /** The book of these policies. */
    public static PolicyBook of(Collection<Policy> policies) {
        return EMPTY.with(policies);
    }

    /** This book and {@code more}; for one kind, version and language, the first known one stays. */
    public PolicyBook with(Collection<Policy> more) {
        List<Policy> all = new ArrayList<>(policies);
        for (Policy policy : more) {
            if (all.stream().noneMatch(known -> sameVersionAndLanguage(known, policy))) {
                all.add(policy);
            }
        }
        return new PolicyBook(List.copyOf(all));
    }

    /** The publication of the kind, version and language of {@code policy}, if any. */
    public Optional<Policy> find(Policy policy) {
        return policies.stream()
                .filter(known -> sameVersionAndLanguage(known, policy))
                .findFirst();
    }

    /** Whether a document with this digest is published. */
    public boolean hasText(String sha256) {
        return policies.stream().anyMatch(policy -> policy.sha256().equals(sha256));
    }

    /** The version of the privacy policy in force at {@code now}: the newest that took effect. */
    public Optional<String> current(Instant now) {
        return timeline(DocumentKind.PRIVACY).current(now);
    }

    /**
     * The text of {@code kind} in force at {@code now} for a reader of {@code language}: in that language, else in the language without its
     * region, else the only one.
     *
     * @param language absent if none was named; then there must be only one text
     */
    public Optional<Policy> inForce(DocumentKind kind, Optional<String> language, Instant now) {
        PolicyTimeline timeline = timeline(kind);
        return shown(
                policies.stream()
                        .filter(policy -> policy.kind() == kind && timeline.inForce(text(policy), now))
                        .toList(),
                language);
    }

    /**
     * Whether a consent given at {@code givenAt} that arrives at {@code now} may name {@code version} of the privacy policy.
     *
     * @param language the person's language, which determines the text they were shown
     */
    public PolicyVerdict judge(String version, Optional<String> language, Instant givenAt, Instant now) {
        PolicyTimeline timeline = timeline(DocumentKind.PRIVACY);
        Standing standing = timeline.standing(version, givenAt, now);
        if (standing == Standing.IN_FORCE) {
            Optional<Policy> shown = shown(
                    policies.stream()
                            .filter(policy -> policy.kind() == DocumentKind.PRIVACY
                                    && policy.version().equals(version))
                            .toList(),
                    language);
            if (shown.isEmpty()) {
                return refused(PolicyVerdict.Reason.LANGUAGE_UNCLEAR, now);
            }
            standing = timeline.standing(text(shown.get()), givenAt, now);
            if (standing == Standing.IN_FORCE) {
                return new PolicyVerdict.InForce(shown.get());
            }
        }
        return refused(objection(standing).orElseThrow(), now);
    }

    /** Why a consent given at {@code givenAt} that arrives at {@code now} may not name a text by its digest; empty if it may. */
    public Optional<PolicyVerdict.Reason> objection(DocumentKind kind, String sha256, Instant givenAt, Instant now) {
        return objection(policies.stream()
                .filter(policy -> policy.kind() == kind && policy.sha256().equals(sha256))
                // The same text may have been published as several versions.
                .map(policy -> timeline(kind).standing(text(policy), givenAt, now))
                .max(Comparator.naturalOrder())
                .orElse(Standing.UNKNOWN));
    }

    private static Optional<PolicyVerdict.Reason> objection(Standing standing) {
        return switch (standing) {
            case UNKNOWN -> Optional.of(PolicyVerdict.Reason.UNKNOWN);
            case NOT_IN_FORCE -> Optional.of(PolicyVerdict.Reason.NOT_IN_FORCE);
            case SUPERSEDED -> Optional.of(PolicyVerdict.Reason.SUPERSEDED);
            case IN_FORCE -> Optional.empty();
        };
    }

    private PolicyVerdict refused(PolicyVerdict.Reason reason, Instant now) {
        return new PolicyVerdict.Refused(reason, current(now));
    }

    /** The text in the person's language, else in the language without its region, else the only one. */
    private static Optional<Policy> shown(List<Policy> texts, Optional<String> language) {
        if (texts.size() == 1) {
            return Optional.of(texts.get(0));
        }
        return language.flatMap(wanted -> texts.stream()
                .filter(text -> LanguageTags.same(text.language(), wanted))
                .findFirst()
                .or(() -> texts.stream()
                        .filter(text -> LanguageTags.language(text.language()).equals(LanguageTags.language(wanted)))
                        .findFirst()));
    }

    /** Whether two are of the same version of the same document in the same language, however its tag is written. */
    public static boolean sameVersionAndLanguage(Policy one, Policy other) {
        return one.kind() == other.kind()
                && one.version().equals(other.version())
                && LanguageTags.same(one.language(), other.language());
    }

    private static PolicyTimeline.Text text(Policy policy) {
        return new PolicyTimeline.Text(policy.kind(), policy.version(), policy.effectiveAt(), policy.publishedAt());
    }
}
