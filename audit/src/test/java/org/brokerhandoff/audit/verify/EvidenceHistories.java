package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.published;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.routing.Load;
import org.brokerhandoff.schemas.SignupIds;

/** Lives with evidence of custody, of suspensions and of what became of records. */
final class EvidenceHistories {
    static final Life OTHER = new Life(new UUID(7, 10), 0, RECEIVED.plusSeconds(3600));
    static final RandomId SLOT_FILE = new RandomId(SignupIds.bytes(new UUID(3, 3)));

    static History examined(Consumer<CustodyExamined.Builder> change) {
        return delivered()
                .change(CustodyExamined.class, e -> {
                    CustodyExamined.Builder builder = CustodyExamined.newBuilder(e);
                    change.accept(builder);
                    return builder.build();
                })
                .change(Purged.class, e -> unreadable(e));
    }

    static Purged unreadable(Purged purged) {
        return Purged.newBuilder(purged).setLevel(PurgeLevel.UNREADABLE).build();
    }

    /** Another signup, an hour later, purged as this says. */
    static History andAnother(History history, Consumer<Purged.Builder> change) {
        Purged.Builder purged = Purged.newBuilder(OTHER.purged(PurgeReason.DELIVERED, 90));
        change.accept(purged);
        return history.write(
                OTHER.granted(), OTHER.assigned(FJORD, 0, 10), OTHER.delivered(FJORD, 1, 20), purged.build());
    }

    static History oneSlotFile() {
        return delivered()
                .change(
                        CustodyExamined.class,
                        e -> CustodyExamined.newBuilder(e)
                                .setSlotFile(SLOT_FILE)
                                .build());
    }

    /** The records before the signup's record, and that record, with this end. */
    static RecordsFinished finished(RecordEnd end, UUID... signups) {
        return new RecordsFinished(
                SealedTopic.SIGNUPS,
                0,
                0L,
                List.of(
                        new FinishedRecords(RecordEnd.MARKER, 41, List.of()),
                        new FinishedRecords(
                                end, 1, Stream.of(signups).map(SignupIds::fixed).toList())),
                LIFE.at(260));
    }

    static History setAside(PurgeLevel level) {
        return delivered()
                .change(Purged.class, e -> Purged.newBuilder(e).setLevel(level).build())
                .write(
                        finished(RecordEnd.SET_ASIDE),
                        new SetAside(0, 41L, LIFE.at(20), SetAsideReason.UNDECODABLE, SealedTopic.SIGNUPS));
    }

    /** Assigned to the second broker, since the first is suspended. */
    static History passedOver() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(
                                Life.directory(RECEIVED),
                                Purpose.BROKER_HANDOFF,
                                Map.of(),
                                Map.of(FJORD, new Load(true, false, 0, 0)),
                                0,
                                10),
                        LIFE.delivered(NORDLYS, 1, 20),
                        finished(RecordEnd.ENDED, LIFE.id()),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    static BrokerSuspended suspended(Instant at) {
        return new BrokerSuspended(
                FJORD,
                new RandomId(SignupIds.bytes(new UUID(1, 1))),
                at,
                SuspensionReason.GONE,
                410,
                at.plusSeconds(600));
    }

    static BrokerResumed resumed(Instant at) {
        return new BrokerResumed(FJORD, new RandomId(SignupIds.bytes(new UUID(1, 1))), at);
    }

    /** Released as never sent anything, after three attempts that were not sent; from when custody's number is exact. */
    static History neverSent() {
        Life life = new Life(LIFE.id(), 0, Instant.parse("2026-11-29T08:00:00Z"));
        return new History(1)
                .write(
                        Life.policy(life.received()),
                        Life.directory(life.received()),
                        Life.examined(life.received()),
                        life.granted(),
                        life.assigned(FJORD, 0, 10),
                        life.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT),
                        life.attempt(FJORD, 2, 60, AttemptOutcome.NOT_SENT),
                        life.attempt(FJORD, 3, 100, AttemptOutcome.NOT_SENT),
                        life.released(FJORD, 200, ReleaseReason.NOTHING_SENT, 3),
                        life.assigned(
                                Life.directory(life.received()),
                                Purpose.BROKER_HANDOFF,
                                Map.of(FJORD, ExclusionReason.NOT_RECEIVED),
                                Map.of(),
                                1,
                                210),
                        life.delivered(NORDLYS, 4, 220),
                        life.purged(PurgeReason.DELIVERED, 290));
    }

    private EvidenceHistories() {}
}
