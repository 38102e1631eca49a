package org.brokerhandoff.schemas;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
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
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
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
import org.brokerhandoff.event.RandomId;
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
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;
import org.jspecify.annotations.Nullable;

/**
 * The deterministic id of each event. A service that dies after publishing and publishes again gives the repeat the same id,
 * so that every reader recognises it as the same fact.
 */
public final class EventId {
    private EventId() {}

    /**
     * The id of {@code event}.
     *
     * @throws IllegalArgumentException if the type is not in the {@linkplain Topic catalogue}
     */
    public static String of(SpecificRecord event) {
        if (event instanceof SealedSignup e) {
            return of(e.getSignupId(), "sealed");
        } else if (event instanceof ParkedSignup e) {
            return of(e.getSignupId(), "sealed/parked/" + e.getParkedAt().toEpochMilli());
        } else if (event instanceof Parked e) {
            return of(e.getSignupId(), "parked");
        } else if (event instanceof ConsentGranted e) {
            return of(e.getSignupId(), "granted");
        } else if (event instanceof ConsentWithdrawn e) {
            return of(e.getSignupId(), "withdrawn");
        } else if (event instanceof Assigned e) {
            return of(e.getSignupId(), "assigned/" + e.getHop());
        } else if (event instanceof AttemptMade e) {
            return of(
                    e.getSignupId(),
                    "attempt/" + e.getBroker() + "/" + e.getAttempt() + "/"
                            + e.getStartedAt().toEpochMilli());
        } else if (event instanceof Delivered e) {
            return of(e.getSignupId(), "delivered");
        } else if (event instanceof Refused e) {
            return of(e.getSignupId(), "refused/" + e.getBroker());
        } else if (event instanceof Undeliverable e) {
            return of(e.getSignupId(), "undeliverable");
        } else if (event instanceof Purged e) {
            return of(e.getSignupId(), "purged");
        } else if (event instanceof CanaryChecked e) {
            return of(e.getSignupId(), "canary/" + e.getCheckedAt().toEpochMilli());
        } else if (event instanceof PolicyPublished e) {
            return "policy/" + kind(e.getKind()) + e.getVersion() + "/" + e.getLanguage();
        } else if (event instanceof DocumentText e) {
            return "document/" + Digests.hex(e.getDigest());
        } else if (event instanceof DirectoryPublished e) {
            return "directory/" + Digests.hex(e.getDigest());
        } else if (event instanceof OperatorPublished e) {
            return "operator/" + Digests.hex(e.getDigest());
        } else if (event instanceof CountryRulesPublished e) {
            // With its time: a version that comes back after another one is in force again.
            return "country-rules/" + Digests.hex(e.getDigest()) + "/"
                    + e.getPublishedAt().toEpochMilli();
        } else if (event instanceof SetAside e) {
            return "set-aside/" + (e.getTopic() == SealedTopic.SIGNUPS ? "" : "parked/") + e.getPartition() + "/"
                    + e.getOffset();
        } else if (event instanceof CustodyExamined e) {
            return "examined/" + HexFormat.of().formatHex(e.getInstance().bytes());
        } else if (event instanceof ClockJudged e) {
            return "clock/" + HexFormat.of().formatHex(e.getInstance().bytes()) + "/" + e.getJudgement() + "/"
                    + e.getJudgedAt().toEpochMilli();
        } else if (event instanceof LogErased e) {
            return "log-erased/" + e.getBroker() + "/" + e.getTopic() + "/" + e.getPartition() + "/"
                    + e.getObservedAt().toEpochMilli();
        } else if (event instanceof RecordsFinished e) {
            return "finished/" + e.getTopic() + "/" + e.getPartition() + "/" + e.getFirstOffset() + "/"
                    + e.getFinishedAt().toEpochMilli();
        } else if (event instanceof Postponed e) {
            return of(e.getSignupId(), "postponed");
        } else if (event instanceof PingMade e) {
            return of(e.getSignupId(), "ping/" + e.getBroker() + "/" + e.getHop());
        } else if (event instanceof Reconciled e) {
            return of(
                    e.getSignupId(),
                    "reconciled/" + e.getBroker() + "/" + e.getAskedAt().toEpochMilli());
        } else if (event instanceof Released e) {
            return of(e.getSignupId(), "released/" + e.getBroker());
        } else if (event instanceof NoticeSent e) {
            return of(
                    e.getSignupId(), notice(e.getType(), e.getBroker(), e.getRequestId()) + "/sent/" + e.getAttempt());
        } else if (event instanceof NoticeConfirmed e) {
            return of(e.getSignupId(), notice(e.getType(), e.getBroker(), e.getRequestId()) + "/confirmed");
        } else if (event instanceof NoticeEscalated e) {
            return of(
                    e.getSignupId(),
                    notice(e.getType(), e.getBroker(), e.getRequestId()) + "/escalated/" + e.getReason());
        } else if (event instanceof NoticeRefused e) {
            return of(e.getSignupId(), notice(e.getType(), e.getBroker(), e.getRequestId()) + "/refused");
        } else if (event instanceof RightsRequested e) {
            return of(e.getSignupId(), rights(e.getRequestId()) + "/requested");
        } else if (event instanceof RightsRequestExtended e) {
            return of(
                    e.getSignupId(),
                    rights(e.getRequestId()) + "/extended/" + e.getDueAt().toEpochMilli());
        } else if (event instanceof RightsRequestDecided e) {
            return of(e.getSignupId(), rights(e.getRequestId()) + "/decided");
        } else if (event instanceof DisclosureRequested e) {
            return of(e.getSignupId(), disclosure(e.getRequestId()) + "/requested");
        } else if (event instanceof DisclosureQuestionAsked e) {
            return of(e.getSignupId(), disclosure(e.getRequestId()) + "/asked/" + uuid(e.getQuestionId()));
        } else if (event instanceof DisclosureQuestionAnswered e) {
            return of(e.getSignupId(), disclosure(e.getRequestId()) + "/answered/" + uuid(e.getQuestionId()));
        } else if (event instanceof DisclosureDecided e) {
            return of(e.getSignupId(), disclosure(e.getRequestId()) + "/decided");
        } else if (event instanceof PreservationReleased e) {
            return of(e.getSignupId(), disclosure(e.getRequestId()) + "/released");
        } else if (event instanceof ContactReceived e) {
            return of(e.getSignupId(), "contact");
        } else if (event instanceof CookieChoice e) {
            return "visitor/" + uuid(e.getVisitorId()) + "/" + e.getRecordedAt().toEpochMilli();
        } else if (event instanceof PlaceRequested e) {
            return of(e.getSignupId(), place(e.getBroker(), e.getHour()) + "/requested");
        } else if (event instanceof PlaceReleased e) {
            return of(e.getSignupId(), place(e.getBroker(), e.getHour()) + "/released");
        } else if (event instanceof BrokerSuspended e) {
            return "suspended/" + e.getBroker() + "/"
                    + HexFormat.of().formatHex(e.getInstance().bytes()) + "/"
                    + e.getSuspendedAt().toEpochMilli();
        } else if (event instanceof BrokerResumed e) {
            return "resumed/" + e.getBroker() + "/"
                    + HexFormat.of().formatHex(e.getInstance().bytes()) + "/"
                    + e.getResumedAt().toEpochMilli();
        } else if (event instanceof LedgerEntry e) {
            // With what it says: two builders may write two entries of one number, and only the first is the ledger's.
            return "ledger-entry/" + e.getOrigin() + "/" + e.getNumber() + "/"
                    + Digests.hex(Digests.sha256(e.getEntry()));
        } else if (event instanceof LedgerCheckpoint e) {
            return "ledger-checkpoint/" + e.getOrigin() + "/" + e.getSize() + "/"
                    + Digests.hex(Digests.sha256(e.getCheckpoint()));
        } else if (event instanceof SegmentMarker e) {
            return "marker/" + e.getAppendedAt().toEpochMilli();
        }
        throw new IllegalArgumentException(
                "not an event of the catalogue: " + event.getSchema().getFullName());
    }

