package org.brokerhandoff.ingest.disclosure;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.ingest.publish.DisclosureEvents;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.HoldTimes;

/**
 * Which step of a request for disclosure may follow:
 *
 * <pre>
 *   entered ──ask──> asked ──answer, in time──> answered
 *      │               │                           │
 *      └───────────────┴────── decide, once ───────┴──> granted or refused
 *
 *   granted, with a hold ──release──> granted
 * </pre>
 *
 * Each step is judged again after its event is acknowledged, by the state of the log then: that tells whether it was the first of its kind.
 */
final class DisclosureSteps {
    /** The part of the reserve in which a hold is refused: the slot has to be prolonged, possibly by another host, before its key is destroyed. */
    private static final int MARGIN = 10;

    private final FourEyes eyes;

    DisclosureSteps(FourEyes eyes) {
        this.eyes = eyes;
    }

    /** A question to the person. */
    Verdict ask(Disclosure request, Instant answerBy, ApiKey caller, Instant now) {
        if (!request.questions().isEmpty()) {
            return request.questions().stream()
                            .anyMatch(question -> question.answerBy().equals(answerBy))
                    ? new Verdict.Taken()
                    : new Verdict.Refused(Refusal.ASKED);
        }
        return request.decision().isPresent()
                ? new Verdict.Refused(Refusal.DECIDED)
                : new Verdict.Allowed(DisclosureEvents.asked(request, now, answerBy, caller.id()));
    }

    /**
     * The person's answer. The first counts. A key of the owner who entered the request represents the requester, not the person.
     */
    Verdict answer(Disclosure request, UUID questionId, DisclosureConsent answer, Caller caller, Instant now) {
        Optional<Disclosure.Question> question = request.questions().stream()
                .filter(asked -> asked.id().equals(questionId))
                .findFirst();
        if (question.isEmpty()) {
            return new Verdict.Refused(Refusal.UNKNOWN_QUESTION);
        }
        if (caller instanceof ApiKey key && eyes.between(request.entered().actor(), key) == FourEyes.Relation.SAME) {
            return new Verdict.Refused(Refusal.SAME_ACTOR);
        }
        Optional<Disclosure.Answer> earlier = question.get().answer();
        if (earlier.isPresent()) {
            return earlier.get().consented() == answer.consented()
                    ? new Verdict.Taken()
                    : new Verdict.Refused(Refusal.ANSWERED);
        }
        return request.decision().isPresent() || now.isAfter(question.get().answerBy())
                ? new Verdict.Refused(Refusal.CLOSED)
                : new Verdict.Allowed(DisclosureEvents.answered(request, questionId, answer, now, caller.keyId()));
    }

    /** The decision, by another actor than who entered the request. */
    Verdict decide(DisclosureCase found, DisclosureRuling ruling, ApiKey caller, Instant now) {
        Disclosure request = found.request();
        FourEyes.Relation relation = eyes.between(request.entered().actor(), caller);
        if (relation == FourEyes.Relation.SAME) {
            return new Verdict.Refused(Refusal.SAME_ACTOR);
        }
        if (request.decision().isPresent()) {
            Disclosure.Decision earlier = request.decision().get();
            return earlier.decision() == ruling.decision() && earlier.ground() == ruling.ground()
                    ? new Verdict.Taken()
                    : new Verdict.Refused(Refusal.DECIDED);
        }
        if (relation == FourEyes.Relation.UNKNOWN) {
            return new Verdict.Refused(Refusal.ACTOR_UNKNOWN);
        }
        return objection(request, ruling, caller, now)
                .or(() -> DisclosureEvents.preserved(request, ruling)
                        .flatMap(until -> impossible(found.signup(), until, now)))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Allowed(DisclosureEvents.decided(request, ruling, now, caller.id())));
    }

    /**
     * The early end of a hold, by any officer: it restores the time promised to the person. Data held longer for one order may still be held
     * for another.
     */
    Verdict release(DisclosureCase found, ApiKey caller, Instant now) {
        Disclosure request = found.request();
        if (request.release().isPresent()) {
            return new Verdict.Taken();
        }
        boolean inForce = request.preservedUntil().filter(now::isBefore).isPresent()
                && found.signup().filter(signup -> signup.purge().isEmpty()).isPresent();
        return inForce
                ? new Verdict.Allowed(DisclosureEvents.released(request, now, caller.id()))
                : new Verdict.Refused(Refusal.NO_HOLD);
    }

    /** Why a signup cannot be kept until then. No order keeps data that a broker has, withdrawn signups, or messages. */
    private static Optional<Refusal> impossible(Optional<SignupStatus> signup, Instant until, Instant now) {
        Optional<HoldTimes> held = signup.filter(status -> status.consent().isPresent()
                        && status.purge().isEmpty()
                        && (status.state() == SignupState.RECEIVED || status.state() == SignupState.ASSIGNED))
                .map(status -> {
                    HoldTimes promised = HoldTimes.promised(status.receivedAt(), status.eraseBy());
                    return status.preservedUntil().map(promised::until).orElse(promised);
                })
                .filter(times -> now.plus(times.reserve().dividedBy(MARGIN)).isBefore(times.keyExpiry()));
        if (held.isEmpty()) {
            return Optional.of(Refusal.NOTHING_TO_HOLD);
        }
        return until.isAfter(held.get().eraseBy()) ? Optional.empty() : Optional.of(Refusal.HOLD_CHANGES_NOTHING);
    }

    private Optional<Refusal> objection(Disclosure request, DisclosureRuling ruling, ApiKey caller, Instant now) {
        if (ruling.ground() == DisclosureGround.PERSON_REFUSED && !request.refusedByPerson(now)) {
            return Optional.of(Refusal.REFUSAL_MISSING);
        }
        boolean byConsent = ruling.decision() == RequestDecision.GRANTED
                && (request.entered().basis() == DisclosureBasis.CONSENT
                        || ruling.ground() == DisclosureGround.PERSON_CONSENTED);
        if (!byConsent) {
            return Optional.empty();
        }
        Optional<Disclosure.Answer> agreement = request.agreement();
        if (agreement.isEmpty() || ruling.ground() != DisclosureGround.PERSON_CONSENTED) {
            return Optional.of(Refusal.CONSENT_MISSING);
        }
        // An answer submitted with the decider's own key is not the person's word against the decider's.
        return agreement
                .get()
                .actor()
                .filter(actor -> eyes.between(actor, caller) == FourEyes.Relation.SAME)
                .map(actor -> Refusal.SAME_ACTOR);
    }
}
