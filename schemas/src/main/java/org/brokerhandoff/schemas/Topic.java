package org.brokerhandoff.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.ClockJudged;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.Undeliverable;

/**
 * The topic catalogue: every topic, the record types it may hold, and how long Kafka may hold them.
 *
 * <p>All topics have the same partition count and are keyed by signup id ({@link #PLACES} by broker id, {@link #CHECKPOINTS} by origin), so that partition <i>p</i> of {@link #HANDOFFS} and
 * {@link #PURGES} holds exactly what concerns partition <i>p</i> of {@link #SIGNUPS}.
 */
public enum Topic {
    /** Sealed personal data; cut continuously. */
    SIGNUPS("signups", Lifetime.SEALED, List.of(SealedSignup.class, SegmentMarker.class)),
    /** Sealed personal data that waits for its broker; moved on while the broker is down, and cut as {@link #SIGNUPS}. */
    SIGNUPS_PARKED("signups-parked", Lifetime.SEALED, List.of(ParkedSignup.class, SegmentMarker.class)),
    /** Records that could not be processed, still sealed, byte for byte; never cut, so they stay until the retention ends. */
    SIGNUPS_SET_ASIDE("signups-set-aside", Lifetime.SEALED, List.of(SealedSignup.class)),
    /**
     * Consents, withdrawals, requests of people and about them, policies, rules per country, and visitors' choices of cookies, which are keyed by visitor.
     */
    CONSENTS(
            "consents",
            Lifetime.KEPT,
            List.of(
                    ConsentGranted.class,
                    ConsentWithdrawn.class,
                    PolicyPublished.class,
                    ContactReceived.class,
                    CookieChoice.class,
                    OperatorPublished.class,
                    CountryRulesPublished.class,
                    RightsRequested.class,
                    RightsRequestExtended.class,
                    RightsRequestDecided.class,
                    DisclosureRequested.class,
                    DisclosureQuestionAsked.class,
                    DisclosureQuestionAnswered.class,
                    DisclosureDecided.class,
                    PreservationReleased.class)),
    /** What the router decided and did. */
    HANDOFFS(
            "handoffs",
            Lifetime.KEPT,
            List.of(
                    Assigned.class,
                    AttemptMade.class,
                    Delivered.class,
                    Refused.class,
                    Undeliverable.class,
                    DirectoryPublished.class,
                    Parked.class,
                    SetAside.class,
                    Postponed.class,
                    PingMade.class,
                    Reconciled.class,
                    Released.class,
                    BrokerSuspended.class,
                    BrokerResumed.class,
                    NoticeSent.class,
                    NoticeConfirmed.class,
                    NoticeEscalated.class,
                    NoticeRefused.class)),
    /**
     * Places under the brokers' caps. Keyed by broker id, so that all routers see the requests for one broker in one order, which
     * decides.
     */
    PLACES("places", Lifetime.KEPT, List.of(PlaceRequested.class, PlaceReleased.class)),
    /**
     * What was purged, with the evidence, how far claims may go, what stood at each offset, what the brokers' files still hold, and doubts
     * about a host's clock.
     */
    PURGES(
            "purges",
            Lifetime.KEPT,
            List.of(
                    Purged.class,
                    CustodyExamined.class,
                    LogErased.class,
                    RecordsFinished.class,
                    ClockJudged.class,
                    CanaryChecked.class)),
    /**
     * The ledger over the other kept topics: its entries and signed checkpoints, all in partition 0, keyed by the ledger's origin. Written
     * by the ledger builder alone.
     */
    CHECKPOINTS("checkpoints", Lifetime.KEPT, List.of(LedgerEntry.class, LedgerCheckpoint.class)),
    /**
     * Texts of the documents that the operator publishes, keyed by digest, all in partition 0. Not part of the log that auditors read, since
     * it holds free text; what was published when stands in {@link #CONSENTS}. Not compacted: compaction would let a later record with the
     * same key, whatever it holds, take the place of the text that people consented to.
     */
    DOCUMENTS("documents", Lifetime.PUBLISHED, List.of(DocumentText.class));

    /** Kafka's limit for a batch, stated, since a cluster's own may be lower than a document with its headers. */
    private static final int MOST_DOCUMENT_BATCH_BYTES = 1_048_588;

