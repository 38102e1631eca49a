package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsType;

/** Requests about {@link SampleHistories#LIFE}, and the verdict of the rules on requests and notices. */
final class SampleRequests {
    static final Instant NEXT_YEAR = RECEIVED.plus(Duration.ofDays(400));
    static final long HOUR = Duration.ofHours(1).toMillis();

    static final Rights ERASURE = new Rights(LIFE, new UUID(3, 1), RightsType.ERASURE);
    static final Rights RESTRICTION = new Rights(LIFE, new UUID(3, 2), RightsType.RESTRICTION);
    static final Rights OBJECTION = new Rights(LIFE, new UUID(3, 3), RightsType.OBJECTION);
    static final Rights ACCESS = new Rights(LIFE, new UUID(3, 4), RightsType.ACCESS);
    static final Rights RECTIFICATION = new Rights(LIFE, new UUID(3, 5), RightsType.RECTIFICATION);

    static Rights request(RightsType type) {
        return new Rights(LIFE, new UUID(3, 9), type);
    }

    static List<String> broken(Instant now, SpecificRecord... events) {
        SignupFacts facts = new SignupFacts(LIFE.id());
        FactReader reader = new FactReader();
        for (int i = 0; i < events.length; i++) {
            reader.fact(events[i], i).ifPresent(facts::add);
        }
        Scope scope = new Scope(1, Publications.of(List.of(events), Life.CODEC), new PlaceBook(), now, false);
        return Stream.concat(RequestRules.ALL.stream(), NoticeRules.ALL.stream())
                .filter(rule ->
                        !((Rule.OfSignup) rule.check()).violations(facts, scope).isEmpty())
                .map(Rule::code)
                .toList();
    }

    /** A signup that was delivered and purged, and a request about it after an hour. */
    static List<String> judged(Instant now, Rights request, HoldingFound found, SpecificRecord... more) {
        List<SpecificRecord> events = new ArrayList<>(List.of(
                LIFE.granted(),
                LIFE.assigned(FJORD, 0, 10),
                LIFE.delivered(FJORD, 1, 20),
                LIFE.purged(PurgeReason.DELIVERED, 30),
                request.requested(HOUR, found, null)));
        events.addAll(List.of(more));
        return broken(now, events.toArray(SpecificRecord[]::new));
    }

    private SampleRequests() {}
}
