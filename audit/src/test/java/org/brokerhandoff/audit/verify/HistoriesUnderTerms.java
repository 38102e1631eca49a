package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.routing.Load;

/** Lives under a directory in which brokers have caps, hours or another kind. */
final class HistoriesUnderTerms {
    static final DirectoryPublished CAPPED = before(Life.directory(
            Life.broker(FJORD, 1).setHourlyCap(1).build(),
            Life.broker(NORDLYS, 2).build()));
    static final DirectoryPublished TEN_AN_HOUR = before(Life.directory(
            Life.broker(FJORD, 1).setHourlyCap(10).build(),
            Life.broker(NORDLYS, 2).build()));
    /** {@link #RECEIVED} is a Sunday. */
    static final DirectoryPublished UNTIL_HALF_PAST = before(Life.directory(Life.broker(FJORD, 1)
            .setHours(new OpeningHours("UTC", List.of("Sun 12:00-13:30")))
            .build()));

    static final DirectoryPublished WITH_HELPDESK = before(Life.directory(
            Life.broker(FJORD, 1).build(),
            Life.broker("helpdesk", 1).setKind(RecipientKind.HELPDESK).build()));

    static DirectoryPublished before(DirectoryPublished directory) {
        return DirectoryPublished.newBuilder(directory)
                .setPublishedAt(HOUR_BEFORE)
                .build();
    }

    static History by(DirectoryPublished directory) {
        return new History(1).write(Life.policy(RECEIVED), directory, Life.examined(RECEIVED));
    }

    static Assigned first(Life life, DirectoryPublished by) {
        return life.assigned(by, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10);
    }

    /** Under a cap of one an hour. */
    static History capped() {
        return by(CAPPED)
                .write(
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 1),
                        first(LIFE, CAPPED),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    /** The place of the previous one was released, although it had been used. */
    static History cappedAfterAnother() {
        Life other = new Life(new UUID(7, 10), 0, RECEIVED);
        return by(CAPPED)
                .write(
                        other.granted(),
                        other.place(FJORD, 1, 1),
                        first(other, CAPPED),
                        other.delivered(FJORD, 1, 20),
                        other.purged(PurgeReason.DELIVERED, 90),
                        other.placeReleased(FJORD, 3),
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 1),
                        first(LIFE, CAPPED),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    static History inHours(long startedMillis) {
        return by(UNTIL_HALF_PAST)
                .write(
                        LIFE.granted(),
                        first(LIFE, UNTIL_HALF_PAST),
                        LIFE.delivered(FJORD, 1, startedMillis),
                        LIFE.purged(PurgeReason.DELIVERED, startedMillis + 90));
    }

    static History message() {
        return by(WITH_HELPDESK)
                .write(
                        LIFE.contact("helpdesk"),
                        LIFE.assigned(WITH_HELPDESK, Purpose.HELPDESK, Map.of(), Map.of(), 0, 10),
                        LIFE.delivered("helpdesk", 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    static Assigned claiming(int places) {
        return LIFE.assigned(
                TEN_AN_HOUR, Purpose.BROKER_HANDOFF, Map.of(), Map.of(FJORD, new Load(false, false, places, 0)), 0, 10);
    }

    static History tenAnHour() {
        return by(TEN_AN_HOUR)
                .write(
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 10),
                        claiming(0),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    private HistoriesUnderTerms() {}
}
