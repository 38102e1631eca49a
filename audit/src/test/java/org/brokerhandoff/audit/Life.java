package org.brokerhandoff.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.routing.Assigner;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.Decision;
import org.brokerhandoff.routing.Load;
import org.brokerhandoff.routing.RoutingInput;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** The events of one signup as the services publish them, each at a number of milliseconds after the signup was received. */
public record Life(UUID id, int partition, Instant received) {
    /** Created first: only then does Avro trust the event classes, whose builders make copies. */
    public static final EventCodec CODEC = new EventCodec();

    public static final String FJORD = "fjord-markets";
    public static final String NORDLYS = "nordlys-invest";
    public static final String POLICY = "2026-11-01";
    public static final Digest POLICY_TEXT = Digests.sha256("policy");
    public static final Digest DIRECTORY =
            directory(broker(FJORD, 1).build(), broker(NORDLYS, 2).build()).getDigest();
    public static final Duration HOLD = Duration.ofHours(24);

    public static PolicyPublished policy(Instant received) {
        return PolicyPublished.newBuilder()
                .setVersion(POLICY)
                .setLanguage("nb")
                .setDigest(POLICY_TEXT)
                .setEffectiveAt(received.minus(Duration.ofDays(10)))
                .setPublishedAt(received.minus(Duration.ofDays(20)))
                .build();
    }

    public static DirectoryPublished directory(Instant received) {
        return DirectoryPublished.newBuilder(
                        directory(broker(FJORD, 1).build(), broker(NORDLYS, 2).build()))
                .setPublishedAt(received.minus(Duration.ofDays(1)))
                .build();
    }

    /** A version of these brokers, named as the router names it. */
    public static DirectoryPublished directory(PublishedBroker... brokers) {
        DirectoryPublished canonical = DirectoryPublished.newBuilder()
                .setDigest(new Digest(new byte[32]))
                .setPublishedAt(Instant.EPOCH)
                .setBrokers(List.of(brokers))
                .build();
        return DirectoryPublished.newBuilder(canonical)
                .setDigest(Digests.sha256(CODEC.encode(canonical)))
                .build();
    }

    /** A broker for everybody; {@link #FJORD} is preferred. */
    public static PublishedBroker.Builder broker(String id, int priority) {
        return PublishedBroker.newBuilder()
                .setId(id)
                .setName(id)
                .setPrivacyPolicy("https://" + id + ".example/privacy")
                .setCountries(List.of("*"))
                .setLanguages(List.of())
                .setTransferDefault("EEA")
                .setTransferCountries(List.of())
                .setPriority(priority)
                .setWeight(1)
                .setStatus(BrokerStatus.ACTIVE);
    }

    /** A router's start, an hour before the signup was received. */
    public static CustodyExamined examined(Instant received) {
        return examined(received.minus(Duration.ofHours(1)), PurgeLevel.ERASED);
    }

    public static CustodyExamined examined(Instant at, PurgeLevel highest) {
        return CustodyExamined.newBuilder()
                .setInstance(new RandomId(
                        SignupIds.bytes(UUID.nameUUIDFromBytes((at + " " + highest).getBytes(StandardCharsets.UTF_8)))))
                .setService(ServiceName.ROUTER)
                .setExaminedAt(at)
                .setFileSystem(CustodyFileSystem.EXT4_ORDERED)
                .setSwap(false)
                .setCoreDumps(false)
                .setCanary(CanaryOutcome.CLEAN)
                .setFindings(List.of())
                .setHighestLevel(highest)
                .build();
    }

    /** Position of its record: 41, if its id ends with 9. */
    private long offset() {
        return 32 + id.getLeastSignificantBits();
    }

    private int slot() {
        return (int) id.getLeastSignificantBits();
    }

    public Instant at(long millis) {
        return received.plusMillis(millis);
    }

    private SignupId fixed() {
        return SignupIds.fixed(id);
    }

    public ConsentGranted granted() {
        return ConsentGranted.newBuilder()
                .setSignupId(fixed())
                .setRecordVersion(1)
                .setPolicyVersion(POLICY)
                .setNoticeDigest(POLICY_TEXT)
                .setLanguage("nb")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setDataCategories(List.of(DataCategory.CONTACT))
                .setRecipients(List.of(FJORD, NORDLYS))
                .setJurisdiction("NO")
                .setWithdrawalMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setGivenAt(at(-900))
                .setMethod(ConsentMethod.REGISTRATION_FORM)
                .setReceivedAt(received)
                .setEraseBy(received.plus(HOLD))
                .build();
    }

