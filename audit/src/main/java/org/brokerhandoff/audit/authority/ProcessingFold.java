package org.brokerhandoff.audit.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.authority.ProcessingRecord.Activity;
import org.brokerhandoff.audit.authority.ProcessingRecord.Erasure;
import org.brokerhandoff.audit.authority.ProcessingRecord.Processing;
import org.brokerhandoff.audit.authority.ProcessingRecord.Recipient;
import org.brokerhandoff.audit.authority.ProcessingRecord.Spread;
import org.brokerhandoff.audit.verify.Kept;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.jspecify.annotations.Nullable;

/**
 * Folds all events into the record of processing, one partition after the other: between partitions only numbers and publications are kept.
 * An event that was published again counts once.
 */
public final class ProcessingFold {
    private final Map<UUID, Draft> drafts = new HashMap<>();
    private final Set<String> counted = new HashSet<>();
    private final Map<Processing, Numbers> activities = new EnumMap<>(Processing.class);
    private final Map<String, Long> accepted = new HashMap<>();
    private final SortedMap<PurgeLevel, Long> byLevel = new TreeMap<>();
    private final Sum untilKeyDestroyed = new Sum();
    private final Sum untilConfirmed = new Sum();
    private final Sum promised = new Sum();
    private final List<DirectoryPublished> directories = new ArrayList<>();
    private final List<PolicyPublished> policies = new ArrayList<>();
    private final Map<ServiceName, CustodyExamined> examinations = new EnumMap<>(ServiceName.class);
    private @Nullable OperatorPublished operator;
    private long purged;
    private long late;

    private static final class Draft {
        private @Nullable Instant receivedAt;
        private @Nullable Instant eraseBy;
        private @Nullable Purged purged;
        private final Kept kept = new Kept();
    }

    private static final class Numbers {
        private final SortedSet<DataCategory> categories = new TreeSet<>();
        private final SortedSet<String> countries = new TreeSet<>();
        private long number;
        private @Nullable Instant since;
    }

    private static final class Sum {
        private long number;
        private long millis;
        private long longest;

        void add(Duration duration) {
            number++;
            millis += duration.toMillis();
            longest = Math.max(longest, duration.toMillis());
        }

        Optional<Spread> spread() {
            return number == 0
                    ? Optional.empty()
                    : Optional.of(new Spread(Duration.ofMillis(millis / number), Duration.ofMillis(longest)));
        }
    }

    /** Adds an event of the current partition. */
    public void add(SpecificRecord event) {
        if (event instanceof ConsentGranted e) {
            if (once(e)) {
                count(Processing.BROKER_HANDOFF, e.getReceivedAt(), e.getDataCategories())
                        .countries
                        .add(e.getJurisdiction());
                taken(e, e.getReceivedAt(), e.getEraseBy());
            }
        } else if (event instanceof ContactReceived e) {
            if (once(e)) {
                count(
                        e.getConcerns() == null ? Processing.HELPDESK : Processing.RIGHTS_REQUESTS,
                        e.getReceivedAt(),
                        e.getDataCategories());
                taken(e, e.getReceivedAt(), e.getEraseBy());
            }
        } else if (event instanceof CookieChoice e) {
            if (once(e)) {
                count(Processing.COOKIE_CHOICES, e.getRecordedAt(), List.of());
            }
        } else if (event instanceof RightsRequested e) {
            if (once(e)) {
                count(Processing.RIGHTS_REQUESTS, e.getRequestedAt(), List.of());
            }
        } else if (event instanceof DisclosureRequested e) {
            if (once(e)) {
                count(Processing.DISCLOSURE_REQUESTS, e.getRequestedAt(), List.of());
            }
        } else if (event instanceof DisclosureDecided || event instanceof PreservationReleased) {
            draft(event).kept.add(event);
        } else if (event instanceof Delivered e) {
            if (once(e)) {
                accepted.merge(e.getBroker(), 1L, Long::sum);
            }
        } else if (event instanceof Purged e) {
            Draft draft = draft(e);
            // A later one may have verified more.
            if (draft.purged == null || draft.purged.getLevel().compareTo(e.getLevel()) < 0) {
                draft.purged = e;
            }
        } else {
            published(event);
        }
    }

    private void published(SpecificRecord event) {
        if (event instanceof OperatorPublished e) {
            operator = operator == null || operator.getPublishedAt().isBefore(e.getPublishedAt()) ? e : operator;
        } else if (event instanceof DirectoryPublished e) {
            directories.add(e);
        } else if (event instanceof PolicyPublished e) {
            policies.add(e);
        } else if (event instanceof CustodyExamined e) {
            examinations.merge(
                    e.getService(),
                    e,
                    (one, other) -> other.getExaminedAt().isBefore(one.getExaminedAt()) ? one : other);
        }
    }

