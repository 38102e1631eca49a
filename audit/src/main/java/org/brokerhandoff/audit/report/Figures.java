package org.brokerhandoff.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.AuditListener;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.Standing;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * Figures of a log, collected while it is read and judged. Keeps counts, with a few ids each; brokers are those ever published, countries
 * form a closed list. Several threads may add; read only when nothing more is added.
 */
public final class Figures implements AuditListener {
    /** Of signups whose consent names no country, such as messages. */
    static final String NO_COUNTRY = "";

    private static final int MOST_BROKERS = 500;
    private static final String OTHER_BROKERS = "…";

    /** A signup that is held. */
    record Held(UUID signupId, Instant receivedAt, Instant eraseBy, boolean preserved) {}

    /** Progress of matters of one kind, by signup or by request. */
    static final class Matters {
        final Ids all = new Ids();
        final Map<Standing.State, Ids> byState = new EnumMap<>(Standing.State.class);
        final Ids overdue = new Ids();

        void add(UUID id, Standing.State state) {
            all.add(id);
            byState.computeIfAbsent(state, unused -> new Ids()).add(id);
        }

        Ids in(Standing.State state) {
            return byState.getOrDefault(state, new Ids());
        }
    }

    private final Instant now;
    final Ids consents = new Ids();
    final Ids messages = new Ids();
    final Ids handedOver = new Ids();
    final Map<PurgeLevel, Ids> purged = new EnumMap<>(PurgeLevel.class);
    final Ids held = new Ids();
    final Ids overdue = new Ids();
    private final PriorityQueue<Held> soonest =
            new PriorityQueue<>(Comparator.comparing(Held::eraseBy).reversed());
    final Durations untilDestroyed = new Durations();
    final Durations untilUnreachable = new Durations();
    final Durations untilErased = new Durations();
    final SortedMap<String, BrokerFigures> brokers = new TreeMap<>();
    final Ids withdrawnBefore = new Ids();
    final Matters withdrawnAfter = new Matters();
    final Map<RightsType, Matters> requests = new EnumMap<>(RightsType.class);
    final Matters disclosures = new Matters();
    final Ids asked = new Ids();
    final Map<CanaryVerdict, Ids> canaries = new EnumMap<>(CanaryVerdict.class);
    private long longestPromiseMillis;

    private @Nullable Instant firstAppended;
    private @Nullable Instant lastAppended;
    private @Nullable DirectoryPublished directory;
    private @Nullable OperatorPublished operator;
    final Map<DocumentKind, Long> documents = new EnumMap<>(DocumentKind.class);
    long cookieChoices;
    long examinations;