    /** A withdrawal without the number of attempts: an older event, or the slot was gone. */
    public ConsentWithdrawn withdrawn(WithdrawalOutcome outcome, long millis) {
        return withdrawn(outcome, millis, null);
    }

    /** A withdrawal that found this many attempts. */
    public ConsentWithdrawn withdrawn(WithdrawalOutcome outcome, long millis, @Nullable Integer attempts) {
        return new ConsentWithdrawn(
                fixed(), at(millis), WithdrawalMethod.WEBSITE_REQUEST, outcome, attempts, "website-1");
    }

    /** The assignment that the rules lead to: {@link #FJORD} first, and {@link #NORDLYS} after its refusal. */
    public Assigned assigned(String broker, int hop, long millis) {
        return broker.equals(NORDLYS)
                ? assigned(broker, hop, millis, ExclusionReason.REFUSED_BEFORE)
                        .setCandidates(List.of(new Candidate(NORDLYS, 2, 1)))
                        .build()
                : assigned(broker, hop, millis, null)
                        .setCandidates(List.of(new Candidate(FJORD, 1, 1), new Candidate(NORDLYS, 2, 1)))
                        .build();
    }

    /** The assignment to {@link #NORDLYS} while {@link #FJORD} is down, whatever came before. */
    public Assigned assignedInstead(int hop, long millis) {
        return assigned(NORDLYS, hop, millis, ExclusionReason.UNAVAILABLE)
                .setCandidates(List.of(new Candidate(NORDLYS, 2, 1)))
                .setLoads(List.of(BrokerLoad.newBuilder()
                        .setBroker(FJORD)
                        .setSuspended(false)
                        .setUnavailable(true)
                        .build()))
                .build();
    }

