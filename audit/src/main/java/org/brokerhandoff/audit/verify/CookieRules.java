package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.verify.Publications.Policy;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.schemas.PolicyTimeline.Standing;

/** Rules on visitors' choices of cookies. */
final class CookieRules {
    static final Rule POLICY = Rule.ofPublished(
            "cookie-policy-published",
            "A visitor accepts cookies only under a cookie policy that was published and in effect, by its text.",
            (record, scope) -> choice(record).flatMap(choice -> objection(choice, scope.publications())).stream()
                    .toList());

    static final Rule TIME = Rule.ofRecord(
            "cookie-choice-dated",
            "A choice of cookies is not dated later than it was recorded.",
            (record, scope) -> choice(record)
                    .filter(choice -> choice.getChosenAt().isAfter(choice.getRecordedAt()))
                    .map(choice -> "chosen at " + choice.getChosenAt() + ", recorded at " + choice.getRecordedAt())
                    .stream()
                    .toList());

    static final List<Rule> ALL = List.of(POLICY, TIME);

    private CookieRules() {}

    private static Optional<CookieChoice> choice(KeptRecord record) {
        return record.event().filter(CookieChoice.class::isInstance).map(CookieChoice.class::cast);
    }

    private static Optional<String> objection(CookieChoice choice, Publications publications) {
        if (choice.getAccepted().isEmpty()) {
            return Optional.empty();
        }
        if (choice.getDocumentDigest() == null) {
            return Optional.of("cookies are accepted without a text");
        }
        List<Policy> shown = publications.policies().stream()
                .filter(policy ->
                        policy.kind() == DocumentKind.COOKIES && policy.digest().equals(choice.getDocumentDigest()))
                .toList();
        Standing standing = publications.standingWhenTaken(shown, choice.getChosenAt(), choice.getRecordedAt());
        return switch (standing) {
            case UNKNOWN -> Optional.of("the text shown is not that of a published cookie policy");
            case NOT_IN_FORCE -> Optional.of("the cookie policy was not yet in effect");
            case SUPERSEDED -> Optional.of("the cookie policy was superseded");
            case IN_FORCE -> Optional.empty();
        };
    }
}
