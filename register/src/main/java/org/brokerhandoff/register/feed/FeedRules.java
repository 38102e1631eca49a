package org.brokerhandoff.register.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.SignupOwner;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/** Which entry each event yields. Pure: the only place where an event becomes an entry. */
public final class FeedRules {
    /** How long before its deadline a request is reported: most have a month. */
    static final Duration WARNING = Duration.ofDays(7);

    /** The types of events that yield entries. */
    static final List<Class<? extends SpecificRecord>> TOLD = List.of(
            Assigned.class,
            Delivered.class,
            Undeliverable.class,
            Purged.class,
            ConsentWithdrawn.class,
            NoticeConfirmed.class,
            NoticeRefused.class,
            RightsRequestDecided.class,
            RightsRequestExtended.class,
            DisclosureQuestionAsked.class,
            BrokerSuspended.class,
            BrokerResumed.class);

    /** Their topics, a fact before its consequences. */
    static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private FeedRules() {}

    /** The entry for {@code event}; empty if websites do not get it. */
    public static Optional<FeedEntry> entry(SpecificRecord event) {
        if (event instanceof Assigned e) {
            return told(e, FeedType.SIGNUP_ASSIGNED, e.getDecidedAt(), "broker", e.getBroker());
        } else if (event instanceof Delivered e) {
            return told(e, FeedType.SIGNUP_DELIVERED, e.getAcceptedAt(), "broker", e.getBroker());
        } else if (event instanceof Undeliverable e) {
            return told(
                    e,
                    FeedType.SIGNUP_UNDELIVERABLE,
                    e.getDecidedAt(),
                    "reason",
                    e.getReason().name());
        } else if (event instanceof Purged e) {
            return told(
                    e,
                    FeedType.SIGNUP_PURGED,
                    e.getPurgedAt(),
                    "reason",
                    e.getReason().name(),
                    "level",
                    e.getLevel().name());
        } else if (event instanceof ConsentWithdrawn e) {
            return told(
                    e,
                    FeedType.WITHDRAWAL_RECORDED,
                    e.getWithdrawnAt(),
                    "outcome",
                    e.getOutcome().name(),
                    "method",
                    word(e.getMethod()));
        } else if (event instanceof NoticeConfirmed e) {
            return confirmed(e);
        } else if (event instanceof NoticeRefused e) {
            return told(
                    e,
                    FeedType.REQUEST_REFUSED,
                    e.getRefusedAt(),
                    "requestId",
                    id(e.getRequestId()),
                    "right",
                    word(e.getType()),
                    "broker",
                    e.getBroker(),
                    "ground",
                    word(e.getGround()));
        } else if (event instanceof RightsRequestDecided e) {
            return told(
                    e,
                    FeedType.REQUEST_DECIDED,
                    e.getDecidedAt(),
                    "requestId",
                    id(e.getRequestId()),
                    "decision",
                    word(e.getDecision()),
                    "ground",
                    word(e.getGround()));
        } else if (event instanceof RightsRequestExtended e) {
            return told(
                    e,
                    FeedType.REQUEST_EXTENDED,
                    e.getExtendedAt(),
                    "requestId",
                    id(e.getRequestId()),
                    "dueAt",
                    e.getDueAt().toString(),
                    "reason",
                    word(e.getReason()));
        } else if (event instanceof DisclosureQuestionAsked e) {
            return told(
                    e,
                    FeedType.QUESTION_PENDING,
                    e.getAskedAt(),
                    "questionId",
                    id(e.getQuestionId()),
                    "answerBy",
                    e.getAnswerBy().toString());
        } else if (event instanceof BrokerSuspended e) {
            return told(
                    e,
                    FeedType.BROKER_SUSPENDED,
                    e.getSuspendedAt(),
                    "broker",
                    e.getBroker(),
                    "reason",
                    word(e.getReason()),
                    "until",
                    e.getUntil().toString());
        } else if (event instanceof BrokerResumed e) {
            return told(e, FeedType.BROKER_RESUMED, e.getResumedAt(), "broker", e.getBroker());
        }
        return Optional.empty();
    }

