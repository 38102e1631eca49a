package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Kept;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * Open matters, folded from events. Keeps what is unfinished: a signup until its purge, a request until its decision, a notice until its
 * answer. Topics may be read slightly out of step: a purge read before its consent is remembered. Not thread-safe.
 *
 * <p>A simplified view for daily work; the verdict of {@code verify} is authoritative.
 */
final class LiveState {
    /** The types of events that change this state. */
    static final List<Class<? extends SpecificRecord>> EVENTS = List.of(
            ConsentGranted.class,
            ContactReceived.class,
            Purged.class,
            Delivered.class,
            RightsRequested.class,
            RightsRequestExtended.class,
            RightsRequestDecided.class,
            DisclosureRequested.class,
            DisclosureQuestionAsked.class,
            DisclosureDecided.class,
            PreservationReleased.class,
            NoticeSent.class,
            NoticeEscalated.class,
            NoticeConfirmed.class,
            NoticeRefused.class,
            DirectoryPublished.class,
            BrokerSuspended.class,
            BrokerResumed.class,
            LogErased.class,
            CustodyExamined.class);

    /** Notices are escalated after a day, unless the operator configured otherwise. */
    private static final Duration NOTICE_DUE = Duration.ofDays(1);

    private static final int MOST_EARLY = 200_000;

    private final Map<UUID, LiveView.Held> held = new HashMap<>();
    /** For signups held under an order. */
    private final Map<UUID, Kept> kept = new HashMap<>();

