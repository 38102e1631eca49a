package org.brokerhandoff.audit.authority;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Kept;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.schemas.EventId;
import org.jspecify.annotations.Nullable;

/** Folds the events of one partition into exposures, in any order of topics. A repeated purge has no effect. */
public final class ExposureFold {
    private static final int TIME_BITS = 16;

    private final Map<UUID, Draft> drafts = new HashMap<>();

    private static final class Draft {
        private @Nullable Instant receivedAt;
        private @Nullable Instant eraseBy;
        private @Nullable String country;
        private final Set<DataCategory> categories = new HashSet<>();
        private final List<Exposure.Contact> contacts = new ArrayList<>();
        private @Nullable Purged purged;
        private final Kept kept = new Kept();

        private void taken(Instant at, Instant until, Collection<DataCategory> what) {
            if (receivedAt == null || at.isBefore(receivedAt)) {
                receivedAt = at;
            }
            eraseBy = until;
            categories.addAll(what);
        }

        private void contact(String broker, Instant startedAt) {
            Exposure.Contact contact = new Exposure.Contact(broker, startedAt);
            if (!contacts.contains(contact)) {
                contacts.add(contact);
            }
        }
    }

    /** Adds an event; one that concerns no signup is skipped. */
    public void add(SpecificRecord event) {
        EventId.signup(event).ifPresent(id -> {
            if (event instanceof ConsentGranted e) {
                Draft draft = draft(id);
                draft.taken(e.getReceivedAt(), e.getEraseBy(), e.getDataCategories());
                draft.country = e.getJurisdiction();
            } else if (event instanceof ContactReceived e) {
                draft(id).taken(e.getReceivedAt(), e.getEraseBy(), e.getDataCategories());
            } else if (event instanceof AttemptMade e) {
                if (e.getOutcome() != AttemptOutcome.NOT_SENT) {
                    draft(id).contact(e.getBroker(), e.getStartedAt());
                }
            } else if (event instanceof Delivered e) {
                draft(id).contact(e.getBroker(), e.getStartedAt());
            } else if (event instanceof Refused e) {
                draft(id).contact(e.getBroker(), e.getStartedAt());
            } else if (event instanceof Purged e) {
                Draft draft = draft(id);
                if (draft.purged == null) {
                    draft.purged = e;
                }
            } else if (event instanceof DisclosureDecided || event instanceof PreservationReleased) {
                draft(id).kept.add(event);
            }
        });
    }

    /** Returns the result, and resets. */
    public void end(Consumer<Exposure> exposures) {
        drafts.forEach((id, draft) -> exposures.accept(exposure(id, draft)));
        drafts.clear();
    }

    private Draft draft(UUID id) {
        return drafts.computeIfAbsent(id, unused -> new Draft());
    }

    private static Exposure exposure(UUID id, Draft draft) {
        Optional<Purged> purged = Optional.ofNullable(draft.purged);
        Instant receivedAt = draft.receivedAt;
        Instant eraseBy = draft.eraseBy;
        return new Exposure(
                id,
                Optional.ofNullable(draft.receivedAt).orElseGet(() -> timeOf(id)),
                purged.map(Purged::getKeyErasedAt),
                purged.flatMap(ExposureFold::unreachableAt),
                (receivedAt == null || eraseBy == null
                                ? Optional.<Instant>empty()
                                : Optional.of(draft.kept.due(receivedAt, eraseBy)))
                        .or(() -> purged.map(Purged::getEraseBy)),
                Optional.ofNullable(draft.country),
                draft.categories,
                draft.contacts);
    }

    /** The later of the two cuts, if a copy was parked. */
    private static Optional<Instant> unreachableAt(Purged purged) {
        Optional<Instant> cut = Optional.ofNullable(purged.getCutConfirmedAt());
        Optional<Instant> parked = Optional.ofNullable(purged.getParked()).map(ParkedCut::getCutConfirmedAt);
        return cut.map(at -> parked.filter(at::isBefore).orElse(at));
    }

    private static Instant timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> TIME_BITS);
    }
}