    /** The signup that {@code event} is about, if it is about one. */
    public static Optional<UUID> signup(SpecificRecord event) {
        return event.getSchema().getField("signupId") == null
                ? Optional.empty()
                : Optional.of(SignupIds.uuid((SignupId)
                        event.get(event.getSchema().getField("signupId").pos())));
    }

    /** The id that an event's record is keyed by: the signup's that it is about, or the visitor's; empty if it is about neither. */
    public static Optional<UUID> subject(SpecificRecord event) {
        return event instanceof CookieChoice choice
                ? Optional.of(SignupIds.uuid(choice.getVisitorId().bytes()))
                : signup(event);
    }

    /** A privacy policy's id is the one that it had before documents had kinds. */
    private static String kind(DocumentKind kind) {
        return kind == DocumentKind.PRIVACY ? "" : kind + "/";
    }

    /** A notice of a withdrawal has the id that it had before there were requests. */
    private static String notice(NoticeType type, String broker, @Nullable RandomId request) {
        return "notice/" + type + "/" + broker + (request == null ? "" : "/" + uuid(request));
    }

    private static String rights(RandomId request) {
        return "rights/" + uuid(request);
    }

    private static String disclosure(RandomId request) {
        return "disclosure/" + uuid(request);
    }

    private static UUID uuid(RandomId id) {
        return SignupIds.uuid(id.bytes());
    }

    private static String place(String broker, Instant hour) {
        return "place/" + broker + "/" + hour.toEpochMilli();
    }

    private static String of(SignupId signup, String fact) {
        return SignupIds.uuid(signup) + "/" + fact;
    }
}
