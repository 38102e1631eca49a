package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Entry;

/**
 * A valid request on its way in.
 *
 * @param request its origin; the signup is bound to its owner
 * @param entry its content, without the person
 * @param person always wiped by the intake
 * @param hold time from acceptance to the proof of its purge
 * @param proviso its condition; empty: none
 */
public record Submission(
        Request request,
        Entry entry,
        PersonalData person,
        Instant receivedAt,
        Duration hold,
        Optional<Proviso> proviso) {
    /** An unconditional one. */
    public Submission(Request request, Entry entry, PersonalData person, Instant receivedAt, Duration hold) {
        this(request, entry, person, receivedAt, hold, Optional.empty());
    }

    /**
     * The condition of a submission whose id is known elsewhere, so that it may be revoked.
     *
     * @param signupId the id that it gets
     * @param stands whether it was not revoked: checked when its key is held and its evidence is acknowledged, and before its sealed record
     *     is published. A caller that revokes it later finds the key
     */
    public record Proviso(UUID signupId, Supplier<CompletionStage<Boolean>> stands) {}

    /** Whether its condition still holds; completed on its loop. */
    CompletionStage<Boolean> stands() {
        return proviso.map(on -> request.resumedAfter(on.stands().get()))
                .orElseGet(() -> CompletableFuture.completedStage(true));
    }

    /** Prints neither the key nor the person. */
    @Override
    public String toString() {
        return "Submission[" + request + "]";
    }
}
