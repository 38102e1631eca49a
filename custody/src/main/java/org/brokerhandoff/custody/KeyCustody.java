package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the only copy of each signup's data key, and destroys it.
 *
 * <p>The slot decides a signup's fate: {@link #offer}, {@link #restrict} and {@link #erase} are atomic against
 * each other across threads and processes, so either the erasure (the restriction) came first and nothing is sent ever (until it is
 * lifted), or the offer came first and the slot says to whom.
 *
 * <p>Every method may be called from any thread. The returned stages complete on one thread at a time; a dependent
 * action that blocks or takes long belongs on another executor ({@code thenApplyAsync} and its kind). They complete
 * exceptionally with {@link CustodyException} after a failed sync and once closed. A custody that need not wait returns a
 * completed stage: the slot file does so except when it has to sync, and works on the caller's thread
 * until then. {@link #find}, {@link #erased}, {@link #usage} and {@link #sweep} scan all slots of a file; {@link #sweep} also blocks
 * until its erasures are durable.
 */
public interface KeyCustody extends AutoCloseable {
    /** Creates a fresh key and stores it, durable when the stage completes. */
    CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry);

    /**
     * As the other, if no other process has taken the signup's reservation over meanwhile; then the stage fails, and no key is held. A custody
     * of one host needs no token: its signups are reserved by one process.
     *
     * @param reservationToken the token under which the caller has the reservation
     */
    default CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry, int reservationToken) {
        return hold(signupId, expiry);
    }

    /** The key, in {@code HELD} and {@code OFFERED} only; empty otherwise, also where it cannot be unwrapped. */
    CompletionStage<Optional<DataKey>> key(SlotReference slot, UUID signupId);

    /**
     * The key, in {@code HELD} only, written and synced again: after a hold whose end was not reported, possibly by an earlier
     * process, it is unknown whether the medium has it. Durable when the stage completes; empty as {@link #key}.
     */
    CompletionStage<Optional<DataKey>> heldKey(SlotReference slot, UUID signupId);

    /** The state of the slot; empty if that generation is gone. */
    CompletionStage<Optional<SlotView>> read(SlotReference slot);

    /** The slot of a signup, a live one before an erased one. A scan. */
    CompletionStage<Optional<SlotView>> find(UUID signupId);

    /**
     * Says that the broker is about to be sent the person's data. {@code HELD} becomes {@code OFFERED(broker, 1)}; a slot that was offered
     * before becomes {@code OFFERED(broker, attempt + 1)}. Durable when the stage completes.
     *
     * @param ownership of the signup's partition: only its owner can know that no earlier broker has the signup
     * @param attempts how many the slot counted when the caller decided: a later offer came from a process that wrongly
     *     considered itself the owner, and its outcome is unknown to the caller
     */
    CompletionStage<OfferOutcome> offer(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker);

    /**
     * Forbids every attempt that has not begun: until {@link #lift}, {@link #offer} answers {@code Restricted}. Held or offered, the
     * slot is restricted; the outcome says which, since a broker that may have the data must be notified. Only the key's use is
     * restricted: an erasure, the expiry and a rotation of epochs find the slot as any other. The next signup in the same slot is not
     * restricted. Durable when the stage completes, also when the slot was restricted before.
     */
    CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId);

    /**
     * Lifts the restriction, whichever outcome {@link #restrict} had: a slot has one for any number of requests, so
     * the caller ensures that none is left. Durable when the stage completes.
     */
    CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId);

    /**
     * As the other, by a caller that ensures that under a lock across hosts, which it may have lost without noticing: then the stage fails, and
     * nothing is lifted. On one host the lock is sure.
     *
     * @param lock the lock, with its token
     */
    default CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId, Ownership lock) {
        return lift(slot, signupId);
    }

    /**
     * Extends the life of the key: until {@code until}, to the second, no sweep and no {@link #erase} for {@code EXPIRED} destroys it. Everything
     * else treats the slot as usual; the slot's expiry is unchanged. A time at or before that ends the prolongation. The last call
     * counts. Durable when the stage completes; refused once the slot's end has come.
     *
     * @throws IllegalArgumentException if {@code until} is later than February 2106
     */
    CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until);

    /**
     * Destroys the key: overwritten, synced and read back when the stage completes. Broker and attempt stay in the
     * slot. An erasure that another caller or a crashed process began is finished, and keeps its reason.
     *
     * <p>After a failed sync the key is still overwritten in memory, so that no offer can follow, but the stage completes
     * exceptionally because the state of the medium is unknown.
     */
    CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason);

    /**
     * Notes where the sealed signup is in the log, unless a newer copy is known. Once the stage completes it survives the death
     * of this process; a file does not sync it, so a power cut may lose it. Does nothing if the generation is gone.
     */
    CompletionStage<?> position(SlotReference slot, UUID signupId, LogPosition position);

    /** Notes that the withdrawal event is published. As durable as {@link #position}. */
    CompletionStage<?> recorded(SlotReference slot, UUID signupId);

    /**
     * Gives an {@code ERASED} slot back. As durable as {@link #position}: after a power cut the slot may be {@code ERASED} again, and its
     * purge event is then emitted again.
     *
     * @return completes with whether this call did it
     */
    CompletionStage<Boolean> free(SlotReference slot, UUID signupId);

    /** All {@code ERASED} slots. A scan. */
    CompletionStage<List<SlotView>> erased();

    /**
     * How the key of every {@code ERASED} slot was read back, where custody itself knows; empty where only the process has seen it that
     * destroyed the key.
     */
    default Optional<ReadBack> readBackOfErased() {
        return Optional.empty();
    }

    /**
     * Destroys the keys past their end, finishes abandoned erasures, and reclaims slots that were claimed but not
     * filled, once this instance has seen them unchanged for 60 s of {@code now}'s clock. A scan; blocks.
     *
     * @throws CustodyException if the custody failed
     */
    SweepResult sweep(Instant now);

    /** Slots and syncs. A scan. */
    CompletionStage<CustodyUsage> usage();

    /** Completes what is waiting for a sync, then closes. */
    @Override
    void close();
}
