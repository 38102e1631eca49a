package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * State of a slot at one time.
 *
 * @param reason set in {@code ERASING} and {@code ERASED}
 * @param broker the broker last offered, or {@link BrokerTag#NONE}; stays after the erasure
 * @param attempt number of offers so far, 255 meaning 255 or more; 0: never offered; stays after the erasure
 * @param expiry when the sweeper destroys the key, to the millisecond, unless it is prolonged
 * @param position where the sealed signup is in the log, if that was told
 * @param erasedAt set in {@code ERASED}
 * @param recorded the withdrawal event is published
 * @param restricted no attempt may start; only in {@code HELD} and {@code OFFERED}
 * @param cells memory cells that have overwritten their share; none of a slot in a file
 * @param prolongedTo when the sweeper destroys the key instead, after {@code expiry}; only in {@code HELD} and {@code OFFERED}
 */
public record SlotView(
        SlotReference reference,
        SlotState state,
        Optional<EraseReason> reason,
        BrokerTag broker,
        int attempt,
        UUID signupId,
        Instant expiry,
        Optional<LogPosition> position,
        Optional<Instant> erasedAt,
        boolean recorded,
        boolean restricted,
        Optional<Instant> prolongedTo,
        List<CellConfirmation> cells) {
    /** Copies the list. */
    public SlotView {
        cells = List.copyOf(cells);
    }

    /** That of a slot which no cell has confirmed anything of. */
    public SlotView(
            SlotReference reference,
            SlotState state,
            Optional<EraseReason> reason,
            BrokerTag broker,
            int attempt,
            UUID signupId,
            Instant expiry,
            Optional<LogPosition> position,
            Optional<Instant> erasedAt,
            boolean recorded,
            boolean restricted,
            Optional<Instant> prolongedTo) {
        this(
                reference,
                state,
                reason,
                broker,
                attempt,
                signupId,
                expiry,
                position,
                erasedAt,
                recorded,
                restricted,
                prolongedTo,
                List.of());
    }

    /** When the sweeper destroys the key. */
    public Instant end() {
        return prolongedTo.orElse(expiry);
    }
}
