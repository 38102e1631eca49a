package org.brokerhandoff.audit.trace;

import java.time.Instant;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** Time line entries of requests for disclosure. */
final class DisclosureEntries {
    private DisclosureEntries() {}

    /** Passes the content of an event to {@code to}, and returns when it happened; null if it is not about a request for disclosure. */
    static @Nullable Instant describe(SpecificRecord event, BiConsumer<String, @Nullable Object> to) {
        if (event instanceof DisclosureRequested e) {
            to.accept("request", id(e.getRequestId()));
            to.accept("by", new Said.From(e.getRequester(), e.getCountry()));
            to.accept("basis", RightsEntries.worded(e.getBasis()));
            to.accept("scope", new Said.Worded(e.getScope()));
            to.accept("orders preservation", e.getPreservation() ? true : null);
            to.accept("keep until", e.getPreserveUntil());
            to.accept("contact sealed as", e.getSealedAs() == null ? null : SignupIds.uuid(e.getSealedAs()));
            to.accept("actor", e.getActor());
            return e.getRequestedAt();
        } else if (event instanceof DisclosureQuestionAsked e) {
            to.accept("request", id(e.getRequestId()));
            to.accept("question", id(e.getQuestionId()));
            to.accept("answer by", e.getAnswerBy());
            to.accept("actor", e.getActor());
            return e.getAskedAt();
        } else if (event instanceof DisclosureQuestionAnswered e) {
            to.accept("request", id(e.getRequestId()));
            to.accept("question", id(e.getQuestionId()));
            to.accept("consented", e.getConsented());
            to.accept("by", RightsEntries.worded(e.getMethod()));
            to.accept("actor", e.getActor());
            return e.getAnsweredAt();
        } else if (event instanceof DisclosureDecided e) {
            to.accept("request", id(e.getRequestId()));
            to.accept("decision", RightsEntries.worded(e.getDecision()));
            to.accept("ground", RightsEntries.worded(e.getGround()));
            to.accept("kept until", e.getPreservedUntil());
            to.accept("actor", e.getActor());
            return e.getDecidedAt();
        } else if (event instanceof PreservationReleased e) {
            to.accept("request", id(e.getRequestId()));
            to.accept("actor", e.getActor());
            return e.getReleasedAt();
        }
        return null;
    }

    private static Object id(RandomId id) {
        return SignupIds.uuid(id.bytes());
    }
}
