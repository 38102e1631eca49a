package org.brokerhandoff.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.policy.PolicyVerdict.Reason;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.junit.jupiter.api.Test;

class PolicyBookTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant SECOND = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final PolicyBook BOOK = PolicyBook.of(List.of(
            policy("one", "en", FIRST, FIRST), policy("two", "nb", SECOND, FIRST), policy("two", "en", SECOND, FIRST)));

    @Test
    void the_newest_version_that_took_effect_is_current() {
        assertThat(BOOK.current(FIRST.minus(MINUTE))).isEmpty();
        assertThat(BOOK.current(FIRST)).hasValue("one");
        assertThat(BOOK.current(SECOND)).hasValue("two");
    }

    @Test
    void a_version_may_be_named_while_it_is_in_force() {
        assertThat(judge("one", FIRST, FIRST)).isInstanceOf(PolicyVerdict.InForce.class);
        assertThat(judge("one", SECOND.minus(MINUTE), SECOND.minus(MINUTE))).isInstanceOf(PolicyVerdict.InForce.class);
        assertThat(judge("two", SECOND, SECOND)).isInstanceOf(PolicyVerdict.InForce.class);
    }

    @Test
    void a_superseded_version_may_be_named_for_the_grace_by_consents_given_before() {
        Instant before = SECOND.minus(MINUTE);
        assertThat(judge("one", before, SECOND.plus(PolicyTimeline.GRACE))).isInstanceOf(PolicyVerdict.InForce.class);
        assertThat(reason(judge("one", before, SECOND.plus(PolicyTimeline.GRACE).plusMillis(1))))
                .isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(judge("one", SECOND, SECOND.plus(MINUTE)))).isEqualTo(Reason.SUPERSEDED);
    }

    @Test
    void a_version_may_not_be_named_before_it_takes_effect() {
        assertThat(reason(judge("two", SECOND.minus(MINUTE), SECOND.minus(MINUTE))))
                .isEqualTo(Reason.NOT_IN_FORCE);
        assertThat(reason(judge("two", SECOND.minus(MINUTE), SECOND.plus(MINUTE))))
                .isEqualTo(Reason.NOT_IN_FORCE);
        assertThat(reason(judge("three", SECOND, SECOND))).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void a_refusal_names_the_current_version() {
        assertThat(judge("three", SECOND, SECOND))
                .isEqualTo(new PolicyVerdict.Refused(Reason.UNKNOWN, Optional.of("two")));
    }

    @Test
    void a_version_published_late_supersedes_from_its_publication() {
        Instant late = SECOND.plus(Duration.ofDays(1));
        PolicyBook book = PolicyBook.of(List.of(policy("one", "en", FIRST, FIRST), policy("two", "en", SECOND, late)));
        assertThat(book.judge("one", Optional.empty(), late.minus(MINUTE), late))
                .isInstanceOf(PolicyVerdict.InForce.class);
        assertThat(reason(book.judge("one", Optional.empty(), late, late))).isEqualTo(Reason.SUPERSEDED);
    }

    @Test
    void the_text_shown_follows_from_the_language() {
        assertThat(shown("nb")).isEqualTo("nb");
        assertThat(shown("nb-NO")).isEqualTo("nb");
        assertThat(shown("EN")).isEqualTo("en");
        assertThat(reason(BOOK.judge("two", Optional.of("de"), SECOND, SECOND))).isEqualTo(Reason.LANGUAGE_UNCLEAR);
        assertThat(reason(BOOK.judge("two", Optional.empty(), SECOND, SECOND))).isEqualTo(Reason.LANGUAGE_UNCLEAR);
        assertThat(BOOK.judge("one", Optional.of("de"), FIRST, FIRST)).isInstanceOf(PolicyVerdict.InForce.class);
    }

    @Test
    void what_is_published_first_stays() {
        PolicyBook more = BOOK.with(List.of(policy("one", "en", SECOND, SECOND), policy("one", "nb", FIRST, SECOND)));
        assertThat(more.find(policy("one", "en", FIRST, FIRST)).map(Policy::effectiveAt))
                .hasValue(FIRST);
        assertThat(more.find(policy("one", "nb", FIRST, FIRST))).isPresent();
    }

    @Test
    void a_text_may_not_be_named_before_it_takes_effect_itself() {
        PolicyBook book = PolicyBook.of(List.of(policy("one", "en", FIRST, FIRST), policy("one", "nb", SECOND, FIRST)));
        assertThat(reason(book.judge("one", Optional.of("nb"), FIRST.plus(MINUTE), FIRST.plus(MINUTE))))
                .isEqualTo(Reason.NOT_IN_FORCE);
        assertThat(book.judge("one", Optional.of("nb"), SECOND, SECOND)).isInstanceOf(PolicyVerdict.InForce.class);
    }

    @Test
    void whatever_a_service_takes_that_knows_the_policies_of_a_moment_ago_the_audit_passes() {
        Random random = new Random(9);
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            List<Policy> all = new ArrayList<>();
            for (String version : List.of("one", "two", "three")) {
                for (String language : random.nextBoolean() ? List.of("en") : List.of("en", "nb")) {
                    all.add(policy(version, language, moment(random), moment(random)));
                }
            }
            Instant arrivedAt = moment(random);
            Instant givenAt = arrivedAt.plusSeconds(random.nextInt(1800) - 1500);
            Instant knownAt = arrivedAt.minusSeconds(random.nextInt((int) PolicyTimeline.LEEWAY.toSeconds() + 1));
            PolicyBook known = PolicyBook.of(all.stream()
                    .filter(policy -> !policy.publishedAt().isAfter(knownAt))
                    .toList());
            if (known.judge("one", Optional.of("nb"), givenAt, arrivedAt) instanceof PolicyVerdict.InForce inForce) {
                taken++;
                assertThat(PolicyTimeline.of(
                                        DocumentKind.PRIVACY,
                                        all.stream().map(PolicyBookTest::text).toList())
                                .standingWhenTaken(text(inForce.policy()), givenAt, arrivedAt))
                        .isEqualTo(PolicyTimeline.Standing.IN_FORCE);
            }
        }
        assertThat(taken).isGreaterThan(1000);
    }

    @Test
    void a_version_of_another_kind_neither_supersedes_a_privacy_policy_nor_can_be_consented_to() {
        PolicyBook book = PolicyBook.of(List.of(
                policy("one", "en", FIRST, FIRST),
                of(DocumentKind.COOKIES, "two", "en", FIRST.plus(MINUTE)),
                of(DocumentKind.TERMS, "one", "en", FIRST.plus(MINUTE))));
        Instant later = FIRST.plus(Duration.ofDays(1));

        assertThat(book.current(later)).hasValue("one");
        assertThat(book.judge("one", Optional.empty(), later, later)).isInstanceOf(PolicyVerdict.InForce.class);
        assertThat(reason(book.judge("two", Optional.empty(), later, later))).isEqualTo(Reason.UNKNOWN);
        assertThat(inForce(book, DocumentKind.COOKIES, "en", later)).hasValue("two");
        assertThat(inForce(book, DocumentKind.TERMS, "en", later)).hasValue("one");
        assertThat(inForce(book, DocumentKind.COOKIES, "en", FIRST)).isEmpty();
    }

    @Test
    void the_text_in_force_is_in_the_language_asked_for_or_in_the_only_one() {
        assertThat(inForce(BOOK, DocumentKind.PRIVACY, "nb-NO", SECOND)).hasValue("two");
        assertThat(inForce(BOOK, DocumentKind.PRIVACY, "de", FIRST)).hasValue("one");
        assertThat(inForce(BOOK, DocumentKind.PRIVACY, "de", SECOND)).isEmpty();
        assertThat(BOOK.inForce(DocumentKind.PRIVACY, Optional.empty(), SECOND)).isEmpty();
        assertThat(BOOK.inForce(DocumentKind.PRIVACY, Optional.empty(), FIRST)).isPresent();
        assertThat(inForce(BOOK, DocumentKind.PRIVACY, "en", FIRST.minus(MINUTE)))
                .isEmpty();
        // A text of the version in force that takes effect later is not served yet.
        PolicyBook late = PolicyBook.of(List.of(policy("one", "en", FIRST, FIRST), policy("one", "nb", SECOND, FIRST)));
        assertThat(late.inForce(DocumentKind.PRIVACY, Optional.of("nb"), FIRST).map(Policy::language))
                .hasValue("en");
        assertThat(late.inForce(DocumentKind.PRIVACY, Optional.of("nb"), SECOND).map(Policy::language))
                .hasValue("nb");
    }

    private static Optional<String> inForce(PolicyBook book, DocumentKind kind, String language, Instant now) {
        return book.inForce(kind, Optional.of(language), now).map(Policy::version);
    }

    private static Policy of(DocumentKind kind, String version, String language, Instant effectiveAt) {
        return new Policy(kind, version, language, "b".repeat(64), effectiveAt, FIRST);
    }

    private static Instant moment(Random random) {
        return FIRST.plusSeconds(random.nextInt(3600));
    }

    private static PolicyTimeline.Text text(Policy policy) {
        return new PolicyTimeline.Text(policy.kind(), policy.version(), policy.effectiveAt(), policy.publishedAt());
    }

    private static String shown(String language) {
        return ((PolicyVerdict.InForce) BOOK.judge("two", Optional.of(language), SECOND, SECOND))
                .policy()
                .language();
    }

    private static PolicyVerdict judge(String version, Instant givenAt, Instant now) {
        return BOOK.judge(version, Optional.of("en"), givenAt, now);
    }

    private static Reason reason(PolicyVerdict verdict) {
        return ((PolicyVerdict.Refused) verdict).reason();
    }

    private static Policy policy(String version, String language, Instant effectiveAt, Instant publishedAt) {
        return new Policy(DocumentKind.PRIVACY, version, language, "a".repeat(64), effectiveAt, publishedAt);
    }
}