    /** How long a topic's records stay, and who reads them. */
    private enum Lifetime {
        /** Sealed personal data; hours. */
        SEALED,
        /** The event log, without personal data; forever. */
        KEPT,
        /** What is published for everybody to read; forever. */
        PUBLISHED
    }

    private final String baseName;
    private final Lifetime lifetime;
    private final List<Class<? extends SpecificRecord>> recordTypes;

    Topic(String baseName, Lifetime lifetime, List<Class<? extends SpecificRecord>> recordTypes) {
        this.baseName = baseName;
        this.lifetime = lifetime;
        this.recordTypes = recordTypes;
    }

    /** The topic's name in Kafka, with the installation's prefix before it. */
    public String name(String prefix) {
        return prefix + baseName;
    }

    /** Whether the topic is part of the event log that auditors read, which holds no personal data and never expires. */
    public boolean kept() {
        return lifetime == Lifetime.KEPT;
    }

    /** Whether the topic is part of the log that signups pass through, sealed or as facts. */
    public boolean inLog() {
        return lifetime != Lifetime.PUBLISHED;
    }

    /** The kept topics whose records the ledger commits to, in the order that its entries follow. */
    public static List<Topic> inLedger() {
        return List.of(CONSENTS, HANDOFFS, PLACES, PURGES);
    }

    /** Whether the topic's events are keyed by signup, so that the ledger's index shows which of them concern one. */
    public boolean indexedByLedger() {
        return this == CONSENTS || this == HANDOFFS || this == PURGES;
    }

    /** The topic's name without an installation's prefix. */
    public String baseName() {
        return baseName;
    }

    /** The record types that the topic may hold. */
    public List<Class<? extends SpecificRecord>> recordTypes() {
        return recordTypes;
    }

    /** The topic that an event about the brokers' files names. */
    public static Topic of(SealedTopic sealed) {
        return switch (sealed) {
            case SIGNUPS -> SIGNUPS;
            case SIGNUPS_PARKED -> SIGNUPS_PARKED;
            case SIGNUPS_SET_ASIDE -> SIGNUPS_SET_ASIDE;
        };
    }

    /**
     * The topic's Kafka settings.
     *
     * <p>For a topic with sealed data each setting closes a way for bytes to stay: a segment is rolled every second, so that
     * a cut one exists as early as possible; deleted files go at once; and the retention is the backstop for the case that no
     * router ever cuts. {@code segment.bytes} may not go below 1 MiB (measured on Kafka 4.3).
     *
     * @param maximumHold the longest time a signup may be held
     * @param replicationFactor replicas per partition: 1 for development, or at least 3, so that an acknowledgement means two disks
     *     or more and one broker may be away
     */
    public Map<String, String> configuration(Duration maximumHold, int replicationFactor) {
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put("cleanup.policy", "delete");
        // The broker's clock orders events of different producers, and recovery looks offsets up by it.
        configuration.put("message.timestamp.type", "LogAppendTime");
        configuration.put("min.insync.replicas", String.valueOf(Math.max(1, replicationFactor - 1)));
        configuration.put("unclean.leader.election.enable", "false");
        if (lifetime == Lifetime.PUBLISHED) {
            configuration.put("max.message.bytes", String.valueOf(MOST_DOCUMENT_BATCH_BYTES));
        }
        if (lifetime != Lifetime.SEALED) {
            configuration.put("retention.ms", "-1");
            configuration.put("retention.bytes", "-1");
        } else {
            configuration.put("retention.ms", String.valueOf(maximumHold.toMillis()));
            // A size limit of the cluster's would delete signups that were not read.
            configuration.put("retention.bytes", "-1");
            configuration.put("preallocate", "false");
            configuration.put("segment.ms", String.valueOf(SEGMENT_MILLIS));
            configuration.put("segment.bytes", String.valueOf(16 * 1024 * 1024));
            configuration.put("file.delete.delay.ms", "0");
        }
        return configuration;
    }

    /** Age in milliseconds at which a segment with sealed data is rolled by the next append. */
    public static final long SEGMENT_MILLIS = 1000;
}
