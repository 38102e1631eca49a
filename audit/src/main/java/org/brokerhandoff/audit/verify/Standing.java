package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.verify.NoticeFact.Cause;
import org.brokerhandoff.audit.verify.NoticeFact.Kind;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;

/**
 * The state of a signup, or a message, by the rules' reading of its facts.
 *
 * @param message whether it is a message to the helpdesk, or new data of an earlier signup
 * @param promise empty: it was never accepted
 * @param country of residence, from its consent
 * @param destroyed empty: the log has no purge
 * @param assigned ids of the brokers that it was assigned to, in order
 * @param accepted ids of the brokers that have it
 * @param refused ids of the brokers that refused it
 */
public record Standing(
        UUID signupId,
        boolean message,
        Optional<Promise> promise,
        Optional<String> country,
        Optional<Destroyed> destroyed,
        List<String> assigned,
        Set<String> accepted,
        Set<String> refused,
        Optional<Withdrawn> withdrawn,
        List<Asked> requests,
        List<Disclosure> disclosures) {

    /**
     * When it was accepted, and the deadline for the proof of its purge.
     *
     * @param preservedUntil the deadline as changed by preservation orders
     */
    public record Promise(Instant receivedAt, Instant eraseBy, Optional<Instant> preservedUntil) {
        /** Deadline for the proof of its purge. */
        public Instant due() {
            return preservedUntil.orElse(eraseBy);
        }
    }

    /**
     * Its purge, the one that claims most.
     *
     * @param unreachableAt when all replicas had confirmed the cut, also of a parked copy; empty: not claimed
     * @param claimedAt when the claim was made
     */
    public record Destroyed(
            PurgeLevel level, Instant keyDestroyedAt, Optional<Instant> unreachableAt, Instant claimedAt) {}

    /** Progress of a notification or decision. */
    public enum State {
        /** Nothing more is due. */
        DONE,
        /** Not granted, or the broker refuses. */
        REFUSED,
        /** Still due. */
        OPEN,
        /** Still due, and a human has to act. */
        ESCALATED
    }

    /**
     * A withdrawal.
     *
     * @param beforeHandoff whether the key was destroyed before an attempt could start
     * @param told progress of its notices, over the brokers that hold the data; {@link State#DONE} if there are none
     */
    public record Withdrawn(Instant at, boolean beforeHandoff, State told) {}

    /** A person's request about the signup. */
    public record Asked(UUID requestId, RightsType type, Instant dueAt, State state) {}

    /** A request that data of the signup be disclosed. */
    public record Disclosure(UUID requestId, DisclosureBasis basis, boolean personAsked, State state) {}

    /** The state of {@code signup}. */
    static Standing of(SignupFacts signup, Scope scope) {
        return new Standing(
                signup.signupId(),
                signup.has(Fact.Message.class),
                signup.all(Fact.Ground.class).stream()
                        .min(Comparator.comparing(Fact.Ground::eraseByMillis))
                        .map(ground -> promise(signup, ground)),
                signup.first(Fact.Consent.class)
                        .map(consent -> consent.residence().country()),
                destroyed(signup),
                signup.all(Fact.Assignment.class).stream()
                        .map(Fact.Assignment::broker)
                        .distinct()
                        .toList(),
                signup.all(Fact.Acceptance.class).stream()
                        .map(Fact.Acceptance::broker)
                        .collect(Collectors.toUnmodifiableSet()),
                signup.all(Fact.Refusal.class).stream()
                        .map(Fact.Refusal::broker)
                        .collect(Collectors.toUnmodifiableSet()),
                signup.first(Fact.Withdrawal.class).map(withdrawal -> withdrawn(signup, withdrawal)),
                RequestRules.first(signup)
                        .map(request -> asked(signup, request, scope))
                        .toList(),
                disclosures(signup));
    }

    /** Whether it was accepted and has no purge in the log. */
    public boolean held() {
        return promise.isPresent() && destroyed.isEmpty();
    }

    private static Promise promise(SignupFacts signup, Fact.Ground ground) {
        long due = PreservationRules.eraseByMillis(signup, ground.eraseByMillis());
        return new Promise(
                Instant.ofEpochMilli(ground.receivedAtMillis()),
                Instant.ofEpochMilli(ground.eraseByMillis()),
                due == ground.eraseByMillis() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due)));
    }

    private static Optional<Destroyed> destroyed(SignupFacts signup) {
        return signup.all(PurgeFact.class).stream()
                .max(Comparator.comparing(PurgeFact::level))
                .map(purge -> new Destroyed(
                        purge.level(),
                        Instant.ofEpochMilli(purge.keyErasedAtMillis()),
                        unreachableAt(purge),
                        Instant.ofEpochMilli(purge.purgedAtMillis())));
    }

    private static Optional<Instant> unreachableAt(PurgeFact purge) {
        Long cut = purge.cutConfirmedAtMillis();
        if (cut == null || purge.level().compareTo(PurgeLevel.UNREACHABLE) < 0) {
            return Optional.empty();
        }
        PurgeFact.ParkedCut parked = purge.parked();
        return Optional.of(Instant.ofEpochMilli(parked == null ? cut : Math.max(cut, parked.cutConfirmedAtMillis())));
    }

    private static Withdrawn withdrawn(SignupFacts signup, Fact.Withdrawal withdrawal) {
        boolean before = withdrawal.outcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF;
        return new Withdrawn(
                Instant.ofEpochMilli(withdrawal.withdrawnAtMillis()),
                before,
                // The broker knows the corrected signup: its withdrawal is notified.
                before || signup.corrects().isPresent() ? State.DONE : told(signup, Cause.WITHDRAWAL));
    }

    private static State told(SignupFacts signup, Cause cause) {
        List<State> states = new ArrayList<>();
        for (String broker : Holders.of(signup)) {
            Set<Kind> kinds = signup.all(NoticeFact.class).stream()
                    .filter(notice ->
                            notice.broker().equals(broker) && notice.cause().equals(cause))
                    .map(NoticeFact::kind)
                    .collect(Collectors.toSet());
            if (kinds.contains(Kind.CONFIRMED)) {
                states.add(State.DONE);
            } else {
                states.add(kinds.contains(Kind.ESCALATED) ? State.ESCALATED : State.OPEN);
            }
        }
        return states.stream().max(Comparator.naturalOrder()).orElse(State.DONE);
    }

    private static Asked asked(SignupFacts signup, RightsFact.Request request, Scope scope) {
        State state = State.DONE;
        if (RequestRules.open(signup, request)) {
            state = signup.all(NoticeFact.class).stream()
                            .anyMatch(notice -> notice.kind() == Kind.ESCALATED
                                    && request.requestId().equals(notice.cause().requestId()))
                    ? State.ESCALATED
                    : State.OPEN;
        } else if (signup.all(RightsFact.Decision.class).stream()
                .anyMatch(decision -> decision.requestId().equals(request.requestId())
                        && decision.decision() == RequestDecision.REFUSED)) {
            state = State.REFUSED;
        }
        return new Asked(
                request.requestId(),
                request.type(),
                Instant.ofEpochMilli(RequestRules.dueAtMillis(signup, request, scope)),
                state);
    }

    private static List<Disclosure> disclosures(SignupFacts signup) {
        return signup.all(DisclosureFact.Entry.class).stream()
                .map(entry -> new Disclosure(
                        entry.requestId(),
                        entry.basis(),
                        signup.all(DisclosureFact.Question.class).stream()
                                .anyMatch(question -> question.requestId().equals(entry.requestId())),
                        signup.all(DisclosureFact.Ruling.class).stream()
                                .filter(ruling -> ruling.requestId().equals(entry.requestId()))
                                .findFirst()
                                .map(ruling ->
                                        ruling.decision() == RequestDecision.GRANTED ? State.DONE : State.REFUSED)
                                .orElse(State.OPEN)))
                .toList();
    }
}
