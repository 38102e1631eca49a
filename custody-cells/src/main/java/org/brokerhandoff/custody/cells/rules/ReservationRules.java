package org.brokerhandoff.custody.cells.rules;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What an idempotency key stands for, and which days' keys are remembered, where several ingest services reserve in one database. */
public final class ReservationRules {
    private static final int SECONDS_OF_A_DAY = 86_400;

    private ReservationRules() {}

    /**
     * What follows for a request to reserve a key.
     *
     * @param yesterdays what yesterday's row says, which counts first
     * @param todays what today's says
     * @param process the one that asks. It has no other request with the key under way: its own time does not keep it out
     */
    public static ReservationStep reserve(
            Optional<ReservationRow> yesterdays, Optional<ReservationRow> todays, UUID process) {
        Optional<ReservationRow> found = yesterdays.or(() -> todays);
        if (found.isEmpty()) {
            return new ReservationStep.Insert();
        }
        ReservationRow row = found.get();
        if (row.accepted()) {
            return new ReservationStep.Accepted(row);
        }
        boolean underWayElsewhere =
                row.tenure().running() && !row.tenure().process().equals(process);
        return underWayElsewhere ? new ReservationStep.Await() : new ReservationStep.TakeOver(row);
    }

    /** The day of a time, days since 1970-01-01 UTC. */
    public static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS_OF_A_DAY);
    }

    /**
     * The day to begin; empty if the newest one lasts. Two clocks have to agree that it has come: one that is ahead must not have all hosts
     * forget a day. Days never go back.
     *
     * @param newest the newest day of all hosts, if there is one
     * @param host the day by the host's clock
     * @param database the day by the database's
     */
    public static OptionalLong begins(OptionalLong newest, long host, long database) {
        long both = Math.min(host, database);
        return newest.isPresent() && both <= newest.getAsLong() ? OptionalLong.empty() : OptionalLong.of(both);
    }

    /** The first day that is remembered. */
    public static long oldest(long newest) {
        return newest - 1;
    }
}
