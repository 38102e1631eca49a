package org.brokerhandoff.audit.authority;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The answer to a requester of disclosure of a signup's data: granted, with the log's content within the granted scope; or refused, with the
 * ground and nothing of the signup. The first of duplicate events counts.
 *
 * @param entered the request
 * @param ruling the decision
 * @param question the person's question and answer, if the decision rests on them
 * @param signup what is known of the signup; empty for a refusal, and if the log has only the request
 * @param contact the fate of the requester's contact details
 */
public record DisclosureLetter(
        UUID signupId,
        Entered entered,
        Ruling ruling,
        Optional<Question> question,
        Optional<RecipientLetter> signup,
        Optional<Contact> contact,
        Instant readAt) {
    /** The request and the requester. */
    public record Entered(
            UUID requestId,
            Instant at,
            DisclosureRequester requester,
            String country,
            DisclosureBasis basis,
            List<DisclosureScope> scope,
            boolean preservation) {
        /** Copies the list. */
        public Entered {
            scope = List.copyOf(scope);
        }
    }

    /**
     * The decision.
     *
     * @param byAnother whether the deciding actor is not the one who entered it
     * @param preservedUntil until when held data is kept beyond the promised time; empty: no change
     * @param releasedAt when that was ended early
     */
    public record Ruling(
            Instant at,
            RequestDecision decision,
            DisclosureGround ground,
            boolean byAnother,
            Optional<Instant> preservedUntil,
            Optional<Instant> releasedAt) {
        /** Whether it rests on the person's answer, or its absence. */
        boolean restsOnPerson() {
            return ground == DisclosureGround.PERSON_CONSENTED || ground == DisclosureGround.PERSON_REFUSED;
        }
    }

    /**
     * The question to the person.
     *
     * @param consented the answer in time; empty if none, which is a refusal
     * @param answeredAt when
     */
    public record Question(
            Instant askedAt, Instant answerBy, Optional<Boolean> consented, Optional<Instant> answeredAt) {}

    /**
     * The requester's sealed contact details.
     *
     * @param messageId the id under which it was sealed
     * @param handedOver whether the helpdesk accepted it
     * @param destroyedAt when it was destroyed here; empty until that is confirmed
     */
    public record Contact(UUID messageId, boolean handedOver, Optional<Instant> destroyedAt) {}

    /**
     * The letter about {@code requestId}.
     *
     * @param events of the signup, and of the sealed message, those of each topic in order; others are skipped
     * @param directories the published versions; the newest that has a broker names it
     * @return empty if the request is not in the log, or not decided
     */
    public static Optional<DisclosureLetter> of(
            UUID requestId,
            Collection<? extends SpecificRecord> events,
            Collection<DirectoryPublished> directories,
            Instant readAt) {
        Optional<DisclosureRequested> requested = first(events, DisclosureRequested.class, requestId);
        Optional<Ruling> ruling = first(events, DisclosureDecided.class, requestId)
                .map(decided -> new Ruling(
                        decided.getDecidedAt(),
                        decided.getDecision(),
                        decided.getGround(),
                        requested.isPresent()
                                && !decided.getActor().equals(requested.get().getActor()),
                        Optional.ofNullable(decided.getPreservedUntil()),
                        first(events, PreservationReleased.class, requestId).map(PreservationReleased::getReleasedAt)));
        if (requested.isEmpty() || ruling.isEmpty()) {
            return Optional.empty();
        }
        UUID signupId = SignupIds.uuid(requested.get().getSignupId());
        boolean granted = ruling.get().decision() == RequestDecision.GRANTED;
        return Optional.of(new DisclosureLetter(
                signupId,
                entered(requestId, requested.get()),
                ruling.get(),
                ruling.get().restsOnPerson() ? question(events, requestId) : Optional.empty(),
                granted ? RecipientLetter.of(signupId, events, directories, readAt) : Optional.empty(),
                Optional.ofNullable(requested.get().getSealedAs())
                        .map(SignupIds::uuid)
                        .map(message -> contact(events, message)),
                readAt));
    }

    private static Entered entered(UUID requestId, DisclosureRequested requested) {
        return new Entered(
                requestId,
                requested.getRequestedAt(),
                requested.getRequester(),
                requested.getCountry(),
                requested.getBasis(),
                requested.getScope(),
                requested.getPreservation());
    }

    private static Optional<Question> question(Collection<? extends SpecificRecord> events, UUID requestId) {
        return first(events, DisclosureQuestionAsked.class, requestId).map(asked -> {
            Optional<DisclosureQuestionAnswered> answer = first(events, DisclosureQuestionAnswered.class, requestId)
                    .filter(given -> given.getQuestionId().equals(asked.getQuestionId())
                            && !given.getAnsweredAt().isAfter(asked.getAnswerBy()));
            return new Question(
                    asked.getAskedAt(),
                    asked.getAnswerBy(),
                    answer.map(DisclosureQuestionAnswered::getConsented),
                    answer.map(DisclosureQuestionAnswered::getAnsweredAt));
        });
    }

    private static Contact contact(Collection<? extends SpecificRecord> events, UUID message) {
        Optional<Purged> purged = events.stream()
                .filter(event -> event instanceof Purged
                        && EventId.signup(event).filter(message::equals).isPresent())
                .map(Purged.class::cast)
                .findFirst();
        return new Contact(
                message,
                purged.filter(purge -> purge.getReason() == PurgeReason.DELIVERED)
                        .isPresent(),
                purged.map(Purged::getKeyErasedAt));
    }

    private static <E extends SpecificRecord> Optional<E> first(
            Collection<? extends SpecificRecord> events, Class<E> type, UUID requestId) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> requestId.equals(requestId(event)))
                .findFirst();
    }

    /** The id of the request for disclosure that an event belongs to. */
    private static UUID requestId(SpecificRecord event) {
        return SignupIds.uuid(
                ((RandomId) event.get(event.getSchema().getField("requestId").pos())).bytes());
    }

    /** Whether {@code event} entered the request {@code requestId}. */
    public static boolean enters(UUID requestId, SpecificRecord event) {
        return event instanceof DisclosureRequested && requestId.equals(requestId(event));
    }

    /** Whether the answer has this part: granted and requested. A request for the data also covers its holders. */
    boolean tells(DisclosureScope part) {
        return signup.isPresent()
                && (entered.scope().contains(part)
                        || (part != DisclosureScope.CONSENT
                                && entered.scope().contains(DisclosureScope.PERSONAL_DATA)));
    }

    boolean granted() {
        return ruling.decision() == RequestDecision.GRANTED;
    }
}
