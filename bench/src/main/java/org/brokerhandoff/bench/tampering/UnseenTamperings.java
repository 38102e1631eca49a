package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Forger.plain;
import static org.brokerhandoff.bench.tampering.Tampering.unseen;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.Digests;

/** Faults that contradict nothing in the log: no rule can find them, but a checkpoint over the original records does. */
final class UnseenTamperings {
    private UnseenTamperings() {}

    static List<Tampering> all() {
        return List.of(
                unseen(
                        "the newest record of a topic is gone, an event that nothing else refers to",
                        f -> f.remove(CookieChoice.class, any())),
                unseen(
                        "a request for access was never made",
                        f -> f.remove(
                                RightsRequested.class,
                                (e, life) ->
                                        e.getType() == RightsType.ACCESS && !life.has(RightsRequestDecided.class))),
                unseen(
                        "a consent was given by another method",
                        f -> f.change(
                                ConsentGranted.class,
                                plain(),
                                e -> ConsentGranted.newBuilder(e)
                                        .setMethod(
                                                e.getMethod() == ConsentMethod.REGISTRATION_FORM
                                                        ? ConsentMethod.PREFERENCE_CENTRE
                                                        : ConsentMethod.REGISTRATION_FORM)
                                        .build())),
                unseen(
                        "a consent was given to another form",
                        f -> f.change(
                                ConsentGranted.class,
                                plain(),
                                e -> ConsentGranted.newBuilder(e)
                                        .setFormDigest(Digests.sha256("another form"))
                                        .build())),
                unseen(
                        "a consent was given slightly earlier",
                        f -> f.change(
                                ConsentGranted.class,
                                plain(),
                                e -> ConsentGranted.newBuilder(e)
                                        .setGivenAt(e.getGivenAt().minusMillis(1))
                                        .build())),
                unseen(
                        "an acceptance was slightly later",
                        f -> f.change(
                                Delivered.class,
                                plain(),
                                e -> Delivered.newBuilder(e)
                                        .setAcceptedAt(e.getAcceptedAt().plusMillis(1))
                                        .build())),
                unseen(
                        "a key was destroyed slightly earlier",
                        f -> f.change(
                                Purged.class,
                                plain(),
                                e -> Purged.newBuilder(e)
                                        .setKeyErasedAt(e.getKeyErasedAt().minusMillis(1))
                                        .build())),
                unseen(
                        "a disclosure was requested by another party",
                        f -> f.change(
                                DisclosureRequested.class,
                                any(),
                                e -> DisclosureRequested.newBuilder(e)
                                        .setRequester(
                                                e.getRequester() == DisclosureRequester.COURT
                                                        ? DisclosureRequester.AUTHORITY
                                                        : DisclosureRequester.COURT)
                                        .build())),
                unseen(
                        "the operator's name was changed under the same digest",
                        f -> f.change(
                                OperatorPublished.class,
                                any(),
                                e -> OperatorPublished.newBuilder(e)
                                        .setName("Another AS")
                                        .build())),
                unseen(
                        "a consent was appended slightly later",
                        f -> f.raw(ConsentGranted.class, plain(), LeafChange.appendedAfter(Duration.ofMillis(1)))),
                unseen(
                        "a purge was appended hours later, by a broker whose clock was set back afterwards",
                        f -> f.raw(Purged.class, plain(), LeafChange.appendedAfter(Duration.ofHours(4)))),
                unseen("the consents of two people were swapped", UnseenTamperings::swapped));
    }

    private static Optional<Forgery> swapped(Forger forger) {
        return forger.swap(ConsentGranted.class, plain());
    }
}
