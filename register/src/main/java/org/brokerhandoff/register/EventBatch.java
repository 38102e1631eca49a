package org.brokerhandoff.register;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Events for the database, folded per signup: under load most signups have all their events in one batch, and so cost one statement.
 */
final class EventBatch {
    private static final Set<Class<?>> KEPT_TYPES = Arrays.stream(Topic.values())
            .filter(Topic::kept)
            .flatMap(topic -> topic.recordTypes().stream())
            .collect(Collectors.toUnmodifiableSet());

    private final Map<UUID, SignupFacts> signups = new HashMap<>();
    private final List<Refused> refusals = new ArrayList<>();
    private final List<Assigned> assignments = new ArrayList<>();
    private final List<Released> releases = new ArrayList<>();
    private final List<AttemptMade> undecided = new ArrayList<>();
    private final List<SpecificRecord> notices = new ArrayList<>();
    private final List<SpecificRecord> requests = new ArrayList<>();
    private final List<PolicyPublished> policies = new ArrayList<>();
    private final List<CookieChoice> cookieChoices = new ArrayList<>();
    private final List<SpecificRecord> disclosures = new ArrayList<>();
    private final List<DirectoryPublished> directories = new ArrayList<>();
    private int events;
    private int unreadable;

    /** Adds the decoded event of a record of {@code topic}. */
    void add(Topic topic, Decoded decoded) {
        events++;
        if (!(decoded instanceof Decoded.Event event)
                || !topic.recordTypes().contains(event.event().getClass())
                || !take(event.event())) {
            unreadable++;
        }
    }

    /** Whether the register knows the event and can store it. */
    private boolean take(SpecificRecord event) {
        if (event instanceof ConsentGranted e) {
            if (!plain(e.getPolicyVersion())
                    || !plain(e.getLanguage())
                    || !plain(e.getJurisdiction())
                    || !e.getRecipients().stream().allMatch(EventBatch::plain)) {
                return false;
            }
            facts(e.getSignupId()).add(e);
        } else if (event instanceof ContactReceived e) {
            if (!e.getRecipients().stream().allMatch(EventBatch::plain)) {
                return false;
            }
            facts(e.getSignupId()).add(e);
        } else if (event instanceof Assigned e) {
            if (!plain(e.getBroker())) {
                return false;
            }
            facts(e.getSignupId()).add(e);
            assignments.add(e);
        } else if (event instanceof Delivered e) {
            if (!plain(e.getBroker())) {
                return false;
            }
            facts(e.getSignupId()).add(e);
        } else if (event instanceof Purged e) {
            facts(e.getSignupId()).add(e);
        } else if (event instanceof ConsentWithdrawn e) {
            facts(e.getSignupId()).add(e);
        } else if (event instanceof Undeliverable e) {
            facts(e.getSignupId()).add(e);
        } else if (event instanceof Refused e) {
            if (!plain(e.getBroker())) {
                return false;
            }
            refusals.add(e);
        } else if (event instanceof Released e) {
            if (!plain(e.getBroker())) {
                return false;
            }
            releases.add(e);
        } else if (event instanceof AttemptMade e) {
            if (!plain(e.getBroker())) {
                return false;
            }
            if (e.getOutcome() != AttemptOutcome.NOT_SENT) {
                undecided.add(e);
            }
        } else if (event instanceof NoticeSent e) {
            return notice(e.getBroker(), e);
        } else if (event instanceof NoticeConfirmed e) {
            return notice(e.getBroker(), e);
        } else if (event instanceof NoticeEscalated e) {
            return notice(e.getBroker(), e);
        } else if (event instanceof NoticeRefused e) {
            return notice(e.getBroker(), e);
        } else if (event instanceof RightsRequested
                || event instanceof RightsRequestExtended
                || event instanceof RightsRequestDecided) {
            return requests.add(event);
        } else if (event instanceof PolicyPublished e) {
            if (!plain(e.getVersion()) || !plain(e.getLanguage())) {
                return false;
            }
            policies.add(e);
        } else if (event instanceof CookieChoice e) {
            return plain(e.getOwner()) && cookieChoices.add(e);
        } else if (event instanceof DisclosureRequested e) {
            return plain(e.getCountry()) && plain(e.getActor()) && disclosures.add(e);
        } else if (event instanceof DisclosureQuestionAsked e) {
            return plain(e.getActor()) && disclosures.add(e);
        } else if (event instanceof DisclosureQuestionAnswered e) {
            return (e.getActor() == null || plain(e.getActor())) && disclosures.add(e);
        } else if (event instanceof DisclosureDecided e) {
            return plain(e.getActor()) && disclosures.add(e);
        } else if (event instanceof PreservationReleased e) {
            return plain(e.getActor()) && disclosures.add(e);
        } else if (event instanceof DirectoryPublished e) {
            if (!e.getBrokers().stream().allMatch(EventBatch::storable)) {
                return false;
            }
            directories.add(e);
        } else {
            // Without effect on a signup's status; anything else is unknown.
            return KEPT_TYPES.contains(event.getClass());
        }
        return true;
    }

    private boolean notice(String broker, SpecificRecord event) {
        return plain(broker) && notices.add(event);
    }

    private SignupFacts facts(SignupId id) {
        return signups.computeIfAbsent(SignupIds.uuid(id), unused -> new SignupFacts());
    }

    /** An event that none of our publishers would write must not stop the projection: PostgreSQL accepts no NUL, a list no comma. */
    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == ',') {
                return false;
            }
        }
        return true;
    }

    private static boolean storable(PublishedBroker broker) {
        return plain(broker.getId())
                && broker.getName().indexOf('\0') < 0
                && broker.getPrivacyPolicy().indexOf('\0') < 0
                && withoutNul(broker.getCookiePolicy())
                && withoutNul(broker.getContact());
    }

    private static boolean withoutNul(@Nullable String text) {
        return text == null || text.indexOf('\0') < 0;
    }

    Map<UUID, SignupFacts> signups() {
        return signups;
    }

    Collection<Refused> refusals() {
        return refusals;
    }

    Collection<Assigned> assignments() {
        return assignments;
    }

    Collection<Released> releases() {
        return releases;
    }

    /** Attempts that may have reached the broker, and whose reply decided nothing. */
    Collection<AttemptMade> undecided() {
        return undecided;
    }

    /** Events about notices, in log order. */
    List<SpecificRecord> notices() {
        return notices;
    }

    /** People's requests, and their later events, in log order. */
    List<SpecificRecord> requests() {
        return requests;
    }

    List<PolicyPublished> policies() {
        return policies;
    }

    /** In log order. */
    List<CookieChoice> cookieChoices() {
        return cookieChoices;
    }

    /** Requests for disclosure, and their later events, in log order. */
    List<SpecificRecord> disclosures() {
        return disclosures;
    }

    List<DirectoryPublished> directories() {
        return directories;
    }

    int events() {
        return events;
    }

    int unreadable() {
        return unreadable;
    }
}
