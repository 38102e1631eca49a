package org.brokerhandoff.registerservice;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;

/** The current events of ingest and router about a signup, and a broker of the directory. */
public final class Facts {
    private Facts() {}

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    static ConsentGranted granted(UUID id, String... recipients) {
        return ConsentGranted.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setRecordVersion(1)
                .setPolicyVersion("2026-11-01")
                .setNoticeDigest(Digests.sha256("policy"))
                .setFormDigest(Digests.sha256("form"))
                .setLanguage("nb")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setDataCategories(List.of(DataCategory.IDENTITY, DataCategory.CONTACT))
                .setRecipients(List.of(recipients))
                .setJurisdiction("NO")
                .setWithdrawalMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setGivenAt(now())
                .setMethod(ConsentMethod.REGISTRATION_FORM)
                .setReceivedAt(now())
                .setEraseBy(now().plusSeconds(86_400))
                .setOwner("website-1")
                .build();
    }

    static Assigned assigned(UUID id, String broker) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setHop(0)
                .setDirectoryDigest(Digests.sha256("directory"))
                .setDecidedAt(now())
                .setCountry("NO")
                .setRecipients(List.of(broker))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .build();
    }

    static Delivered delivered(UUID id, String broker) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(now())
                .setAcceptedAt(now())
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    /** The withdrawal of a signup that a broker may have been sent. */
    public static ConsentWithdrawn withdrawn(UUID id) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(now())
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.HANDOFF_STARTED)
                .build();
    }

    /** A request about a signup that a broker may have been sent. */
    static RightsRequested requested(UUID id, UUID requestId, RightsType type) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setRequestId(new RandomId(SignupIds.bytes(requestId)))
                .setType(type)
                .setRequestedAt(now())
                .setDueAt(now().plusSeconds(30 * 86_400))
                .setMethod(RequestMethod.WEBSITE)
                .setFound(type == RightsType.ACCESS ? null : HoldingFound.HANDOFF_STARTED)
                .setActor("website-1")
                .build();
    }

    /** A broker that accepts everyone. */
    public static Broker broker(String id, Optional<URI> notices) {
        return new Broker(
                id,
                id + " AS",
                List.of("*"),
                List.of(),
                Map.of("default", "EEA"),
                URI.create("https://" + id + ".example/privacy"),
                URI.create("https://" + id + ".example/handoffs"),
                notices,
                List.of(WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                        .orElseThrow()),
                1,
                1,
                false,
                Broker.Status.ACTIVE,
                Terms.PLAIN,
                Profile.of(RecipientKind.BROKER),
                Connection.PLAIN,
                FieldMapping.NONE);
    }
}