    /** Figures as of {@code now}, the auditor's clock. */
    public Figures(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized void read(KeptRecord record) {
        Instant at = record.appendedAt();
        firstAppended = firstAppended == null || at.isBefore(firstAppended) ? at : firstAppended;
        lastAppended = lastAppended == null || at.isAfter(lastAppended) ? at : lastAppended;
        record.event().ifPresent(this::take);
    }

    private void take(SpecificRecord event) {
        if (event instanceof Assigned e) {
            excluded(e.getExclusions(), SignupIds.uuid(e.getSignupId()));
        } else if (event instanceof Postponed e) {
            excluded(e.getExclusions(), SignupIds.uuid(e.getSignupId()));
        } else if (event instanceof Undeliverable e) {
            excluded(e.getExclusions(), SignupIds.uuid(e.getSignupId()));
        } else if (event instanceof CanaryChecked e) {
            canaries.computeIfAbsent(e.getVerdict(), unused -> new Ids()).add(SignupIds.uuid(e.getSignupId()));
        } else if (event instanceof CookieChoice) {
            cookieChoices++;
        } else if (event instanceof PolicyPublished e) {
            documents.merge(e.getKind(), 1L, Long::sum);
        } else if (event instanceof CustodyExamined) {
            examinations++;
        } else if (event instanceof DirectoryPublished e) {
            directory = directory == null || directory.getPublishedAt().isBefore(e.getPublishedAt()) ? e : directory;
        } else if (event instanceof OperatorPublished e) {
            operator = operator == null || operator.getPublishedAt().isBefore(e.getPublishedAt()) ? e : operator;
        }
    }

    private void excluded(List<Exclusion> exclusions, UUID signup) {
        exclusions.forEach(each -> broker(each.getBroker()).excluded(each.getReason(), signup));
    }

    @Override
    public synchronized void judged(Standing signup) {
        UUID id = signup.signupId();
        signup.promise().ifPresent(promise -> accepted(signup, promise));
        signup.destroyed()
                .ifPresent(destroyed -> purged.computeIfAbsent(destroyed.level(), unused -> new Ids())
                        .add(id));
        String country = signup.country().orElse(NO_COUNTRY);
        signup.assigned().forEach(broker -> broker(broker).assigned(country, id));
        signup.accepted().forEach(broker -> broker(broker).accepted(country, id));
        signup.refused().forEach(broker -> broker(broker).refused(country, id));
        signup.withdrawn().ifPresent(withdrawn -> {
            if (withdrawn.beforeHandoff()) {
                withdrawnBefore.add(id);
            } else {
                withdrawnAfter.add(id, withdrawn.told());
            }
        });
        for (Standing.Asked request : signup.requests()) {
            Matters matters = requests.computeIfAbsent(request.type(), unused -> new Matters());
            matters.add(request.requestId(), request.state());
            if (owed(request.state()) && request.dueAt().isBefore(now)) {
                matters.overdue.add(request.requestId());
            }
        }
        for (Standing.Disclosure disclosure : signup.disclosures()) {
            disclosures.add(disclosure.requestId(), disclosure.state());
            if (disclosure.personAsked()) {
                asked.add(disclosure.requestId());
            }
        }
    }

    static boolean owed(Standing.State state) {
        return state == Standing.State.OPEN || state == Standing.State.ESCALATED;
    }

    private void accepted(Standing signup, Standing.Promise promise) {
        UUID id = signup.signupId();
        (signup.message() ? messages : consents).add(id);
        longestPromiseMillis = Math.max(
                longestPromiseMillis,
                Duration.between(promise.receivedAt(), promise.eraseBy()).toMillis());
        if (!signup.accepted().isEmpty()) {
            handedOver.add(id);
        }
        if (signup.held()) {
            // The oldest are named.
            held.add(id, -promise.receivedAt().toEpochMilli());
            soonest.add(new Held(
                    id,
                    promise.receivedAt(),
                    promise.due(),
                    promise.preservedUntil().isPresent()));
            if (soonest.size() > Ids.MOST_NAMED) {
                soonest.remove();
            }
            if (promise.due().isBefore(now)) {
                overdue.add(id, -promise.due().toEpochMilli());
            }
        }
        signup.destroyed().ifPresent(destroyed -> {
            untilDestroyed.add(id, Duration.between(promise.receivedAt(), destroyed.keyDestroyedAt()));
            destroyed
                    .unreachableAt()
                    .ifPresent(at -> untilUnreachable.add(id, Duration.between(promise.receivedAt(), at)));
            if (destroyed.level() == PurgeLevel.ERASED) {
                untilErased.add(id, Duration.between(promise.receivedAt(), destroyed.claimedAt()));
            }
        });
    }

    private BrokerFigures broker(String id) {
        return brokers.computeIfAbsent(
                brokers.size() < MOST_BROKERS ? id : OTHER_BROKERS, unused -> new BrokerFigures());
    }

    /** The held ones whose purge is due first, in that order. */
    List<Held> soonest() {
        List<Held> sorted = new ArrayList<>(soonest);
        sorted.sort(Comparator.comparing(Held::eraseBy));
        return sorted;
    }

    /** The longest promised time. */
    Duration longestPromise() {
        return Duration.ofMillis(longestPromiseMillis);
    }

    /** From the first to the last record, by append time. */
    Optional<Instant> firstAppended() {
        return Optional.ofNullable(firstAppended);
    }

    /** See {@link #firstAppended}. */
    Optional<Instant> lastAppended() {
        return Optional.ofNullable(lastAppended);
    }

    /** The newest directory. */
    Optional<DirectoryPublished> directory() {
        return Optional.ofNullable(directory);
    }

    /** The operator's latest publication. */
    Optional<OperatorPublished> operator() {
        return Optional.ofNullable(operator);
    }

    /** The reference clock. */
    Instant now() {
        return now;
    }
}
