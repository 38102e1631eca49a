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
 * The answer to who asked that data of a signup be disclosed: granted, with what the log says within the scope that was granted; or refused, with the
 * ground and nothing of the signup. Of events that are in the log twice the first counts.
 *
 * @param entered what was asked for
 * @param ruling what was decided
 * @param question what the person was asked and has answered, where the decision rests on that
 * @param signup what is known of the signup; empty for a refusal, and where the log has the request alone
 * @param contact what became of how to reach the requester
 */
public record DisclosureLetter(
        UUID signupId,
        Entered entered,
        Ruling ruling,
        Optional<Question> question,
        Optional<RecipientLetter> signup,
        Optional<Contact> contact,
        Instant readAt) {
    /** What was asked for, and by whom. */
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
     * What was decided.
     *
     * @param byAnother whether another actor decided it than who entered it
     * @param preservedUntil until when what is held is kept instead of the time that was promised; empty: that stays
     * @param releasedAt when that was ended before its time
     */
    public record Ruling(
            Instant at,
            RequestDecision decision,
            DisclosureGround ground,
            boolean byAnother,
            Optional<Instant> preservedUntil,
            Optional<Instant> releasedAt) {
        /** Whether it rests on what the person answered, or did not. */
        boolean restsOnPerson() {
            return ground == DisclosureGround.PERSON_CONSENTED || ground == DisclosureGround.PERSON_REFUSED;
        }
    }

    /**
     * What the person was asked.
     *
     * @param consented what they answered in time; empty if nothing, which is a refusal
     * @param answeredAt when
     */
    public record Question(
            Instant askedAt, Instant answerBy, Optional<Boolean> consented, Optional<Instant> answeredAt) {}

    /**
     * How to reach the requester, which was sealed.
     *
     * @param messageId the id under which it was sealed
     * @param handedOver whether the helpdesk took it
     * @param destroyedAt when it was destroyed here; empty while that is not confirmed
     */
    public record Contact(UUID messageId, boolean handedOver, Optional<Instant> destroyedAt) {}

    /**
     * The letter about {@code requestId}.
     *
     * @param events of the signup, and of the sealed message, those of each topic in order; others are passed over
     * @param directories the published versions, of which the newest names a broker
     * @return empty if the request is not in the log, or is not decided
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

    /** Whether the answer has this part: it was granted, and asked for. Who has the data is told where the data was asked for, too. */
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
