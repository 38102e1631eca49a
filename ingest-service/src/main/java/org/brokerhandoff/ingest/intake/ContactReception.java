package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.ingest.accept.ContactParser;
import org.brokerhandoff.ingest.accept.ParsedContact;
import org.brokerhandoff.ingest.domain.ContactMessage;
import org.brokerhandoff.ingest.domain.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Validates a contact request and passes it to the {@link Intake}, which treats it as a signup. */
public final class ContactReception {
    private static final Logger LOG = LoggerFactory.getLogger(ContactReception.class);
    private final Intake intake;
    private final TimeOfReceipt clock;
    private final List<String> recipients;
    private final Duration hold;
    private final IntakeMeters meters;

    /**
     * A reception in front of {@code intake}.
     *
     * @param recipients ids of the directory's entries that may get messages
     * @param hold time from acceptance to the proof of a message's purge
     */
    public ContactReception(
            Intake intake, TimeOfReceipt clock, List<String> recipients, Duration hold, IntakeMeters meters) {
        this.intake = intake;
        this.clock = clock;
        this.recipients = List.copyOf(recipients);
        this.hold = hold;
        this.meters = meters;
    }

    /**
     * Receives a request. Does not block; {@code body} may be wiped as soon as this returns. The stage never fails.
     *
     * @param body the first {@code length} bytes are the request's
     */
    public CompletionStage<SignupAnswer> receive(Request from, byte[] body, int length) {
        return intake.entering(from.ofMessage(), request -> looked(request, body, length));
    }

    /**
     * Accepts the message that belongs to a request for disclosure, with the requester's contact details. To be called on the request's loop.
     * Does not block; the stage never fails.
     *
     * @param message its person is always wiped
     */
    public CompletionStage<IntakeOutcome> take(Request from, ParsedContact.Valid message) {
        return intake.entering(from.ofDisclosureContact(), request -> taken(request, message))
                .thenApply(answer -> {
                    // If it was not admitted, the intake has not wiped it.
                    message.person().wipe();
                    return ((SignupAnswer.Taken) answer).outcome();
                });
    }

    private CompletionStage<SignupAnswer> taken(Request request, ParsedContact.Valid message) {
        return clock.now()
                .map(receivedAt -> submit(request, message, receivedAt))
                .orElseGet(() ->
                        CompletableFuture.completedStage(new IntakeOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT)))
                .thenApply(SignupAnswer.Taken::new);
    }

    private CompletionStage<IntakeOutcome> submit(Request request, ParsedContact.Valid message, Instant receivedAt) {
        return intake.submit(new Submission(
                request,
                new Entry.Contact(new ContactMessage(message.language(), recipients)),
                message.person(),
                // The log keeps milliseconds; one instant for all events and the answer.
                receivedAt.truncatedTo(ChronoUnit.MILLIS),
                hold));
    }

    private CompletionStage<SignupAnswer> looked(Request request, byte[] body, int length) {
        Optional<Instant> receivedAt = clock.now();
        if (receivedAt.isEmpty()) {
            SignupAnswer inDoubt = new SignupAnswer.Taken(new IntakeOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT));
            return intake.unlessTakenEarlier(request, inDoubt);
        }
        ParsedContact parsed = ContactParser.parse(body, length);
        if (parsed instanceof ParsedContact.Valid valid) {
            return submit(request, valid, receivedAt.get()).thenApply(SignupAnswer.Taken::new);
        } else if (parsed instanceof ParsedContact.Invalid invalid) {
            meters.invalid();
            LOG.debug("refused: invalid-contact-message");
            return intake.unlessTakenEarlier(request, new SignupAnswer.Invalid(invalid.faults()));
        }
        meters.malformed();
        LOG.debug("refused: malformed-json");
        return intake.unlessTakenEarlier(request, new SignupAnswer.Malformed());
    }
}