    private Assigned.Builder assigned(String broker, int hop, long millis, @Nullable ExclusionReason ofFjord) {
        return Assigned.newBuilder()
                .setSignupId(fixed())
                .setBroker(broker)
                .setHop(hop)
                .setDirectoryDigest(DIRECTORY)
                .setDecidedAt(at(millis))
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of(FJORD, NORDLYS))
                .setExclusions(ofFjord == null ? List.of() : List.of(new Exclusion(FJORD, ofFjord)));
    }

    /** The assignment that {@code by} leads to, by the rules themselves. */
    public Assigned assigned(
            DirectoryPublished by,
            Purpose purpose,
            Map<String, ExclusionReason> passedOver,
            Map<String, Load> loads,
            int hop,
            long millis) {
        List<String> recipients = purpose == Purpose.HELPDESK ? List.of("helpdesk") : List.of(FJORD, NORDLYS);
        String country = purpose == Purpose.HELPDESK ? RoutingInput.UNKNOWN_COUNTRY : "NO";
        List<BrokerFacts> brokers = BrokerFacts.of(by);
        Decision.Assign decision = (Decision.Assign) Assigner.decide(
                new RoutingInput(id, purpose, country, Optional.of("nb"), recipients, passedOver, loads, at(millis)),
                brokers);
        return Assigned.newBuilder()
                .setSignupId(fixed())
                .setBroker(decision.broker().id())
                .setHop(hop)
                .setDirectoryDigest(by.getDigest())
                .setDecidedAt(at(millis))
                .setCountry(country)
                .setLanguage("nb")
                .setRecipients(recipients)
                .setCandidates(decision.candidates().stream()
                        .map(broker -> new Candidate(broker.id(), broker.priority(), broker.weight()))
                        .toList())
                .setExclusions(decision.exclusions())
                .setLoads(brokers.stream()
                        .filter(broker -> recipients.contains(broker.id()))
                        .map(broker ->
                                loads.getOrDefault(broker.id(), Load.NONE).event(broker))
                        .toList())
                .setPurpose(purpose)
                .build();
    }

    /** A message to the helpdesk instead of a consent. */
    public ContactReceived contact(String... recipients) {
        return new ContactReceived(
                fixed(),
                received,
                received.plus(HOLD),
                List.of(Purpose.HELPDESK),
                List.of(DataCategory.CORRESPONDENCE),
                List.of(recipients),
                "website-1",
                null,
                null);
    }

    /** A place in the hour, of UTC, that {@code millis} is in. */
    public PlaceRequested place(String broker, long millis, @Nullable Integer hourlyCap) {
        return new PlaceRequested(
                fixed(),
                broker,
                at(millis),
                at(millis).truncatedTo(ChronoUnit.HOURS),
                at(millis).truncatedTo(ChronoUnit.DAYS),
                hourlyCap,
                null);
    }

    public PlaceReleased placeReleased(String broker, long millis) {
        return new PlaceReleased(fixed(), broker, at(millis).truncatedTo(ChronoUnit.HOURS), at(millis));
    }

    public Reconciled reconciled(String broker, long millis, ReconciliationAnswer answer) {
        return new Reconciled(fixed(), broker, at(millis), at(millis + 20), answer);
    }

    public Released released(String broker, long millis, ReleaseReason reason) {
        return new Released(fixed(), broker, at(millis), null, reason, 0);
    }

    /** The same, with the attempts that custody had counted. */
    public Released released(String broker, long millis, ReleaseReason reason, int attempts) {
        return new Released(fixed(), broker, at(millis), null, reason, attempts);
    }

    public AttemptMade attempt(String broker, int attempt, long startedMillis, AttemptOutcome outcome) {
        return AttemptMade.newBuilder()
                .setSignupId(fixed())
                .setBroker(broker)
                .setAttempt(attempt)
                .setStartedAt(at(startedMillis))
                .setEndedAt(at(startedMillis + 30))
                .setOutcome(outcome)
                .setStatus(outcome == AttemptOutcome.DEFERRED ? 503 : null)
                .build();
    }

    public Delivered delivered(String broker, int attempt, long startedMillis) {
        return new Delivered(fixed(), broker, attempt, at(startedMillis), at(startedMillis + 20), false, 200);
    }

    public Refused refused(String broker, long startedMillis) {
        return new Refused(fixed(), broker, 1, at(startedMillis), at(startedMillis + 20), RefusalReason.REJECTED, 422);
    }

    /** The same, of an attempt with this number. */
    public Refused refused(String broker, int attempt, long startedMillis) {
        return Refused.newBuilder(refused(broker, startedMillis))
                .setAttempt(attempt)
                .build();
    }

    /** Only {@link #FJORD} is a recipient by this decision, and it refused. */
    public Undeliverable undeliverable(long millis) {
        return Undeliverable.newBuilder()
                .setSignupId(fixed())
                .setDecidedAt(at(millis))
                .setReason(UndeliverableReason.ALL_REFUSED)
                .setDirectoryDigest(DIRECTORY)
                .setCountry("NO")
                .setRecipients(List.of(FJORD))
                .setExclusions(List.of(
                        new Exclusion(FJORD, ExclusionReason.REFUSED_BEFORE),
                        new Exclusion(NORDLYS, ExclusionReason.NOT_IN_CONSENT)))
                .build();
    }

    /** A purge whose key was destroyed at {@code keyErasedMillis}, verified as far as Kafka lets one. */
    public Purged purged(PurgeReason reason, long keyErasedMillis) {
        return Purged.newBuilder()
                .setSignupId(fixed())
                .setReason(reason)
                // For an unreadable record, a copy may be set aside.
                .setLevel(reason == PurgeReason.INVALID ? PurgeLevel.UNREADABLE : PurgeLevel.UNREACHABLE)
                .setEraseBy(received.plus(HOLD))
                .setKeyErasedAt(at(keyErasedMillis))
                .setReadBack(ReadBack.DIRECT)
                .setSlot(slot())
                .setGeneration(2)
                .setPartition(partition)
                .setOffset(offset())
                .setStartOffset(offset() + 1)
                .setReplicas(3)
                .setInSyncReplicas(3)
                .setCutConfirmedAt(at(keyErasedMillis + 100))
                .setCheckpointIntervalMillis(1000L)
                .setPurgedAt(at(keyErasedMillis + 1200))
                .build();
    }

    /** As {@link #purged}, but claims that no file contains the record, which needs three {@link #look}s. */
    public Purged erased(PurgeReason reason, long keyErasedMillis) {
        return Purged.newBuilder(purged(reason, keyErasedMillis))
                .setLevel(PurgeLevel.ERASED)
                .build();
    }

    /** An inspection of a broker's files that found nothing below {@code lowestOffset}. */
    public LogErased look(int broker, long millis, @Nullable Long lowestOffset) {
        return LogErased.newBuilder()
                .setBroker(broker)
                .setDirectories(List.of())
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(partition)
                .setLowestOffset(lowestOffset)
                .setObservedAt(at(millis))
                .build();
    }
}
