package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Consent;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.audit.verify.Publications.Policy;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.PolicyTimeline.Standing;

/** Rules on consent: that it exists, whom and what it covers, and that it ends when it is withdrawn. */
final class ConsentRules {
    static final Rule BEFORE_HANDOFF = Rule.ofSignup(
            "consent-before-handoff",
            "Nothing is done with a signup that has no consent, and no broker is contacted before the consent was received.",
            (signup, scope) -> {
                List<Ground> consents = signup.all(Ground.class);
                if (consents.isEmpty()) {
                    return needsConsent(signup)
                            ? List.of("there is no ConsentGranted or ContactReceived, but " + eventNames(signup))
                            : List.of();
                }
                long received = consents.stream()
                        .mapToLong(Ground::receivedAtMillis)
                        .min()
                        .orElseThrow();
                return signup.contacts()
                        .filter(contact -> ProcessClocks.certainlyBefore(contact.startedAtMillis(), received))
                        .map(contact -> "an attempt to " + contact.broker() + " started at "
                                + at(contact.startedAtMillis()) + ", before the consent was received at "
                                + at(received))
                        .distinct()
                        .toList();
            });

    static final Rule RECIPIENTS = Rule.ofSignup(
            "recipient-in-consent",
            "Only brokers that the consent lists are assigned or contacted.",
            (signup, scope) -> signup.first(Ground.class).stream()
                    .flatMap(consent -> brokers(signup)
                            .distinct()
                            .filter(broker -> !consent.recipients().contains(broker))
                            .map(broker -> broker + " is not a recipient that the consent lists"))
                    .toList());

    static final Rule PURPOSE = Rule.ofSignup(
            "consent-covers-handoff",
            "Brokers are assigned and contacted only under a consent to the handoff, the helpdesk only for a message to it.",
            (signup, scope) -> signup.first(Ground.class).stream()
                    .flatMap(ground -> signup.all(Fact.Assignment.class).stream()
                            .map(Fact.Assignment::purpose)
                            .distinct()
                            .filter(purpose -> !ground.covers(purpose))
                            .map(purpose -> ground instanceof Consent
                                    ? "the consent does not name the purpose " + purpose
                                    : "a message to the helpdesk was assigned for the purpose " + purpose))
                    .toList());

    static final Rule POLICY = Rule.ofSignup(
            "policy-published",
            "A consent names a policy that was published and in effect when the consent was given and received, by version and text.",
            (signup, scope) -> signup.all(Consent.class).stream()
                    .flatMap(consent -> objection(consent, scope.publications()).stream())
                    .distinct()
                    .toList());

    static final Rule INPUTS = Rule.ofInputs(
            "inputs-as-consented",
            "Every decision was made for the purpose, the country and the recipients that the consent or the message names.",
            deviation -> List.of(
                    "it names " + deviation.expected() + ", but a decision was made for " + deviation.actual()));

