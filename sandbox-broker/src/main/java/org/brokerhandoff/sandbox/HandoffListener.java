package org.brokerhandoff.sandbox;

import java.util.UUID;

/** Receives each handoff once its verdict is final, on the event loop: must not block. */
@FunctionalInterface
public interface HandoffListener {
    /** Called before the reply is written. */
    void handled(UUID signupId, Verdict verdict);
}
