package org.brokerhandoff.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** The events of one signup as the services publish them, each at a number of milliseconds after the signup was received. */
public record Life(UUID id, int partition, Instant received) {
    /** Made first of all: only then does Avro trust the event classes, whose builders make copies. */
    public static final EventCodec CODEC = new EventCodec();

    public static final String FJORD = "fjord-markets";
    public static final String NORDLYS = "nordlys-invest";
    public static final String POLICY = "2026-11-01";
    public static final Digest POLICY_TEXT = Digests.sha256("policy");
    public static final Digest DIRECTORY = Digests.sha256("directory");
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
        return DirectoryPublished.newBuilder()
                .setDigest(DIRECTORY)
                .setPublishedAt(received.minus(Duration.ofDays(1)))
                .setBrokers(List.of())
                .build();
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

    public ConsentWithdrawn withdrawn(WithdrawalOutcome outcome, long millis) {
        return new ConsentWithdrawn(fixed(), at(millis), WithdrawalMethod.WEBSITE_REQUEST, outcome);
    }

    public Assigned assigned(String broker, int hop, long millis) {
        return Assigned.newBuilder()
                .setSignupId(fixed())
                .setBroker(broker)
                .setHop(hop)
                .setDirectoryDigest(DIRECTORY)
                .setDecidedAt(at(millis))
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of(FJORD, NORDLYS))
                .setCandidates(List.of(new Candidate(broker, 1, 1)))
                .setExclusions(List.of())
                .build();
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

    public Undeliverable undeliverable(long millis) {
        return Undeliverable.newBuilder()
                .setSignupId(fixed())
                .setDecidedAt(at(millis))
                .setReason(UndeliverableReason.ALL_REFUSED)
                .setDirectoryDigest(DIRECTORY)
                .setCountry("NO")
                .setRecipients(List.of(FJORD, NORDLYS))
                .setExclusions(List.of())
                .build();
    }

    /** A purge whose key was destroyed at {@code keyErasedMillis}, verified as far as Kafka lets one. */
    public Purged purged(PurgeReason reason, long keyErasedMillis) {
        return Purged.newBuilder()
                .setSignupId(fixed())
                .setReason(reason)
                .setLevel(PurgeLevel.UNREACHABLE)
                .setEraseBy(received.plus(HOLD))
                .setKeyErasedAt(at(keyErasedMillis))
                .setReadBack(ReadBack.DIRECT)
                .setSlot(4)
                .setGeneration(2)
                .setPartition(partition)
                .setOffset(41L)
                .setStartOffset(42L)
                .setReplicas(3)
                .setInSyncReplicas(3)
                .setCutConfirmedAt(at(keyErasedMillis + 100))
                .setCheckpointIntervalMillis(1000L)
                .setPurgedAt(at(keyErasedMillis + 1200))
                .build();
    }

    /** As {@link #purged}, but claiming that no file holds the record, which needs three {@link #look}s. */
    public Purged erased(PurgeReason reason, long keyErasedMillis) {
        return Purged.newBuilder(purged(reason, keyErasedMillis))
                .setLevel(PurgeLevel.ERASED)
                .build();
    }

    /** A look at a broker's files that found nothing below {@code lowestOffset}. */
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