    static final Rule WITHDRAWAL = Rule.ofSignup(
            "no-attempt-after-withdrawal",
            "No attempt to hand over starts after the consent was withdrawn.",
            (signup, scope) -> signup.all(Withdrawal.class).stream()
                    .flatMap(withdrawal -> signup.contacts()
                            .filter(contact -> startedAfter(withdrawal, contact))
                            .map(contact -> withdrawal.outcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF
                                    ? "the withdrawal says that no attempt could start, but there is "
                                            + contact.eventName() + " of " + contact.broker()
                                    : "attempt " + contact.attempt() + ", to " + contact.broker() + ", started at "
                                            + at(contact.startedAtMillis()) + ", after the withdrawal at "
                                            + at(withdrawal.withdrawnAtMillis()) + counted(withdrawal)))
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(BEFORE_HANDOFF, PURPOSE, RECIPIENTS, POLICY, INPUTS, WITHDRAWAL);

    private ConsentRules() {}

    /**
     * Whether an attempt started after the withdrawal. Custody's slot decides that, by its number of attempts: the withdrawal counted those
     * that it found. Times decide if they are further apart than clock skew. Against the number, they clear an attempt from long before: an
     * older copy of the slot file counts fewer.
     */
    private static boolean startedAfter(Withdrawal withdrawal, Fact.Contact contact) {
        if (withdrawal.outcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF
                || ProcessClocks.certainlyBefore(withdrawal.withdrawnAtMillis(), contact.startedAtMillis())) {
            return true;
        }
        Integer attempts = withdrawal.attempts();
        return attempts != null
                && contact.attempt() > attempts
                && !ProcessClocks.certainlyBefore(contact.startedAtMillis(), withdrawal.withdrawnAtMillis());
    }

    private static String counted(Withdrawal withdrawal) {
        return withdrawal.attempts() == null ? "" : ", which found " + withdrawal.attempts();
    }

    /** Whether something happened that requires a consent. */
    private static boolean needsConsent(SignupFacts signup) {
        return signup.all().stream()
                .anyMatch(fact -> !(fact instanceof Withdrawal || fact instanceof RightsFact)
                        && !(fact instanceof PurgeFact purge && neverAccepted(signup, purge)));
    }

    /**
     * Whether a purge concerns something that was never accepted: a record that could not be read, or the key of a request that ended before
     * its consent and its sealed record were acknowledged. Such a key expires, and its purge is published like any other.
     */
    static boolean neverAccepted(SignupFacts signup, PurgeFact purge) {
        return !signup.has(Ground.class)
                && (purge.reason() == PurgeReason.INVALID
                        || (purge.offset() == null
                                // A later request for rectification, or a withdrawal, destroys the key of one whose
                                // process died.
                                && (purge.reason() == PurgeReason.EXPIRED
                                        || purge.reason() == PurgeReason.WITHDRAWN
                                        || purge.reason() == PurgeReason.LOST)));
    }

    private static String eventNames(SignupFacts signup) {
        List<String> names = new ArrayList<>();
        if (signup.has(Fact.Assignment.class)) {
            names.add("Assigned");
        }
        signup.contacts().map(Fact.Contact::eventName).distinct().forEach(names::add);
        if (signup.has(Fact.Undeliverable.class)) {
            names.add("Undeliverable");
        }
        if (signup.has(PurgeFact.class)) {
            names.add("Purged");
        }
        return String.join(", ", names);
    }

    private static Stream<String> brokers(SignupFacts signup) {
        return Stream.concat(
                signup.all(Fact.Assignment.class).stream().map(Fact.Assignment::broker),
                signup.contacts().map(Fact.Contact::broker));
    }

    private static Optional<String> objection(Consent consent, Publications publications) {
        String version = consent.policyVersion();
        List<Policy> ofVersion = publications.policies().stream()
                .filter(policy -> policy.kind() == DocumentKind.PRIVACY
                        && policy.version().equals(version))
                .toList();
        if (ofVersion.isEmpty()) {
            return Optional.of("policy " + version + " was never published");
        }
        List<Policy> shown = ofVersion.stream()
                .filter(policy -> policy.digest().equals(consent.noticeDigest()))
                .toList();
        if (shown.isEmpty()) {
            return Optional.of("the text shown is not one published for policy " + version + "");
        }
        if (shown.stream().noneMatch(policy -> policy.language().equals(consent.language()))) {
            return Optional.of("the text shown is not in the language that the consent names");
        }
        Instant givenAt = Instant.ofEpochMilli(consent.givenAtMillis());
        Instant receivedAt = Instant.ofEpochMilli(consent.receivedAtMillis());
        Standing standing = publications.standingWhenTaken(shown, givenAt, receivedAt);
        String consented = ", for a consent given at " + givenAt + " and received at " + receivedAt;
        return switch (standing) {
            case UNKNOWN -> Optional.of("policy " + version + " was published only after the consent was received");
            case NOT_IN_FORCE -> Optional.of("policy " + version + " was not yet in effect" + consented);
            case SUPERSEDED -> Optional.of("policy " + version + " was superseded" + consented);
            case IN_FORCE -> Optional.empty();
        };
    }

    static String at(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
