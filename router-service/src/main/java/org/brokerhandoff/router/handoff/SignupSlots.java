package org.brokerhandoff.router.handoff;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.Lane;

/** The slots of signups, as a lane sees them: all stages complete in it, and at once where custody has the answer at hand. */
record SignupSlots(KeyCustody custody, Lane lane) {
    /** Empty if the slot is gone, or another signup's. */
    CompletionStage<Optional<SlotView>> of(PendingSignup signup) {
        return lane.resumedAfter(custody.read(HandoffPlanner.slot(signup)))
                .thenApply(slot -> slot.filter(view -> view.signupId().equals(signup.signupId())));
    }

    CompletionStage<?> tell(PendingSignup signup, LogPosition position) {
        return lane.resumedAfter(custody.position(HandoffPlanner.slot(signup), signup.signupId(), position));
    }

    CompletionStage<EraseOutcome> erase(PendingSignup signup, EraseReason reason) {
        return lane.arriving(custody.erase(HandoffPlanner.slot(signup), signup.signupId(), reason));
    }

    /** Whether the key is gone, or about to be. */
    static boolean erased(Optional<SlotView> slot) {
        return slot.map(SlotView::state)
                .filter(state -> state == SlotState.ERASING || state == SlotState.ERASED)
                .isPresent();
    }
}
