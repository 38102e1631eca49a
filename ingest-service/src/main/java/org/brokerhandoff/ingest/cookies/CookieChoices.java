package org.brokerhandoff.ingest.cookies;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.policy.PolicyBook;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Records choices of cookies. Acceptance requires a text in force; refusal and withdrawal require only the log. A choice that Kafka has not
 * acknowledged may be recorded nevertheless; the website retries, and recording is idempotent.
 */
public final class CookieChoices {
    private final Policies policies;
    private final EventPublisher publisher;
    private final TimeOfReceipt clock;

    /** Records choices in the log of {@code publisher}. */
    public CookieChoices(Policies policies, EventPublisher publisher, TimeOfReceipt clock) {
        this.policies = policies;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Records {@code choice} for the owner of {@code caller}. Does not block; fails if the log does not acknowledge. */
    public CompletionStage<ChoiceAnswer> record(CookieChoice choice, ApiKey caller) {
        Optional<Instant> now = clock.now();
        if (now.isEmpty()) {
            return CompletableFuture.completedStage(new ChoiceAnswer.Unavailable(Unavailability.CLOCK_IN_DOUBT));
        }
        Instant recordedAt = now.get().truncatedTo(ChronoUnit.MILLIS);
        Optional<ChoiceAnswer> objection = choice.documentSha256()
                .filter(digest -> !choice.accepted().isEmpty())
                .flatMap(digest -> objection(policies.book(), digest, choice.chosenAt(), recordedAt));
        return objection.isPresent()
                ? CompletableFuture.completedStage(objection.get())
                : publisher
                        .publish(Topic.CONSENTS, choice.visitor(), event(choice, recordedAt, caller.owner()))
                        .thenApply(acknowledged -> new ChoiceAnswer.Recorded(choice, recordedAt));
    }

    private static Optional<ChoiceAnswer> objection(
            Optional<PolicyBook> book, String digest, Instant chosenAt, Instant now) {
        if (book.isEmpty()) {
            return Optional.of(new ChoiceAnswer.Unavailable(Unavailability.REGISTER_BEHIND));
        }
        return book.get().objection(DocumentKind.COOKIES, digest, chosenAt, now).map(ChoiceAnswer.Refused::new);
    }

    private static org.brokerhandoff.event.CookieChoice event(CookieChoice choice, Instant recordedAt, String owner) {
        List<CookieKind> accepted = Arrays.stream(CookieKind.values())
                .filter(choice.accepted()::contains)
                .toList();
        return new org.brokerhandoff.event.CookieChoice(
                new RandomId(SignupIds.bytes(choice.visitor())),
                accepted,
                choice.documentSha256().map(Digests::parseHex).orElse(null),
                choice.method(),
                choice.chosenAt().isAfter(recordedAt) ? recordedAt : choice.chosenAt(),
                recordedAt,
                owner);
    }
}
