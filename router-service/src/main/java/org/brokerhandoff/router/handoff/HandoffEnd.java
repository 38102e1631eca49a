package org.brokerhandoff.router.handoff;

import java.util.Optional;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * The end of a handoff: the key is destroyed, the record may be cut.
 *
 * @param signup the signup
 * @param slot the erased slot; empty if custody no longer knew it
 * @param readBack how the zeroes were read back, if this router did it
 */
public record HandoffEnd(PendingSignup signup, Optional<SlotView> slot, Optional<ReadBack> readBack) {}