    /**
     * The entry for an event; empty if there is none. An event about no signup concerns every website, a signup that was never accepted none.
     * New data of a rectification is not a signup: its entry says that the request is completed, or refused.
     *
     * @param whose the owners of the known ids
     * @param concerns whether a signup with such an owner concerns the receiver
     */
    public static Optional<FeedEntry> told(
            FeedEntry entry, Map<UUID, SignupOwner> whose, BiPredicate<UUID, Optional<String>> concerns) {
        if (entry.signupId().isEmpty()) {
            return Optional.of(entry);
        }
        UUID id = entry.signupId().get();
        SignupOwner owner = whose.get(id);
        if (owner == null) {
            return Optional.empty();
        }
        UUID signup = owner.rectified().map(SignupOwner.Rectified::signupId).orElse(id);
        if (!concerns.test(signup, owner.owner())) {
            return Optional.empty();
        }
        return owner.rectified().isPresent()
                ? rectification(entry, owner.rectified().get())
                : Optional.of(entry);
    }

    private static Optional<FeedEntry> rectification(FeedEntry entry, SignupOwner.Rectified of) {
        FeedType type;
        if (entry.type() == FeedType.SIGNUP_DELIVERED) {
            type = FeedType.REQUEST_COMPLETED;
        } else if (entry.type() == FeedType.SIGNUP_UNDELIVERABLE) {
            type = FeedType.REQUEST_REFUSED;
        } else {
            return Optional.empty();
        }
        Map<String, String> data =
                members("requestId", of.requestId().toString(), "right", word(RightsType.RECTIFICATION));
        data.putAll(entry.data());
        return Optional.of(new FeedEntry(entry.id(), type, entry.timestamp(), Optional.of(of.signupId()), data));
    }

    /** When the website of an open request is reminded of its deadline: not before the request was made. */
    public static Instant toldAt(OpenRightsRequest request) {
        Instant early = request.dueAt().minus(WARNING);
        return early.isAfter(request.requestedAt()) ? early : request.requestedAt();
    }

    /** The reminder of an unanswered request that is due soon. An extended one is reminded again, as another fact. */
    public static FeedEntry deadlineNear(OpenRightsRequest request) {
        String fact = request.signupId() + "/rights/" + request.requestId() + "/deadline-near/"
                + request.dueAt().toEpochMilli();
        return FeedEntry.of(
                fact,
                FeedType.REQUEST_DEADLINE_NEAR,
                toldAt(request),
                Optional.of(request.signupId()),
                members(
                        "requestId",
                        request.requestId().toString(),
                        "right",
                        word(request.type()),
                        "dueAt",
                        request.dueAt().toString()));
    }

    /**
     * The requests with a reminder between two times, in sending order.
     *
     * @param from inclusive
     * @param until exclusive
     */
    public static List<OpenRightsRequest> deadlines(Collection<OpenRightsRequest> open, Instant from, Instant until) {
        return open.stream()
                .filter(request ->
                        !toldAt(request).isBefore(from) && toldAt(request).isBefore(until))
                .sorted(Comparator.comparing(FeedRules::toldAt).thenComparing(OpenRightsRequest::requestId))
                .toList();
    }

    private static Optional<FeedEntry> confirmed(NoticeConfirmed e) {
        return e.getType() == NoticeType.WITHDRAWAL
                ? told(e, FeedType.WITHDRAWAL_CONFIRMED, e.getConfirmedAt(), "broker", e.getBroker())
                : told(
                        e,
                        FeedType.REQUEST_COMPLETED,
                        e.getConfirmedAt(),
                        "requestId",
                        id(e.getRequestId()),
                        "right",
                        word(e.getType()),
                        "broker",
                        e.getBroker());
    }

    private static Optional<FeedEntry> told(SpecificRecord event, FeedType type, Instant at, String... members) {
        return Optional.of(FeedEntry.of(EventId.of(event), type, at, EventId.signup(event), members(members)));
    }

    /** Alternating names and values; the member of an absent value is omitted. */
    private static Map<String, String> members(String... namesAndValues) {
        Map<String, String> members = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            if (!namesAndValues[at + 1].isEmpty()) {
                members.put(namesAndValues[at], namesAndValues[at + 1]);
            }
        }
        return members;
    }

    private static String id(@Nullable RandomId id) {
        return id == null ? "" : SignupIds.uuid(id.bytes()).toString();
    }

    /** A constant as the HTTP interface writes it. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
