package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.accept.Fault;
import org.brokerhandoff.ingest.accept.ParsedSignup;
import org.brokerhandoff.ingest.accept.SignupParser;
import org.brokerhandoff.ingest.accept.SignupTerms;
import org.brokerhandoff.ingest.domain.Consent;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.domain.Signup;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.policy.PolicyBook;
import org.brokerhandoff.ingest.policy.PolicyVerdict;
import org.brokerhandoff.ingest.recipient.Recipients;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Validates a signup request, including its recipients and its policy, and passes it to the {@link Intake}. */
public final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Policies policies;
    private final Recipients recipients;
    private final Intake intake;
    private final Supplier<Optional<SignupTerms>> terms;
    private final TimeOfReceipt clock;
    private final Duration hold;
    private final IntakeMeters meters;

    /**
     * A reception in front of {@code intake}.
     *
     * @param terms which signups are accepted now; empty: the rules are not yet known from the log
     * @param hold time from acceptance to the proof of a signup's purge
     */
    public Reception(
            Policies policies,
            Recipients recipients,
            Intake intake,
            Supplier<Optional<SignupTerms>> terms,
            TimeOfReceipt clock,
            Duration hold,
            IntakeMeters meters) {
        this.policies = policies;
        this.recipients = recipients;
        this.intake = intake;
        this.terms = terms;
        this.clock = clock;
        this.hold = hold;
        this.meters = meters;
    }

    /**
     * Receives a request. Does not block; {@code body} may be wiped as soon as this returns. The stage never fails.
     *
     * @param body the first {@code length} bytes are the request's
     */
    public CompletionStage<SignupAnswer> receive(Request from, byte[] body, int length) {
        return intake.entering(from, request -> looked(request, body, length));
    }

    private CompletionStage<SignupAnswer> looked(Request request, byte[] body, int length) {
        // The log keeps milliseconds; one instant for all events and the answer.
        Optional<Instant> receivedAt = clock.now();
        if (receivedAt.isEmpty()) {
            return refused(
                    request, new SignupAnswer.Taken(new IntakeOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT)));
        }
        Optional<SignupTerms> inForce = terms.get();
        if (inForce.isEmpty()) {
            return refused(
                    request, new SignupAnswer.Taken(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE)));
        }
        Instant now = receivedAt.get().truncatedTo(ChronoUnit.MILLIS);
        ParsedSignup parsed =
                SignupParser.parse(body, length, now, inForce.get().forKeyOf(request.canary()));
        if (parsed instanceof ParsedSignup.Valid valid) {
            return addressed(request, valid.signup(), valid.person(), now);
        } else if (parsed instanceof ParsedSignup.Invalid invalid) {
            meters.invalid();
            LOG.debug("refused: invalid-signup");
            return refused(request, new SignupAnswer.Invalid(invalid.faults()));
        }
        meters.malformed();
        LOG.debug("refused: malformed-json");
        return refused(request, new SignupAnswer.Malformed());
    }

    private CompletionStage<SignupAnswer> addressed(Request request, Signup signup, PersonalData person, Instant now) {
        return request.resumedAfter(recipients.judge(signup.consent().recipients()))
                .thenCompose(verdict -> {
                    if (verdict instanceof Recipients.Verdict.Known) {
                        return judged(request, signup, person, now);
                    }
                    person.wipe();
                    return refused(request, refusal(verdict));
                });
    }

    private SignupAnswer refusal(Recipients.Verdict verdict) {
        if (verdict instanceof Recipients.Verdict.Unknown unknown) {
            meters.invalid();
            LOG.debug("refused: recipient-unknown");
            return new SignupAnswer.Invalid(unknown.indices().stream()
                    .map(index -> new Fault(
                            "/consent/recipients/" + index,
                            "recipient-unknown",
                            "the id of a recipient that a published broker directory has"))
                    .toList());
        }
        return new SignupAnswer.Taken(new IntakeOutcome.Unavailable(
                verdict instanceof Recipients.Verdict.NoDirectory
                        ? Unavailability.DIRECTORY_UNPUBLISHED
                        : Unavailability.REGISTER_BEHIND));
    }

    private CompletionStage<SignupAnswer> judged(Request request, Signup signup, PersonalData person, Instant now) {
        Optional<PolicyBook> book = policies.book();
        if (book.isEmpty()) {
            person.wipe();
            return refused(request, behind());
        }
        PolicyVerdict verdict = judge(book.get(), signup, now);
        if (verdict instanceof PolicyVerdict.Refused refused && mayBeNews(refused)) {
            // Another ingest service may have just published it.
            return request.resumedAfter(policies.refreshedSoon())
                    .handle((done, failure) -> failure == null)
                    .thenCompose(fresh -> {
                        if (!fresh) {
                            person.wipe();
                            return refused(request, behind());
                        }
                        return concluded(
                                request,
                                signup,
                                person,
                                now,
                                judge(policies.book().orElse(PolicyBook.EMPTY), signup, now));
                    });
        }
        return concluded(request, signup, person, now, verdict);
    }

    private CompletionStage<SignupAnswer> concluded(
            Request request, Signup signup, PersonalData person, Instant now, PolicyVerdict verdict) {
        if (verdict instanceof PolicyVerdict.InForce inForce) {
            return intake.submit(
                            new Submission(request, new Entry.Consented(signup, inForce.policy()), person, now, hold))
                    .thenApply(SignupAnswer.Taken::new);
        }
        person.wipe();
        PolicyVerdict.Refused refused = (PolicyVerdict.Refused) verdict;
        LOG.debug("refused: {}", refused.reason().code());
        meters.policyRefused();
        return refused(request, new SignupAnswer.PolicyRefused(refused));
    }

    private CompletionStage<SignupAnswer> refused(Request request, SignupAnswer refusal) {
        return intake.unlessTakenEarlier(request, refusal);
    }

    private static PolicyVerdict judge(PolicyBook book, Signup signup, Instant now) {
        Consent consent = signup.consent();
        return book.judge(consent.policyVersion(), signup.language(), consent.givenAt(), now);
    }

    private static boolean mayBeNews(PolicyVerdict.Refused refused) {
        return refused.reason() == PolicyVerdict.Reason.UNKNOWN
                || refused.reason() == PolicyVerdict.Reason.LANGUAGE_UNCLEAR;
    }

    private static SignupAnswer behind() {
        return new SignupAnswer.Taken(new IntakeOutcome.Unavailable(Unavailability.REGISTER_BEHIND));
    }
}