    private final Map<Object, Work> work = new HashMap<>();
    /** Ends that were read before their beginnings; some have none, so the oldest are evicted. */
    private final Map<Object, Boolean> early = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
            return size() > MOST_EARLY;
        }
    };

    private final Map<String, Contacts> contacts = new HashMap<>();
    private final Map<Integer, Instant> agents = new TreeMap<>();
    private final Map<String, CustodyExamined> examinations = new TreeMap<>();
    private @Nullable DirectoryPublished directory;

    private static final class Contacts {
        private long accepted;
        private @Nullable Instant lastAcceptedAt;
        private @Nullable Instant suspendedUntil;
        private @Nullable Instant lastNoticeConfirmedAt;
    }

    private record NoticeKey(
            UUID signup,
            String broker,
            NoticeType type,
            @Nullable RandomId request) {}

    /** Adds an event; types without an effect are skipped. */
    void take(SpecificRecord event) {
        if (event instanceof ConsentGranted e) {
            begin(SignupIds.uuid(e.getSignupId()), e.getReceivedAt(), e.getEraseBy());
        } else if (event instanceof ContactReceived e) {
            begin(SignupIds.uuid(e.getSignupId()), e.getReceivedAt(), e.getEraseBy());
        } else if (event instanceof Purged e) {
            UUID id = SignupIds.uuid(e.getSignupId());
            kept.remove(id);
            if (held.remove(id) == null) {
                early.put(id, true);
            }
        } else if (event instanceof Delivered e) {
            Contacts broker = contacts(e.getBroker());
            broker.accepted++;
            broker.lastAcceptedAt = later(broker.lastAcceptedAt, e.getAcceptedAt());
        } else if (!request(event) && !notice(event)) {
            published(event);
        }
    }

    private void begin(UUID id, Instant receivedAt, Instant eraseBy) {
        if (early.remove(id) == null) {
            Kept orders = kept.get(id);
            Instant due = orders == null ? eraseBy : orders.due(receivedAt, eraseBy);
            held.put(id, new LiveView.Held(id, receivedAt, eraseBy, due));
        }
    }

    /** An order for a signup that is purged, or not yet accepted, has no effect: orders for held ones follow their acceptance. */
    private void keep(UUID id, SpecificRecord event) {
        LiveView.Held signup = held.get(id);
        if (signup != null) {
            Kept orders = kept.computeIfAbsent(id, unused -> new Kept());
            orders.add(event);
            held.put(id, signup.due(orders.due(signup.receivedAt(), signup.eraseBy())));
        }
    }

    private boolean request(SpecificRecord event) {
        if (event instanceof RightsRequested e) {
            UUID request = SignupIds.uuid(e.getRequestId().bytes());
            if (isOwed(e)) {
                open(
                        request,
                        new Work(
                                Work.Kind.REQUEST,
                                e.getType(),
                                SignupIds.uuid(e.getSignupId()),
                                Optional.of(request),
                                Optional.empty(),
                                e.getRequestedAt(),
                                Optional.of(e.getDueAt()),
                                false));
            }
        } else if (event instanceof RightsRequestExtended e) {
            change(e.getRequestId(), work -> work.until(e.getDueAt()));
        } else if (event instanceof RightsRequestDecided e) {
            close(SignupIds.uuid(e.getRequestId().bytes()));
        } else if (event instanceof DisclosureRequested e) {
            UUID request = SignupIds.uuid(e.getRequestId().bytes());
            open(
                    request,
                    new Work(
                            Work.Kind.DISCLOSURE,
                            e.getBasis(),
                            SignupIds.uuid(e.getSignupId()),
                            Optional.of(request),
                            Optional.empty(),
                            e.getRequestedAt(),
                            Optional.empty(),
                            false));
        } else if (event instanceof DisclosureQuestionAsked e) {
            change(e.getRequestId(), work -> work.until(e.getAnswerBy()));
        } else if (event instanceof DisclosureDecided e) {
            close(SignupIds.uuid(e.getRequestId().bytes()));
            if (e.getPreservedUntil() != null) {
                keep(SignupIds.uuid(e.getSignupId()), e);
            }
        } else if (event instanceof PreservationReleased e) {
            keep(SignupIds.uuid(e.getSignupId()), e);
        } else {
            return false;
        }
        return true;
    }

    /** Access and portability are answered at once; a request that found the data here, and is no objection, is done; new data continues as a signup. */
    private static boolean isOwed(RightsRequested e) {
        return switch (e.getType()) {
            case ACCESS, PORTABILITY -> false;
            case RECTIFICATION -> e.getSealedAs() == null;
            case ERASURE, RESTRICTION ->
                e.getFound() == HoldingFound.HANDOFF_STARTED || e.getFound() == HoldingFound.ENDED;
            case OBJECTION -> true;
        };
    }

    private boolean notice(SpecificRecord event) {
        if (event instanceof NoticeSent e) {
            if (e.getOutcome() != NoticeOutcome.COMPLETED && e.getOutcome() != NoticeOutcome.REFUSED) {
                NoticeKey key =
                        new NoticeKey(SignupIds.uuid(e.getSignupId()), e.getBroker(), e.getType(), e.getRequestId());
                open(key, owed(key, e.getRequestedAt()));
            }
        } else if (event instanceof NoticeEscalated e) {
            NoticeKey key =
                    new NoticeKey(SignupIds.uuid(e.getSignupId()), e.getBroker(), e.getType(), e.getRequestId());
            open(key, owed(key, e.getRequestedAt()));
            work.computeIfPresent(key, (same, owed) -> owed.asEscalated());
        } else if (event instanceof NoticeConfirmed e) {
            Contacts broker = contacts(e.getBroker());
            broker.lastNoticeConfirmedAt = later(broker.lastNoticeConfirmedAt, e.getConfirmedAt());
            answered(new NoticeKey(SignupIds.uuid(e.getSignupId()), e.getBroker(), e.getType(), e.getRequestId()));
        } else if (event instanceof NoticeRefused e) {
            answered(new NoticeKey(SignupIds.uuid(e.getSignupId()), e.getBroker(), e.getType(), e.getRequestId()));
        } else {
            return false;
        }
        return true;
    }

    private static Work owed(NoticeKey key, Instant since) {
        return new Work(
                Work.Kind.NOTICE,
                key.type(),
                key.signup(),
                Optional.ofNullable(key.request()).map(request -> SignupIds.uuid(request.bytes())),
                Optional.of(key.broker()),
                since,
                Optional.of(since.plus(NOTICE_DUE)),
                false);
    }

    /** The holder has answered: an erasure or a restriction is then done; an objection remains for the operator to decide. */
    private void answered(NoticeKey key) {
        close(key);
        if (key.request() != null && key.type() != NoticeType.OBJECTION) {
            close(SignupIds.uuid(key.request().bytes()));
        }
    }

    private void open(Object key, Work opened) {
        if (!early.containsKey(key)) {
            work.putIfAbsent(key, opened);
        }
    }

    private void close(Object key) {
        work.remove(key);
        // Sendings and requests read later, or published again, are over.
        early.put(key, true);
    }

    private void change(RandomId request, UnaryOperator<Work> change) {
        work.computeIfPresent(SignupIds.uuid(request.bytes()), (same, old) -> change.apply(old));
    }

    private void published(SpecificRecord event) {
        if (event instanceof DirectoryPublished e) {
            directory = directory == null || directory.getPublishedAt().isBefore(e.getPublishedAt()) ? e : directory;
        } else if (event instanceof BrokerSuspended e) {
            Contacts broker = contacts(e.getBroker());
            broker.suspendedUntil = later(broker.suspendedUntil, e.getUntil());
        } else if (event instanceof BrokerResumed e) {
            contacts(e.getBroker()).suspendedUntil = null;
        } else if (event instanceof LogErased e) {
            agents.merge(e.getBroker(), e.getObservedAt(), LiveState::later);
        } else if (event instanceof CustodyExamined e) {
            examinations.merge(
                    e.getService().name(),
                    e,
                    (one, other) -> other.getExaminedAt().isBefore(one.getExaminedAt()) ? one : other);
        }
    }

    private Contacts contacts(String broker) {
        return contacts.computeIfAbsent(broker, unused -> new Contacts());
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    /** The view at {@code now}. */
    LiveView view(Instant now) {
        Map<String, PurgeLevel> custody = new TreeMap<>();
        examinations.forEach((service, examined) -> custody.put(service, examined.getHighestLevel()));
        return new LiveView(
                now,
                held.size(),
                held.values().stream().min(Comparator.comparing(LiveView.Held::receivedAt)),
                held.values().stream().filter(each -> each.due().isBefore(now)).count(),
                work.values().stream()
                        .sorted(Work.BY_DEADLINE)
                        .limit(LiveView.MOST_WORK)
                        .toList(),
                work.size(),
                work.values().stream().filter(Work::escalated).count(),
                brokers(now),
                agents,
                custody);
    }

    private List<BrokerState> brokers(Instant now) {
        return directory == null
                ? List.of()
                : directory.getBrokers().stream()
                        .map(broker -> state(broker, now))
                        .toList();
    }

    private BrokerState state(PublishedBroker broker, Instant now) {
        Contacts known = contacts.getOrDefault(broker.getId(), new Contacts());
        return new BrokerState(
                broker,
                known.accepted,
                Optional.ofNullable(known.lastAcceptedAt),
                Optional.ofNullable(known.suspendedUntil).filter(until -> until.isAfter(now)),
                Optional.ofNullable(known.lastNoticeConfirmedAt));
    }
}
