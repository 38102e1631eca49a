package org.brokerhandoff.custody.cells;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.CustodyException;

/** On which terms keys are held and used. */
public interface HoldTerms {
    /** Always, and nothing else has to be durable. */
    HoldTerms NONE = new HoldTerms() {
        @Override
        public Optional<CustodyException> refusal() {
            return Optional.empty();
        }

        @Override
        public CompletionStage<?> durable() {
            return CompletableFuture.completedFuture(null);
        }
    };

    /** Why no key is to be held at present. */
    Optional<CustodyException> refusal();

    /**
     * Why nothing that is decided at present would be true: the rows may be older than the log. Keys are destroyed at their end all the same.
     */
    default Optional<CustodyException> distrust() {
        return Optional.empty();
    }

    /** Completes when what the caller has written elsewhere before this call is durable; a hold does not complete before. */
    CompletionStage<?> durable();
}
