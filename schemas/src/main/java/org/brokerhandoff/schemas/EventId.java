package org.brokerhandoff.schemas;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;

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
        } else if (event instanceof PolicyPublished e) {
            return "policy/" + e.getVersion() + "/" + e.getLanguage();
        } else if (event instanceof DirectoryPublished e) {
            return "directory/" + Digests.hex(e.getDigest());
        } else if (event instanceof SetAside e) {
            return "set-aside/" + (e.getTopic() == SealedTopic.SIGNUPS ? "" : "parked/") + e.getPartition() + "/"
                    + e.getOffset();
        } else if (event instanceof CustodyExamined e) {
            return "examined/" + HexFormat.of().formatHex(e.getInstance().bytes());
        } else if (event instanceof LogErased e) {
            return "log-erased/" + e.getBroker() + "/" + e.getTopic() + "/" + e.getPartition() + "/"
                    + e.getObservedAt().toEpochMilli();
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

    private static String of(SignupId signup, String fact) {
        return SignupIds.uuid(signup) + "/" + fact;
    }
}
