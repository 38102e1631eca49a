package org.brokerhandoff.router.handoff;

import java.util.Optional;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.domain.PendingSignup;

/** How the work on one record ended, and so whether the record may be cut. */
public sealed interface HandoffEnd {
    /** The signup whose record it was. */
    PendingSignup signup();

    /**
     * The key is destroyed.
     *
     * @param slot the erased slot; empty if custody no longer knew it
     * @param readBack how the zeroes were read back, if this router did it
     * @param parked whether copies of the signup may be in the parked topic
     */
    record Finished(PendingSignup signup, Optional<SlotView> slot, Optional<ReadBack> readBack, boolean parked)
            implements HandoffEnd {}

    /** A copy in the parked topic, of which the slot knows, continues this record. */
    record MovedOn(PendingSignup signup) implements HandoffEnd {}

    /**
     * The partition has gone to another router, which has to find the record: it is not finished, and must be neither committed nor
     * cut by this one.
     */
    record Left(PendingSignup signup) implements HandoffEnd {}
}
