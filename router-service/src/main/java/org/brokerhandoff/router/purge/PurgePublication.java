package org.brokerhandoff.router.purge;

import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.brokerhandoff.custody.Answers;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.Await;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes claims, after a last check that they are true, and frees their slots when Kafka has acknowledged. Purge thread only;
 * holds no purge beyond a call.
 */
final class PurgePublication {
    private static final Logger LOG = LoggerFactory.getLogger(PurgePublication.class);

    private final KeyCustody custody;
    private final SetAsideLook setAside;
    private final PurgeLog log;
    private final BiConsumer<Purged, Instant> published;
    private final PurgePlanner planner;
    private final Supplier<Ceiling> ceilings;

    /**
     * What may be published of one partition.
     *
     * @param acknowledged is told of each purge that Kafka has and whose slot is free
     */
    record Batch(
            int partition, PurgeQueue queue, List<PurgeQueue.Claim> claims, Consumer<PendingPurge.Key> acknowledged) {}

    PurgePublication(PurgeWorker.Parts parts, PurgePlanner planner, Supplier<Ceiling> ceilings) {
        this.custody = parts.custody();
        this.setAside = parts.setAside();
        this.log = parts.log();
        this.published = parts.published();
        this.planner = planner;
        this.ceilings = ceilings;
    }

    /**
     * Publishes all, which are on their way at once, and waits for the acknowledgements. Each slot is freed only when its own purge has been
     * acknowledged, and the failure of one does not make the others' be published again.
     *
     * @param assigned all partitions that this router has
     * @return what wait all the same, since it is not known what was set aside
     * @throws IllegalStateException if some were not acknowledged; they are still in their queues
     */
    PurgeWaits publish(List<Batch> batches, Collection<Integer> assigned, Instant now) {
        boolean strong = batches.stream()
                .flatMap(batch -> batch.claims().stream())
                .anyMatch(claim -> claim.level() != PurgeLevel.UNREADABLE);
        Optional<Map<Integer, SetAsideCopies>> copies = strong ? copiesSetAside(assigned) : Optional.empty();
        PurgeWaits waiting = PurgeWaits.NONE;
        Ceiling ceiling = ceilings.get();
        List<CompletionStage<Boolean>> freeing = new ArrayList<>();
        Map<PendingPurge.Key, Optional<SlotView>> slots = slots(batches);
        Map<CompletableFuture<?>, Runnable> acknowledgements = new LinkedHashMap<>();
        for (Batch batch : batches) {
            Optional<SetAsideCopies> copiesThere =
                    copies.flatMap(known -> Optional.ofNullable(known.get(batch.partition())));
            for (PurgeQueue.Claim claim : batch.claims()) {
                Optional<PurgeLevel> level = level(claim, ceiling, copiesThere, now);
                Optional<SlotView> slot = slots.getOrDefault(claim.purge().key(), Optional.empty());
                if (level.isEmpty()) {
                    waiting = waiting.and(new PurgeWaits(1, 0, 0, Set.of()));
                } else if (level.get() != PurgeLevel.UNREADABLE
                        && !claim.purge().parked()
                        && parked(slot)) {
                    // By a router that has lost the partition to this one, when this one knew the slot already.
                    batch.queue().foundParked(claim.purge().key(), now);
                } else {
                    Purged event = PurgeEvents.purged(
                            claim.purge(),
                            level.get(),
                            batch.partition(),
                            claim.reached(),
                            planner.checkpointInterval(),
                            ceiling,
                            now);
                    acknowledgements.put(
                            publish(claim.purge(), slot, event).toCompletableFuture(),
                            () -> acknowledged(batch, claim.purge(), event, now, freeing));
                }
            }
        }
        // One wait for all: waiting for each would wake this thread as often as Kafka answers.
        var unused = Await.acknowledged(
                CompletableFuture.allOf(acknowledgements.keySet().toArray(CompletableFuture<?>[]::new)));
        int failed = 0;
        for (Map.Entry<CompletableFuture<?>, Runnable> each : acknowledgements.entrySet()) {
            if (each.getKey().isDone() && !each.getKey().isCompletedExceptionally()) {
                each.getValue().run();
            } else {
                failed++;
            }
        }
        // Before the next scan, which would find them erased still, and have them purged again.
        freeing.forEach(Answers::awaited);
        if (failed > 0) {
            throw new IllegalStateException("purges were not acknowledged");
        }
        return waiting;
    }

    /** The level of a claim, held against the copies of records that could not be processed; empty if it has to wait for that. */
    private Optional<PurgeLevel> level(
            PurgeQueue.Claim claim, Ceiling ceiling, Optional<SetAsideCopies> copies, Instant now) {
        PurgeLevel most = ceiling.permits(claim.purge().cells()).most();
        PurgeLevel wanted = claim.level().compareTo(most) <= 0 ? claim.level() : most;
        if (wanted == PurgeLevel.UNREADABLE) {
            return Optional.of(PurgeLevel.UNREADABLE);
        }
        return planner.limited(new PurgeDecision.Claim(wanted), claim.purge(), copies, now)
                        instanceof PurgeDecision.Claim limited
                ? Optional.of(limited.level())
                : Optional.empty();
    }

    /** Once for all that a verified cut has released; after the cuts were looked at. Empty if it cannot be read now. */
    private Optional<Map<Integer, SetAsideCopies>> copiesSetAside(Collection<Integer> assigned) {
        try {
            return Optional.of(setAside.look(assigned));
        } catch (RuntimeException e) {
            LOG.warn(
                    "records that were set aside cannot be examined: {}",
                    e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /** All at once: custody may be on another host. */
    private Map<PendingPurge.Key, Optional<SlotView>> slots(List<Batch> batches) {
        Map<PendingPurge.Key, CompletionStage<Optional<SlotView>>> asked = new HashMap<>();
        batches.stream()
                .flatMap(batch -> batch.claims().stream())
                .map(claim -> claim.purge().key())
                .forEach(key -> asked.put(key, custody.read(key.slot())));
        Map<PendingPurge.Key, Optional<SlotView>> slots = new HashMap<>();
        asked.forEach((key, slot) ->
                slots.put(key, awaited(slot).filter(view -> view.signupId().equals(key.signupId()))));
        return slots;
    }

    private static boolean parked(Optional<SlotView> slot) {
        return slot.flatMap(SlotView::position).filter(LogPosition::parked).isPresent();
    }

    private void acknowledged(
            Batch batch, PendingPurge purge, Purged event, Instant now, List<CompletionStage<Boolean>> freeing) {
        freeing.add(custody.free(purge.slot(), purge.signupId()));
        batch.acknowledged().accept(purge.key());
        published.accept(event, now);
    }

    private CompletionStage<?> publish(PendingPurge purge, Optional<SlotView> slot, Purged event) {
        UUID signupId = purge.signupId();
        return slot.filter(view -> view.state() == SlotState.ERASED)
                .flatMap(PurgeEvents::unrecordedWithdrawal)
                .<CompletionStage<?>>map(withdrawn ->
                        log.publish(signupId, withdrawn).thenCompose(acknowledged -> log.publish(signupId, event)))
                .orElseGet(() -> log.publish(signupId, event));
    }
}
