package org.brokerhandoff.custody.cells.rules;

/** What a request to reserve an idempotency key leads to. */
public sealed interface ReservationStep {
    /** The key is new: reserve it. */
    record Insert() implements ReservationStep {}

    /** An earlier request has reported no result and is not under way: go on with its signup, provided that the row is as it was read. */
    record TakeOver(ReservationRow row) implements ReservationStep {}

    /** A request is under way in another process: look again. */
    record Await() implements ReservationStep {}

    /** An earlier request was accepted. */
    record Accepted(ReservationRow row) implements ReservationStep {}
}
