package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.router.domain.PendingSignup;

/** What a step came to: the end, or a situation to continue from after a pause. */
record Progress(Situation situation, Duration pause, Optional<HandoffEnd> end) {
    static Progress to(Situation situation) {
        return new Progress(situation, Duration.ZERO, Optional.empty());
    }

    Progress after(Duration newPause) {
        return new Progress(situation, newPause, end);
    }

    /** The record is left to the partition's next owner. */
    static Progress left(PendingSignup signup, Situation situation) {
        return new Progress(situation, Duration.ZERO, Optional.of(new HandoffEnd.Left(signup)));
    }
}
