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
 * @param request how it came; the signup is bound to its owner
 * @param entry what it is, less the person
 * @param person wiped by the intake, whatever comes of it
 * @param hold time from acceptance to the proof of its purge
 * @param proviso what it depends on; empty: on nothing
 */
public record Submission(
        Request request,
        Entry entry,
        PersonalData person,
        Instant receivedAt,
        Duration hold,
        Optional<Proviso> proviso) {
    /** One that depends on nothing. */
    public Submission(Request request, Entry entry, PersonalData person, Instant receivedAt, Duration hold) {
        this(request, entry, person, receivedAt, hold, Optional.empty());
    }

    /**
     * What is known of its id outside, and may therefore take it back.
     *
     * @param signupId the id that it gets
     * @param stands whether it was not taken back: asked when its key is held and its evidence is acknowledged, and before its sealed record is
     *     published. A caller that takes it back later finds the key
     */
    public record Proviso(UUID signupId, Supplier<CompletionStage<Boolean>> stands) {}

    /** Whether nothing that it depends on has been taken back; completed on its loop. */
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
