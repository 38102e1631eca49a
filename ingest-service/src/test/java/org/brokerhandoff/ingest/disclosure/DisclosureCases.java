package org.brokerhandoff.ingest.disclosure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.schemas.Digests;

/** Requests for disclosure at each step, and who takes them. */
final class DisclosureCases {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final Instant ANSWER_BY = NOON.plusSeconds(600);
    static final Instant ERASE_BY = NOON.plusSeconds(86_400);
    static final Instant LATER = ERASE_BY.plusSeconds(86_400);
    static final RecordedConsent CONSENT = new RecordedConsent(
            1,
            "2026-11-01",
            Digests.sha256("policy"),
            Optional.empty(),
            "en",
            List.of(Purpose.BROKER_HANDOFF),
            List.of(),
            List.of("fjord-markets"),
            "NO",
            WithdrawalMethod.WEBSITE_REQUEST,
            NOON,
            ConsentMethod.REGISTRATION_FORM,
            NOON,
            ERASE_BY,
            Optional.empty());
    static final UUID SIGNUP = UUID.randomUUID();
    static final UUID REQUEST = UUID.randomUUID();
    static final UUID QUESTION = UUID.randomUUID();
    static final ApiKey ENTERING = key("admin-1", "admin-1");
    static final ApiKey ROTATED = key("admin-1-next", "admin-1");
    static final ApiKey DECIDING = key("admin-2", "admin-2");
    static final ApiKey WEBSITE = key("website-1", "website-1");
    static final DisclosureRuling BY_LAW = new DisclosureRuling(RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS);
    static final DisclosureRuling TOO_WIDE = new DisclosureRuling(RequestDecision.REFUSED, DisclosureGround.TOO_WIDE);

    static final DisclosureSteps RULES = with(ENTERING, ROTATED, DECIDING, WEBSITE);

    static ApiKey key(String id, String owner) {
        return new ApiKey(id, owner, Set.of(Scope.ADMIN), false);
    }

    static DisclosureSteps with(ApiKey... keys) {
        return new DisclosureSteps(new FourEyes(
                id -> List.of(keys).stream().filter(key -> key.id().equals(id)).findFirst()));
    }

    static Disclosure entered(DisclosureBasis basis, String actor) {
        return new Disclosure(
                SIGNUP,
                REQUEST,
                new Disclosure.Entered(
                        NOON,
                        DisclosureRequester.AUTHORITY,
                        "NO",
                        basis,
                        List.of(DisclosureScope.RECIPIENTS),
                        true,
                        Optional.empty(),
                        actor,
                        Optional.empty()),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    static Disclosure asked(DisclosureBasis basis, Optional<Disclosure.Answer> answer) {
        Disclosure entered = entered(basis, "admin-1");
        return new Disclosure(
                SIGNUP,
                REQUEST,
                entered.entered(),
                List.of(new Disclosure.Question(QUESTION, NOON, ANSWER_BY, "admin-1", answer)),
                Optional.empty(),
                Optional.empty());
    }

    static Optional<Disclosure.Answer> answer(boolean consented, Instant at, String actor) {
        return Optional.of(new Disclosure.Answer(
                at, consented, RequestMethod.WEBSITE, Optional.of(actor).filter(id -> !id.isEmpty())));
    }

    static Disclosure decided(Disclosure request, DisclosureRuling ruling) {
        return new Disclosure(
                SIGNUP,
                REQUEST,
                request.entered(),
                request.questions(),
                Optional.of(new Disclosure.Decision(
                        NOON,
                        ruling.decision(),
                        ruling.ground(),
                        "admin-2",
                        ruling.decision() == RequestDecision.GRANTED
                                ? request.entered().preserveUntil()
                                : Optional.empty())),
                Optional.empty());
    }

    static Verdict decide(
            DisclosureSteps rules, Disclosure request, DisclosureRuling ruling, ApiKey caller, Instant now) {
        return rules.decide(new DisclosureCase(request, Optional.empty()), ruling, caller, now);
    }

    static void refused(Verdict verdict, Refusal refusal) {
        assertThat(verdict).isEqualTo(new Verdict.Refused(refusal));
    }

    private DisclosureCases() {}
}
