package org.brokerhandoff.router;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.purge.Ceiling;
import org.brokerhandoff.schemas.EventCodec;

/** Values that tests of several packages start from. */
public final class Examples {
    public static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    public static final Instant KEY_EXPIRY = Instant.parse("2026-11-23T12:50:00Z");
    public static final Instant ERASE_BY = Instant.parse("2026-11-23T13:00:00Z");
    public static final SlotReference SLOT = new SlotReference(7, 3);
    public static final EventCodec CODEC = new EventCodec();
    /** Of a router that may claim all there is. */
    public static final Ceiling CEILING = new Ceiling(new RandomId(new byte[16]), PurgeLevel.ERASED);

    public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private Examples() {}

    public static Broker broker(String id) {
        return broker(id, 1, 1);
    }

    public static Broker broker(String id, int priority, int weight) {
        return broker(id, List.of("*"), List.of(), Map.of("default", "EEA"), priority, weight, Broker.Status.ACTIVE);
    }

    /** A broker of the first priority with these terms. */
    public static Broker broker(String id, Terms terms) {
        Broker plain = broker(id);
        return new Broker(
                id,
                plain.name(),
                plain.countries(),
                plain.languages(),
                plain.transferBasis(),
                plain.privacyPolicy(),
                plain.endpoint(),
                plain.notices(),
                plain.secrets(),
                plain.priority(),
                plain.weight(),
                plain.local(),
                plain.status(),
                terms,
                plain.profile(),
                plain.connection(),
                plain.fields());
    }

    public static Broker broker(
            String id,
            List<String> countries,
            List<String> languages,
            Map<String, String> transferBasis,
            int priority,
            int weight,
            Broker.Status status) {
        return new Broker(
                id,
                id + " AS",
                countries,
                languages,
                transferBasis,
                URI.create("https://" + id + ".example/privacy"),
                URI.create("https://" + id + ".example/handoffs"),
                Optional.empty(),
                List.of(WebhookSecret.parse(SECRET).orElseThrow()),
                priority,
                weight,
                false,
                status,
                Terms.PLAIN,
                Profile.of(RecipientKind.BROKER),
                Connection.PLAIN,
                FieldMapping.NONE);
    }

    /** The same broker, with an address for notices and another status. */
    public static Broker notified(Broker broker, Broker.Status status) {
        return new Broker(
                broker.id(),
                broker.name(),
                broker.countries(),
                broker.languages(),
                broker.transferBasis(),
                broker.privacyPolicy(),
                broker.endpoint(),
                Optional.of(URI.create("https://" + broker.id() + ".example/notices")),
                broker.secrets(),
                broker.priority(),
                broker.weight(),
                broker.local(),
                status,
                broker.terms(),
                broker.profile(),
                broker.connection(),
                broker.fields());
    }

    /** The same broker, with another form of the body. */
    public static Broker mapped(Broker broker, FieldMapping fields) {
        return new Broker(
                broker.id(),
                broker.name(),
                broker.countries(),
                broker.languages(),
                broker.transferBasis(),
                broker.privacyPolicy(),
                broker.endpoint(),
                broker.notices(),
                broker.secrets(),
                broker.priority(),
                broker.weight(),
                broker.local(),
                broker.status(),
                broker.terms(),
                broker.profile(),
                broker.connection(),
                fields);
    }

    public static BrokerDirectory directory(Broker... brokers) {
        return BrokerDirectory.of(List.of(brokers), CODEC);
    }

    public static PendingSignup signup(UUID signupId, String... recipients) {
        return signup(signupId, SLOT, KEY_EXPIRY, ERASE_BY, new byte[] {1, 2, 3}, recipients);
    }

    public static PendingSignup signup(
            UUID signupId,
            SlotReference slot,
            Instant keyExpiry,
            Instant eraseBy,
            byte[] sealed,
            String... recipients) {
        return new PendingSignup(
                signupId,
                2,
                40,
                Optional.empty(),
                RECEIVED,
                slot.slot(),
                slot.generation(),
                1,
                RECEIVED,
                keyExpiry,
                eraseBy,
                "NO",
                Optional.of("nb"),
                "2026-11-01",
                List.of(Purpose.BROKER_HANDOFF),
                List.of(recipients),
                RECEIVED,
                Optional.empty(),
                new PendingSignup.Sealed(sealed));
    }

    /** A message to the helpdesk. */
    public static PendingSignup message(UUID signupId, String... recipients) {
        PendingSignup signup = signup(signupId, recipients);
        return new PendingSignup(
                signupId,
                signup.partition(),
                signup.offset(),
                signup.parking(),
                signup.appendedAt(),
                signup.slot(),
                signup.generation(),
                1001,
                signup.receivedAt(),
                signup.keyExpiry(),
                signup.eraseBy(),
                "ZZ",
                signup.language(),
                "none",
                List.of(Purpose.HELPDESK),
                signup.recipients(),
                signup.consentGivenAt(),
                signup.concerns(),
                signup.sealedPerson());
    }

    /** The same record, as a correction of {@code concerns}. */
    public static PendingSignup correction(PendingSignup signup, UUID concerns) {
        return new PendingSignup(
                signup.signupId(),
                signup.partition(),
                signup.offset(),
                signup.parking(),
                signup.appendedAt(),
                signup.slot(),
                signup.generation(),
                signup.personSchema(),
                signup.receivedAt(),
                signup.keyExpiry(),
                signup.eraseBy(),
                signup.country(),
                signup.language(),
                "none",
                List.of(Purpose.RECTIFICATION),
                signup.recipients(),
                signup.consentGivenAt(),
                Optional.of(concerns),
                signup.sealedPerson());
    }

    /** The same signup, as its copy at {@code offset} of the parked topic has it. */
    public static PendingSignup parked(PendingSignup signup, Parking parking) {
        return new PendingSignup(
                signup.signupId(),
                signup.partition(),
                signup.offset(),
                Optional.of(parking),
                signup.appendedAt(),
                signup.slot(),
                signup.generation(),
                signup.personSchema(),
                signup.receivedAt(),
                signup.keyExpiry(),
                signup.eraseBy(),
                signup.country(),
                signup.language(),
                signup.policyVersion(),
                signup.purposes(),
                signup.recipients(),
                signup.consentGivenAt(),
                signup.concerns(),
                signup.sealedPerson());
    }

    public static SlotView slot(UUID signupId, SlotState state, Optional<EraseReason> reason, BrokerTag broker) {
        boolean erased = state == SlotState.ERASED;
        return new SlotView(
                SLOT,
                state,
                reason,
                broker,
                broker.equals(BrokerTag.NONE) ? 0 : 1,
                signupId,
                KEY_EXPIRY,
                Optional.of(LogPosition.inSignups(2, 40)),
                erased ? Optional.of(RECEIVED.plusSeconds(1)) : Optional.empty(),
                false,
                false,
                Optional.empty());
    }

    /** The slot, kept beyond its expiry. */
    public static SlotView prolonged(SlotView slot, Instant to) {
        return new SlotView(
                slot.reference(),
                slot.state(),
                slot.reason(),
                slot.broker(),
                slot.attempt(),
                slot.signupId(),
                slot.expiry(),
                slot.position(),
                slot.erasedAt(),
                slot.recorded(),
                slot.restricted(),
                Optional.of(to));
    }

    public static UUID uuid(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
