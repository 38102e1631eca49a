package org.brokerhandoff.sandbox;

import java.util.UUID;

/** Is told of each handoff once its verdict stands, on the event loop: must not block. */
@FunctionalInterface
public interface HandoffListener {
    /** Called before the reply is written. */
    void handled(UUID signupId, Verdict verdict);
}
