package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** Converts events to facts. Values that recur in every signup, such as a broker's id, are interned. */
final class FactReader {
    private final Map<Object, Object> shared = new HashMap<>();

    /** The statement of {@code event}, at {@code offset} of its topic, about its signup; empty if it is about none. */
    Optional<Fact> fact(SpecificRecord event, long offset) {
        if (event instanceof ConsentGranted e) {
            return Optional.of(new Fact.Consent(
                    share(e.getPolicyVersion()),
                    share(e.getNoticeDigest()),
                    share(e.getLanguage()),
                    e.getPurposes().contains(Purpose.BROKER_HANDOFF),
                    share(List.copyOf(e.getRecipients())),
                    e.getGivenAt().toEpochMilli(),
                    e.getReceivedAt().toEpochMilli(),
                    e.getEraseBy().toEpochMilli(),
                    share(new Fact.Residence(e.getJurisdiction(), e.getDeclaredAge()))));
        } else if (event instanceof ContactReceived e) {
            return Optional.of(new Fact.Message(
                    share(List.copyOf(e.getRecipients())),
                    e.getReceivedAt().toEpochMilli(),
                    e.getEraseBy().toEpochMilli(),
                    e.getConcerns() == null ? null : SignupIds.uuid(e.getConcerns())));
        } else if (event instanceof ConsentWithdrawn e) {
            return Optional.of(
                    new Fact.Withdrawal(e.getOutcome(), e.getWithdrawnAt().toEpochMilli(), e.getAttempts()));
        } else if (event instanceof Assigned e) {
            return Optional.of(new Fact.Assignment(
                    offset,
                    e.getHop(),
                    share(e.getBroker()),
                    share(e.getDirectoryDigest()),
                    e.getPurpose(),
                    e.getDecidedAt().toEpochMilli()));
        } else if (event instanceof AttemptMade e) {
            return Optional.of(new Fact.Attempt(
                    offset,
                    share(e.getBroker()),
                    e.getAttempt(),
                    e.getStartedAt().toEpochMilli(),
                    e.getEndedAt().toEpochMilli(),
                    e.getOutcome()));
        } else if (event instanceof Delivered e) {
            return Optional.of(new Fact.Acceptance(
                    offset,
                    share(e.getBroker()),
                    e.getAttempt(),
                    e.getStartedAt().toEpochMilli(),
                    e.getAcceptedAt().toEpochMilli(),
                    e.getStatus()));
        } else if (event instanceof Refused e) {
            return Optional.of(new Fact.Refusal(
                    offset,
                    share(e.getBroker()),
                    e.getAttempt(),
                    e.getStartedAt().toEpochMilli(),
                    e.getRefusedAt().toEpochMilli()));
        } else if (event instanceof Released e) {
            return Optional.of(new Fact.Release(
                    offset,
                    share(e.getBroker()),
                    e.getAttempts() == 0 ? Integer.MAX_VALUE : e.getAttempts(),
                    e.getReleasedAt().toEpochMilli(),
                    millis(e.getLastAttemptAt()),
                    e.getReason()));
        } else if (event instanceof Reconciled e) {
            return Optional.of(new Fact.Reconciliation(
                    offset, share(e.getBroker()), e.getAskedAt().toEpochMilli(), e.getAnswer()));
        } else if (event instanceof Postponed e) {
            return Optional.of(new Fact.Postponement(share(e.getDirectoryDigest())));
        } else if (event instanceof Parked e) {
            return Optional.of(new Fact.Parking(e.getReason() == ParkingReason.RESTRICTED));
        } else if (event instanceof Undeliverable e) {
            return Optional.of(new Fact.Undeliverable(share(e.getDirectoryDigest())));
        } else if (event instanceof Purged e) {
            return Optional.of(new PurgeFact(
                    offset,
                    e.getReason(),
                    e.getLevel(),
                    millis(e.getEraseBy()),
                    e.getKeyErasedAt().toEpochMilli(),
                    e.getReadBack(),
                    e.getPartition(),
                    e.getOffset(),
                    e.getStartOffset(),
                    e.getReplicas(),
                    e.getInSyncReplicas(),
                    millis(e.getCutConfirmedAt()),
                    e.getCheckpointIntervalMillis(),
                    parked(e.getParked()),
                    e.getPurgedAt().toEpochMilli(),
                    e.getSlot(),
                    e.getGeneration(),
                    e.getInstance() == null ? null : share(e.getInstance()),
                    cells(e.getCells())));
        }
        return Optional.<Fact>ofNullable(NoticeFact.of(event, offset))
                .or(() -> Optional.ofNullable(RightsFact.of(event, offset)))
                .or(() -> Optional.ofNullable(DisclosureFact.of(event, offset)))
                .or(() -> CanaryFact.of(event));
    }

    private @Nullable List<CellStart> cells(@Nullable List<CellReadBack> cells) {
        return cells == null
                ? null
                : cells.stream()
                        .map(cell -> share(new CellStart(cell.getRoster(), cell.getCell(), cell.getRun())))
                        .toList();
    }

    private static PurgeFact.@Nullable ParkedCut parked(@Nullable ParkedCut cut) {
        return cut == null
                ? null
                : new PurgeFact.ParkedCut(
                        cut.getEndOffset(),
                        cut.getStartOffset(),
                        cut.getReplicas(),
                        cut.getInSyncReplicas(),
                        cut.getCutConfirmedAt().toEpochMilli());
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : Long.valueOf(instant.toEpochMilli());
    }

    @SuppressWarnings("unchecked") // an object equal to a T that was put in as a T
    private <T> T share(T value) {
        return (T) shared.computeIfAbsent(value, same -> same);
    }
}
