package org.brokerhandoff.router.handoff;

import java.util.Optional;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.domain.PendingSignup;

/** The end of what one record asks for: it may be cut. */
public sealed interface HandoffEnd {
    /** The signup whose record it was. */
    PendingSignup signup();

    /**
     * The key is destroyed.
     *
     * @param slot the erased slot; empty if custody no longer knew it
     * @param readBack how the zeroes were read back, if this router did it
     * @param parked whether copies of the signup may stand in the parked topic
     */
    record Finished(PendingSignup signup, Optional<SlotView> slot, Optional<ReadBack> readBack, boolean parked)
            implements HandoffEnd {}

    /** A copy in the parked topic, of which the slot knows, goes on for this record; or another router, which has its partition now. */
    record MovedOn(PendingSignup signup) implements HandoffEnd {}
}
