package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Contact;
import org.brokerhandoff.audit.verify.RightsFact.Decision;
import org.brokerhandoff.audit.verify.RightsFact.Extension;
import org.brokerhandoff.audit.verify.RightsFact.Holding;
import org.brokerhandoff.audit.verify.RightsFact.Request;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;

/** Rules on people's requests about their signup: that they take effect at once, and are answered in time. */
final class RequestRules {
    static final Rule HEEDED = Rule.ofSignup(
            "no-attempt-after-request",
            "No attempt to hand over starts after erasure was requested, nor while processing is restricted or objected to.",
            (signup, scope) -> signup.all(Request.class).stream()
                    .filter(request -> NoticeRules.holdersAreTold(request.type()))
                    .flatMap(request -> notHeeded(signup, request))
                    .distinct()
                    .toList());

    static final Rule KNOWN = Rule.ofSignup(
            "request-before-decision",
            "Only an earlier request is decided or extended, and a refusal names a ground against the request.",
            (signup, scope) -> {
                List<String> found = new ArrayList<>();
                for (RightsFact fact : signup.all(RightsFact.class)) {
                    if (fact instanceof Decision decision
                            && decision.decision() == RequestDecision.REFUSED
                            && decision.ground() == RightsGround.JUSTIFIED) {
                        found.add("the request " + fact.requestId() + " was refused without a ground");
                    }
                    if (!(fact instanceof Request)
                            && signup.all(Request.class).stream()
                                    .noneMatch(request -> request.requestId().equals(fact.requestId())
                                            && request.offset() < fact.offset())) {
                        found.add("the request " + fact.requestId() + " was "
                                + (fact instanceof Decision ? "decided" : "extended")
                                + " without having been made before");
                    }
                }
                return found.stream().distinct().toList();
            });

    static final Rule DUE = Rule.ofSignup(
            "request-due",
            "A request is due within the time of the country of residence, at most a month, or three if extended in time; an extension only adds time.",
            (signup, scope) -> first(signup)
                    .flatMap(request -> wrongTimes(signup, request, scope).stream())
                    .distinct()
                    .toList());

    static final Rule ANSWERED = Rule.ofSignup(
            "request-answered",
            "A request is answered when due: it is decided, or each broker that holds the data has answered.",
            (signup, scope) -> first(signup)
                    .flatMap(request -> {
                        OptionalLong answered = answeredAtMillis(signup, request);
                        long due = dueAtMillis(signup, request, scope);
                        if (answered.isPresent() && answered.getAsLong() > due) {
                            return Stream.of(name(request) + " was due at " + at(due) + " and answered at "
                                    + at(answered.getAsLong()));
                        }
                        return answered.isEmpty() && scope.now().toEpochMilli() > due
                                ? Stream.of(name(request) + " was due at " + at(due) + " and is not answered")
                                : Stream.empty();
                    })
                    .toList());

    static final List<Rule> ALL = List.of(HEEDED, KNOWN, DUE, ANSWERED);

    private RequestRules() {}

    /** The requests, each in its first publication, as in the register. */
    static Stream<Request> first(SignupFacts signup) {
        Set<UUID> seen = new HashSet<>();
        return signup.all(Request.class).stream().filter(request -> seen.add(request.requestId()));
    }

    /** Whether the answer to a request is still owed. */
    static boolean open(SignupFacts signup, Request request) {
        return answeredAtMillis(signup, request).isEmpty();
    }

    /**
     * Whether a router found the signup restricted, without a request in the log that explains it. Ingest was killed between custody and the
     * event, and the request was not repeated: not a violation, since nothing is sent, but a human has to act.
     */
    static boolean restrictedWithoutRequest(SignupFacts signup) {
        return signup.all(Fact.Parking.class).stream().anyMatch(Fact.Parking::restricted)
                && signup.all(Request.class).stream()
                        .noneMatch(request ->
                                request.type() == RightsType.RESTRICTION || request.type() == RightsType.OBJECTION);
    }

    /** For messages. */
    static String name(Request request) {
        return "the request " + request.requestId() + " ("
                + request.type().name().toLowerCase(Locale.ROOT) + ")";
    }

    static boolean refusedBefore(SignupFacts signup, Request request, long millis) {
        return signup.all(Decision.class).stream()
                .anyMatch(decision -> decision.requestId().equals(request.requestId())
                        && decision.decision() == RequestDecision.REFUSED
                        && !ProcessClocks.certainlyBefore(millis, decision.decidedAtMillis()));
    }

    private static Stream<String> notHeeded(SignupFacts signup, Request request) {
        Holding holding = request.holding();
        return holding == null
                ? Stream.of(name(request) + " does not say what custody answered")
                : signup.contacts()
                        .filter(contact -> startedAfter(request, holding, contact) && !lifted(signup, request, contact))
                        .map(contact -> "attempt " + contact.attempt() + ", to " + contact.broker() + ", started at "
                                + at(contact.startedAtMillis()) + ", and " + name(request) + ", of "
                                + at(request.requestedAtMillis()) + ", found " + found(holding));
    }

    /**
     * Whether an attempt started after custody had restricted or erased the slot. As with a withdrawal, the slot decides, by its number of
     * attempts; times decide if they are further apart than clock skew, and clear attempts from long before: an older copy of the slot file
     * counts fewer attempts.
     */
    private static boolean startedAfter(Request request, Holding holding, Contact contact) {
        boolean heldTillThen = holding.found() == HoldingFound.HELD;
        if (ProcessClocks.certainlyBefore(request.requestedAtMillis(), contact.startedAtMillis())
                || (heldTillThen && request.type() == RightsType.ERASURE)) {
            return true;
        }
        Integer counted = holding.attempts();
        int attempts = counted != null ? counted : heldTillThen ? 0 : Integer.MAX_VALUE;
        return contact.attempt() > attempts
                && !ProcessClocks.certainlyBefore(contact.startedAtMillis(), request.requestedAtMillis());
    }

