package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.SOON;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.keyed;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on choices of cookies: each is found by its rule and by no other. */
class CookieRulesTest {
    private static final UUID VISITOR = UUID.fromString("5b1d4c0e-9f4a-4b6e-8a53-0c2f0a6f7e11");

    private static CookieChoice choice(Consumer<CookieChoice.Builder> change) {
        CookieChoice.Builder choice = CookieChoice.newBuilder()
                .setVisitorId(new RandomId(SignupIds.bytes(VISITOR)))
                .setAccepted(List.of(CookieKind.NECESSARY))
                .setDocumentDigest(Digests.sha256("cookies"))
                .setMethod(CookieChoiceMethod.BANNER)
                .setChosenAt(RECEIVED)
                .setRecordedAt(RECEIVED)
                .setOwner("website");
        change.accept(choice);
        return choice.build();
    }

    private static PolicyPublished policy(DocumentKind kind, String version, String text, Instant effectiveAt) {
        return new PolicyPublished(version, "en", Digests.sha256(text), effectiveAt, effectiveAt, kind, "admin");
    }

    private static History with(CookieChoice choice) {
        return delivered().write(policy(DocumentKind.COOKIES, "1", "cookies", HOUR_BEFORE), choice);
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "cookie-policy-published",
                        "no cookie policy",
                        delivered().write(choice(c -> {}))),
                breach(
                        "cookie-policy-published",
                        "another text",
                        with(choice(c -> c.setDocumentDigest(Digests.sha256("another"))))),
                breach("cookie-policy-published", "no text", with(choice(c -> c.setDocumentDigest(null)))),
                breach(
                        "cookie-policy-published",
                        "not yet in effect",
                        delivered().write(policy(DocumentKind.COOKIES, "1", "cookies", SOON), choice(c -> {
                            c.setRecordedAt(SOON.plusSeconds(60));
                        }))),
                breach(
                        "cookie-policy-published",
                        "superseded an hour before",
                        with(choice(c -> c.setChosenAt(SOON).setRecordedAt(SOON.plusSeconds(3600))))
                                .write(policy(DocumentKind.COOKIES, "2", "newer", RECEIVED))),
                breach(
                        "cookie-choice-dated",
                        "chosen after it was recorded",
                        with(choice(c -> c.setChosenAt(RECEIVED.plusMillis(1))))),
                breach(
                        "record-key",
                        "under the key of another visitor",
                        with(choice(c -> {})).tamper(CookieChoice.class, r -> keyed(r, UUID.randomUUID()))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void a_breach_is_found_by_its_rule_and_by_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void a_choice_under_the_text_in_force_and_a_refusal_without_one_are_in_order() {
        assertThat(with(choice(c -> {})).verdict(AFTER_THE_HOLD, true).violations())
                .isEmpty();
        assertThat(delivered()
                        .write(choice(c -> c.setAccepted(List.of()).setDocumentDigest(null)))
                        .verdict(AFTER_THE_HOLD, true)
                        .violations())
                .isEmpty();
    }

    @Test
    void a_newer_privacy_policy_supersedes_no_cookie_policy() {
        assertThat(with(choice(c -> c.setChosenAt(SOON).setRecordedAt(SOON)))
                        .write(policy(DocumentKind.TERMS, "2", "terms", RECEIVED))
                        .verdict(AFTER_THE_HOLD, true)
                        .violations())
                .isEmpty();
    }
}
