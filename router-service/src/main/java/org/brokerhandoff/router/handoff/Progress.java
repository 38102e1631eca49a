package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.util.Optional;

/** What a step came to: the end, or a situation to go on from after a pause. */
record Progress(Situation situation, Duration pause, Optional<HandoffEnd> end) {
    static Progress to(Situation situation) {
        return new Progress(situation, Duration.ZERO, Optional.empty());
    }

    Progress after(Duration newPause) {
        return new Progress(situation, newPause, end);
    }
}