    /** An erasure cannot be taken back. A restriction ends with the refusal of the request, which is in the log before custody is asked to lift it. */
    private static boolean lifted(SignupFacts signup, Request request, Contact contact) {
        return request.type() != RightsType.ERASURE && refusedBefore(signup, request, contact.startedAtMillis());
    }

    private static String found(Holding holding) {
        return holding.found() + (holding.attempts() == null ? "" : ", attempts " + holding.attempts());
    }

    private static List<String> wrongTimes(SignupFacts signup, Request request, Scope scope) {
        List<String> found = new ArrayList<>();
        long latest = scope.publications()
                .countries()
                .latestDueMillis(ResidenceRules.country(signup), request.requestedAtMillis());
        if (request.dueAtMillis() > latest) {
            found.add(name(request) + ", made at " + at(request.requestedAtMillis()) + ", is due at "
                    + at(request.dueAtMillis()) + "; " + at(latest) + " is the latest");
        }
        if (request.dueAtMillis() < request.requestedAtMillis()) {
            found.add(name(request) + " was due before it was made");
        }
        long due = request.dueAtMillis();
        for (Extension extension : extensions(signup, request)) {
            String subject = name(request) + " was extended to " + at(extension.dueAtMillis());
            long latestExtended = latestMillis(signup, request, extension, scope);
            if (extension.dueAtMillis() > latestExtended) {
                found.add(subject + "; " + at(latestExtended) + " is the latest");
            }
            if (extension.dueAtMillis() < due) {
                found.add(subject + ", and had time until " + at(due) + " before");
            }
            if (ProcessClocks.certainlyBefore(request.dueAtMillis(), extension.extendedAtMillis())) {
                found.add(subject + " at " + at(extension.extendedAtMillis()) + ", when it had been due already");
            }
            due = Math.max(due, extension.dueAtMillis());
        }
        return found;
    }

    /** Its extensions in log order, each in its first publication. */
    private static List<Extension> extensions(SignupFacts signup, Request request) {
        Set<Object> seen = new HashSet<>();
        return signup.all(Extension.class).stream()
                .filter(extension ->
                        extension.requestId().equals(request.requestId()) && seen.add(extension.identity()))
                .toList();
    }

    /** Latest deadline that an extension could set. */
    private static long latestMillis(SignupFacts signup, Request request, Extension extension, Scope scope) {
        return scope.publications()
                .countries()
                .latestExtendedMillis(
                        ResidenceRules.country(signup), request.requestedAtMillis(), extension.extendedAtMillis());
    }

    /** The longest extension counts, if the law allows it. */
    static long dueAtMillis(SignupFacts signup, Request request, Scope scope) {
        return extensions(signup, request).stream()
                .filter(extension -> extension.dueAtMillis() <= latestMillis(signup, request, extension, scope))
                .mapToLong(Extension::dueAtMillis)
                .reduce(request.dueAtMillis(), Math::max);
    }

    /**
     * When a request was answered; empty if it is not. A decision answers every request. Access and portability are answered from the log at
     * once, and a rectification continues as a separate signup, with its own rules. For the others our own part is done at once; an objection
     * must be decided as long as its subject exists here. Then each broker that holds the data has to confirm or refuse.
     */
    private static OptionalLong answeredAtMillis(SignupFacts signup, Request request) {
        OptionalLong decided = signup.all(Decision.class).stream()
                .filter(decision -> decision.requestId().equals(request.requestId()))
                .mapToLong(Decision::decidedAtMillis)
                .min();
        if (decided.isPresent()) {
            return decided;
        }
        return switch (request.type()) {
            case ACCESS, PORTABILITY -> OptionalLong.of(request.requestedAtMillis());
            case RECTIFICATION ->
                request.sealedAs() != null || Holders.of(signup).isEmpty()
                        ? OptionalLong.of(request.requestedAtMillis())
                        : OptionalLong.empty();
            case ERASURE, RESTRICTION -> allAnsweredAtMillis(signup, request);
            case OBJECTION -> {
                OptionalLong ended = endedAtMillis(signup);
                OptionalLong answered = allAnsweredAtMillis(signup, request);
                yield ended.isPresent() && answered.isPresent()
                        ? OptionalLong.of(Math.max(ended.getAsLong(), answered.getAsLong()))
                        : OptionalLong.empty();
            }
        };
    }

    /** From when on nothing was left here that could be objected to. */
    private static OptionalLong endedAtMillis(SignupFacts signup) {
        return LongStream.concat(
                        signup.all(PurgeFact.class).stream().mapToLong(PurgeFact::keyErasedAtMillis),
                        signup.all(Fact.Withdrawal.class).stream().mapToLong(Fact.Withdrawal::withdrawnAtMillis))
                .min();
    }

    private static OptionalLong allAnsweredAtMillis(SignupFacts signup, Request request) {
        long last = request.requestedAtMillis();
        if (request.found(HoldingFound.HELD)) {
            // A later handover happened after the restriction had been lifted.
            return OptionalLong.of(last);
        }
        for (String broker : Holders.of(signup)) {
            OptionalLong answer = NoticeRules.answersTo(signup, request.requestId(), broker)
                    .mapToLong(NoticeFact::atMillis)
                    .min();
            if (answer.isEmpty()) {
                return answer;
            }
            last = Math.max(last, answer.getAsLong());
        }
        return OptionalLong.of(last);
    }
}
