package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Contact;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.audit.verify.RightsFact.Request;
import org.brokerhandoff.event.RightsType;

/** Rules on the new data of rectifications: who requested it, who gets it, and that it arrives. */
final class CorrectionRules {
    static final Rule ASKED_FOR = Rule.ofRelated(
            "correction-asked-for",
            "New data of a signup belongs to a request for rectification that names it.",
            (correction, others, scope) -> correction.corrects().stream()
                    .filter(signup -> others.apply(signup).stream()
                            .flatMap(corrected -> rectifications(corrected))
                            .noneMatch(request -> correction.signupId().equals(request.sealedAs())))
                    .map(signup -> "no request for rectification of " + signup + " names it")
                    .toList());

    static final Rule TO_HOLDER = Rule.ofRelated(
            "correction-to-holder",
            "New data of a signup goes only to the broker that accepted the signup, and not after its consent was withdrawn.",
            (correction, others, scope) -> correction.corrects().stream()
                    .flatMap(signup ->
                            correction.contacts().flatMap(contact -> objections(contact, signup, others.apply(signup))))
                    .distinct()
                    .toList());

    static final Rule ANSWERED = Rule.ofRelated(
            "correction-answered",
            "A rectification ends when due: the holder has the new data or has refused it, the consent or the data was withdrawn, or"
                    + " it was decided.",
            (signup, others, scope) -> rectifications(signup)
                    .filter(request -> request.sealedAs() != null
                            && scope.now().toEpochMilli() > RequestRules.dueAtMillis(signup, request, scope)
                            && !answered(signup, request, others.apply(request.sealedAs())))
                    .map(
                            request -> RequestRules.name(request)
                                    + ": the holder has neither the new data nor refused it, and nothing was decided when it was due")
                    .toList());

    static final List<Rule> ALL = List.of(ASKED_FOR, TO_HOLDER, ANSWERED);

    private CorrectionRules() {}

    private static Stream<Request> rectifications(SignupFacts signup) {
        return signup.all(Request.class).stream().filter(request -> request.type() == RightsType.RECTIFICATION);
    }

    private static Stream<String> objections(Contact contact, UUID signup, Optional<SignupFacts> corrected) {
        boolean holds = corrected.stream()
                .flatMap(facts -> facts.all(Acceptance.class).stream())
                .anyMatch(
                        accepted -> accepted.broker().equals(contact.broker()) && accepted.offset() < contact.offset());
        Stream<String> late = corrected.flatMap(facts -> facts.first(Withdrawal.class)).stream()
                .filter(withdrawal ->
                        ProcessClocks.certainlyBefore(withdrawal.withdrawnAtMillis(), contact.startedAtMillis()))
                .map(withdrawal -> "an attempt to " + contact.broker() + " started at "
                        + ConsentRules.at(contact.startedAtMillis()) + ", after signup " + signup
                        + " was withdrawn at " + ConsentRules.at(withdrawal.withdrawnAtMillis()));
        return holds
                ? late
                : Stream.concat(
                        Stream.of(contact.eventName() + " of " + contact.broker() + ", which had not accepted signup "
                                + signup + " before"),
                        late);
    }

    private static boolean answered(SignupFacts signup, Request request, Optional<SignupFacts> data) {
        return signup.has(Withdrawal.class)
                || data.filter(facts -> facts.has(Acceptance.class)
                                || facts.has(Fact.Refusal.class)
                                || facts.has(Withdrawal.class))
                        .isPresent()
                || signup.all(RightsFact.Decision.class).stream()
                        .anyMatch(decision -> decision.requestId().equals(request.requestId()));
    }
}
