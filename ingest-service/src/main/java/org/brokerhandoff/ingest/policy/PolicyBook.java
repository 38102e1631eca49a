package org.brokerhandoff.ingest.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.LanguageTags;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.brokerhandoff.schemas.PolicyTimeline.Standing;

/** All published policies at one moment, and which text a consent was given to; when it may be is {@link PolicyTimeline}'s to say. Immutable. */
public final class PolicyBook {
    /** No policy at all. */
    public static final PolicyBook EMPTY = new PolicyBook(List.of());

    private final List<Policy> policies;
    private final PolicyTimeline timeline;

    private PolicyBook(List<Policy> policies) {
        this.policies = policies;
        this.timeline =
                PolicyTimeline.of(policies.stream().map(PolicyBook::text).toList());
    }

    /** The book of these policies. */
    public static PolicyBook of(Collection<Policy> policies) {
        return EMPTY.with(policies);
    }

    /** This book and {@code more}; of one version and language, the first that was known stays. */
    public PolicyBook with(Collection<Policy> more) {
        List<Policy> all = new ArrayList<>(policies);
        for (Policy policy : more) {
            if (all.stream().noneMatch(known -> isOf(known, policy.version(), policy.language()))) {
                all.add(policy);
            }
        }
        return new PolicyBook(List.copyOf(all));
    }

    /** The text of a version in a language, if it is published. */
    public Optional<Policy> find(String version, String language) {
        return policies.stream()
                .filter(policy -> isOf(policy, version, language))
                .findFirst();
    }

    /** The version in force at {@code now}: the newest that took effect. */
    public Optional<String> current(Instant now) {
        return timeline.current(now);
    }

    /**
     * Whether a consent given at {@code givenAt} that arrives at {@code now} may name {@code version}.
     *
     * @param language the person's language, from which follows the text they were shown
     */
    public PolicyVerdict judge(String version, Optional<String> language, Instant givenAt, Instant now) {
        Standing standing = timeline.standing(version, givenAt, now);
        if (standing == Standing.IN_FORCE) {
            Optional<Policy> shown = shown(version, language);
            if (shown.isEmpty()) {
                return refused(PolicyVerdict.Reason.LANGUAGE_UNCLEAR, now);
            }
            standing = timeline.standing(text(shown.get()), givenAt, now);
            if (standing == Standing.IN_FORCE) {
                return new PolicyVerdict.InForce(shown.get());
            }
        }
        return refused(
                switch (standing) {
                    case UNKNOWN -> PolicyVerdict.Reason.UNKNOWN;
                    case NOT_IN_FORCE, IN_FORCE -> PolicyVerdict.Reason.NOT_IN_FORCE;
                    case SUPERSEDED -> PolicyVerdict.Reason.SUPERSEDED;
                },
                now);
    }

    private PolicyVerdict refused(PolicyVerdict.Reason reason, Instant now) {
        return new PolicyVerdict.Refused(reason, current(now));
    }

    /** The text in the person's language, else in the language without its region, else the only one. */
    private Optional<Policy> shown(String version, Optional<String> language) {
        List<Policy> texts = policies.stream()
                .filter(policy -> policy.version().equals(version))
                .toList();
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

    private static boolean isOf(Policy policy, String version, String language) {
        return policy.version().equals(version) && LanguageTags.same(policy.language(), language);
    }

    private static PolicyTimeline.Text text(Policy policy) {
        return new PolicyTimeline.Text(policy.version(), policy.effectiveAt(), policy.publishedAt());
    }
}
