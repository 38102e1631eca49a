package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;

/** Events at one time and later. */
final class Events {
    static {
        // Registers the event classes as trusted with Avro, as every service does before it builds its first event.
        new EventCodec();
    }

    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Events() {}

    /** A random id that sorts by {@code millis} as a UUIDv7 does. */
    static UUID signupId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000),
                0x8000_0000_0000_0000L | random.nextLong(1L << 62));
    }

    static ConsentGranted granted(UUID id) {
        return ConsentGranted.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setRecordVersion(1)
                .setPolicyVersion("2026-11-01")
                .setNoticeDigest(Digests.sha256("policy"))
                .setFormDigest(Digests.sha256("form"))
                .setLanguage("nb")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setDataCategories(List.of(DataCategory.IDENTITY, DataCategory.CONTACT))
                .setRecipients(List.of("fjord-markets", "nordlys-invest"))
                .setJurisdiction("NO")
                .setWithdrawalMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setGivenAt(NOON)
                .setMethod(ConsentMethod.REGISTRATION_FORM)
                .setReceivedAt(NOON.plusMillis(5))
                .setEraseBy(NOON.plusSeconds(86_400))
                .setOwner("website-1")
                .setDeclaredAge(18)
                .build();
    }

    static RecordedConsent recorded() {
        return new RecordedConsent(
                1,
                "2026-11-01",
                Digests.sha256("policy"),
                Optional.of(Digests.sha256("form")),
                "nb",
                List.of(Purpose.BROKER_HANDOFF),
                List.of(DataCategory.IDENTITY, DataCategory.CONTACT),
                List.of("fjord-markets", "nordlys-invest"),
                "NO",
                WithdrawalMethod.WEBSITE_REQUEST,
                NOON,
                ConsentMethod.REGISTRATION_FORM,
                NOON.plusMillis(5),
                NOON.plusSeconds(86_400),
                Optional.of(18));
    }

    static ConsentWithdrawn withdrawn(UUID id) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(NOON.plusSeconds(30))
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.HANDOFF_STARTED)
                .build();
    }

    static Assigned assigned(UUID id, String broker, int hop) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setHop(hop)
                .setDirectoryDigest(Digests.sha256("directory"))
                .setDecidedAt(NOON.plusSeconds(1 + hop))
                .setCountry("NO")
                .setRecipients(List.of("fjord-markets", "nordlys-invest"))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .build();
    }

    static Refused refused(UUID id, String broker) {
        return Refused.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(NOON.plusSeconds(1))
                .setRefusedAt(NOON.plusSeconds(2))
                .setReason(RefusalReason.REJECTED)
                .setStatus(422)
                .build();
    }

    static Delivered delivered(UUID id, String broker) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(NOON.plusSeconds(3))
                .setAcceptedAt(NOON.plusSeconds(4))
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    static Released released(UUID id, String broker) {
        return Released.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setReleasedAt(NOON.plusSeconds(2))
                .setReason(ReleaseReason.NOTHING_SENT)
                .build();
    }

    static AttemptMade attempt(UUID id, String broker, int attempt, AttemptOutcome outcome) {
        return AttemptMade.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setAttempt(attempt)
                .setStartedAt(NOON.plusSeconds(1L + attempt))
                .setEndedAt(NOON.plusSeconds(2L + attempt))
                .setOutcome(outcome)
                .build();
    }

    static NoticeSent sent(UUID id, String broker, int attempt, NoticeOutcome outcome) {
        return NoticeSent.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setType(NoticeType.WITHDRAWAL)
                .setRequestedAt(NOON.plusSeconds(30))
                .setAttempt(attempt)
                .setSentAt(NOON.plusSeconds(30L + attempt))
                .setOutcome(outcome)
                .setNotBefore(outcome == NoticeOutcome.FAILED ? NOON.plusSeconds(3_600) : null)
                .build();
    }

    static NoticeConfirmed confirmed(UUID id, String broker, Instant at) {
        return NoticeConfirmed.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setType(NoticeType.WITHDRAWAL)
                .setConfirmedAt(at)
                .build();
    }

    static NoticeEscalated escalated(UUID id, String broker, EscalationReason reason) {
        return NoticeEscalated.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setType(NoticeType.WITHDRAWAL)
                .setRequestedAt(NOON.plusSeconds(30))
                .setEscalatedAt(NOON.plusSeconds(50))
                .setReason(reason)
                .setAttempts(1)
                .build();
    }

    static Undeliverable undeliverable(UUID id) {
        return Undeliverable.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setDecidedAt(NOON.plusSeconds(5))
                .setReason(UndeliverableReason.ALL_REFUSED)
                .setDirectoryDigest(Digests.sha256("directory"))
                .setCountry("NO")
                .setRecipients(List.of("fjord-markets"))
                .setExclusions(List.of())
                .build();
    }

    static Purged purged(UUID id, PurgeReason reason) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setReason(reason)
                .setLevel(PurgeLevel.UNREACHABLE)
                .setKeyErasedAt(NOON.plusSeconds(5))
                .setReadBack(ReadBack.DIRECT)
                .setSlot(7)
                .setGeneration(1)
                .setPurgedAt(NOON.plusSeconds(6))
                .build();
    }

    static PolicyPublished policy(String version, String text, Instant publishedAt) {
        return PolicyPublished.newBuilder()
                .setVersion(version)
                .setLanguage("nb")
                .setDigest(Digests.sha256(text))
                .setEffectiveAt(NOON.plusSeconds(3600))
                .setPublishedAt(publishedAt)
                .build();
    }

    static CustodyExamined examined() {
        return CustodyExamined.newBuilder()
                .setInstance(new RandomId(new byte[16]))
                .setService(ServiceName.ROUTER)
                .setExaminedAt(NOON)
                .setFileSystem(CustodyFileSystem.XFS)
                .setSwap(true)
                .setCoreDumps(false)
                .setCanary(CanaryOutcome.CLEAN)
                .setFindings(List.of(CustodyFinding.SWAP_ON))
                .setHighestLevel(PurgeLevel.UNREACHABLE)
                .build();
    }

    static DirectoryPublished directory(Instant publishedAt, String broker, String name) {
        PublishedBroker published = PublishedBroker.newBuilder()
                .setId(broker)
                .setName(name)
                .setPrivacyPolicy("https://" + broker + ".example/privacy")
                .setCountries(List.of("NO"))
                .setLanguages(List.of())
                .setTransferCountries(List.of())
                .setPriority(1)
                .setWeight(1)
                .setStatus(BrokerStatus.ACTIVE)
                .setCookiePolicy("https://" + broker + ".example/cookies")
                .setContact("help@" + broker + ".example")
                .build();
        return DirectoryPublished.newBuilder()
                .setDigest(Digests.sha256(broker + name))
                .setPublishedAt(publishedAt)
                .setBrokers(List.of(published))
                .build();
    }

    /** A choice {@code second} seconds after noon; with nothing accepted, a refusal. */
    static CookieChoice cookieChoice(UUID visitor, int second, CookieKind... accepted) {
        return new CookieChoice(
                new RandomId(SignupIds.bytes(visitor)),
                List.of(accepted),
                accepted.length == 0 ? null : Digests.sha256("cookies"),
                CookieChoiceMethod.BANNER,
                NOON.plusSeconds(second),
                NOON.plusSeconds(second),
                "website");
    }
}