    /** After the last event of a partition: nothing more follows about its signups. */
    public void endOfPartition() {
        drafts.values().forEach(this::conclude);
        drafts.clear();
        counted.clear();
    }

    private void conclude(Draft draft) {
        Purged purge = draft.purged;
        Instant receivedAt = draft.receivedAt;
        Instant eraseBy = draft.eraseBy;
        // A purge of what was never accepted belongs to a request that failed.
        if (receivedAt == null || eraseBy == null) {
            return;
        }
        promised.add(Duration.between(receivedAt, eraseBy));
        if (purge != null) {
            purged++;
            Instant due = draft.kept.due(receivedAt, eraseBy);
            late += purge.getPurgedAt().isAfter(due) || purge.getKeyErasedAt().isAfter(due) ? 1 : 0;
            byLevel.merge(purge.getLevel(), 1L, Long::sum);
            untilKeyDestroyed.add(Duration.between(receivedAt, purge.getKeyErasedAt()));
            untilConfirmed.add(Duration.between(receivedAt, purge.getPurgedAt()));
        }
    }

    private boolean once(SpecificRecord event) {
        return counted.add(EventId.of(event));
    }

    private Draft draft(SpecificRecord event) {
        return drafts.computeIfAbsent(EventId.signup(event).orElseThrow(), unused -> new Draft());
    }

    private void taken(SpecificRecord event, Instant receivedAt, Instant eraseBy) {
        Draft draft = draft(event);
        draft.receivedAt = receivedAt;
        draft.eraseBy = eraseBy;
    }

    private Numbers count(Processing processing, Instant at, Collection<DataCategory> categories) {
        Numbers numbers = activities.computeIfAbsent(processing, unused -> new Numbers());
        numbers.number++;
        numbers.since = numbers.since == null || at.isBefore(numbers.since) ? at : numbers.since;
        numbers.categories.addAll(categories);
        return numbers;
    }

    /** The result over all partitions. */
    public ProcessingRecord found(Instant readAt) {
        List<Activity> found = new ArrayList<>();
        activities.forEach((processing, numbers) -> {
            if (numbers.since != null) {
                found.add(
                        new Activity(processing, numbers.number, numbers.since, numbers.categories, numbers.countries));
            }
        });
        return new ProcessingRecord(
                readAt,
                Optional.ofNullable(operator),
                found,
                recipients(),
                new Erasure(
                        promised.spread().map(Spread::longest),
                        purged,
                        late,
                        untilKeyDestroyed.spread(),
                        untilConfirmed.spread(),
                        byLevel),
                List.copyOf(examinations.values()),
                inForce(readAt));
    }

    /** Those of the newest directory, and former ones that accepted something. */
    private List<Recipient> recipients() {
        Map<String, Recipient> recipients = new LinkedHashMap<>();
        directories.sort(
                Comparator.comparing(DirectoryPublished::getPublishedAt).reversed());
        for (DirectoryPublished version : directories) {
            boolean current = version.getDigest().equals(directories.get(0).getDigest());
            for (PublishedBroker broker : version.getBrokers()) {
                long number = accepted.getOrDefault(broker.getId(), 0L);
                if (current || number > 0) {
                    recipients.putIfAbsent(broker.getId(), new Recipient(broker, current, number));
                }
            }
        }
        return List.copyOf(recipients.values());
    }

    private List<PolicyPublished> inForce(Instant now) {
        List<PolicyTimeline.Text> texts =
                policies.stream().map(ProcessingFold::text).toList();
        Map<String, PolicyPublished> inForce = new LinkedHashMap<>();
        policies.stream()
                .filter(policy -> PolicyTimeline.of(policy.getKind(), texts).inForce(text(policy), now))
                .sorted(Comparator.comparing(PolicyPublished::getKind)
                        .thenComparing(PolicyPublished::getLanguage)
                        .thenComparing(PolicyPublished::getVersion))
                .forEach(policy -> inForce.putIfAbsent(EventId.of(policy), policy));
        return List.copyOf(inForce.values());
    }

    private static PolicyTimeline.Text text(PolicyPublished policy) {
        return new PolicyTimeline.Text(
                policy.getKind(), policy.getVersion(), policy.getEffectiveAt(), policy.getPublishedAt());
    }
}
