package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.audit.verify.RightsFact.Request;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsType;

/** Rules on the new data of rectifications: who asked for it, who gets it, and that it gets there. */
final class CorrectionRules {
    static final Rule ASKED_FOR = Rule.ofCorrection(
            "correction-asked-for",
            "New data of a signup belongs to a request for rectification of that signup, which names it.",
            (correction, corrected, scope) -> request(correction, corrected).isPresent()
                    ? List.of()
                    : List.of("no request for rectification of " + concerned(correction) + " names it"));

    static final Rule TO_HOLDER = Rule.ofCorrection(
            "correction-to-holder",
            "New data of a signup goes only to the broker that accepted the signup, and not after its consent was withdrawn.",
            (correction, corrected, scope) -> {
                List<String> found = new ArrayList<>();
                correction.contacts().forEach(contact -> {
                    boolean holds = corrected.stream()
                            .flatMap(signup -> signup.all(Acceptance.class).stream())
                            .anyMatch(accepted ->
                                    accepted.broker().equals(contact.broker()) && accepted.offset() < contact.offset());
                    if (!holds) {
                        found.add(contact.eventName() + " of " + contact.broker() + ", which had not accepted signup "
                                + concerned(correction) + " before");
                    }
                    corrected
                            .flatMap(signup -> signup.first(Withdrawal.class))
                            .filter(withdrawal -> ProcessClocks.certainlyBefore(
                                    withdrawal.withdrawnAtMillis(), contact.startedAtMillis()))
                            .ifPresent(withdrawal -> found.add("an attempt to " + contact.broker() + " started at "
                                    + ConsentRules.at(contact.startedAtMillis()) + ", after signup "
                                    + concerned(correction) + " was withdrawn at "
                                    + ConsentRules.at(withdrawal.withdrawnAtMillis())));
                });
                return found.stream().distinct().toList();
            });

    static final Rule ARRIVED = Rule.ofCorrection(
            "correction-answered",
            "New data that expired before the holder had it is decided about by the time the request is due.",
            (correction, corrected, scope) -> {
                boolean expired = correction.all(Fact.Purge.class).stream()
                                .anyMatch(purge -> purge.reason() == PurgeReason.EXPIRED)
                        && !correction.has(Acceptance.class)
                        && !correction.has(Withdrawal.class);
                return request(correction, corrected)
                        .filter(request -> expired
                                && scope.now().toEpochMilli()
                                        > RequestRules.dueAtMillis(corrected.orElseThrow(), request, scope)
                                && corrected.orElseThrow().all(RightsFact.Decision.class).stream()
                                        .noneMatch(
                                                decision -> decision.requestId().equals(request.requestId())))
                        .map(request -> "it expired, and nothing was decided about the request when it was due")
                        .stream()
                        .toList();
            });

    static final List<Rule> ALL = List.of(ASKED_FOR, TO_HOLDER, ARRIVED);

    private CorrectionRules() {}

    private static Optional<Request> request(SignupFacts correction, Optional<SignupFacts> corrected) {
        UUID id = correction.signupId();
        return corrected.stream()
                .flatMap(signup -> signup.all(Request.class).stream())
                .filter(request -> request.type() == RightsType.RECTIFICATION && id.equals(request.sealedAs()))
                .findFirst();
    }

    private static UUID concerned(SignupFacts correction) {
        return correction.corrects().orElseThrow();
    }
}
