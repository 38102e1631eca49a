package org.brokerhandoff.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.custody.SweepResult;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.PlaceBook;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.routing.Places;

/** The router, in a JVM that halts right after the named step, before anything that follows from it can happen. */
public final class FaultyRouterMain {
    /** Exit status of a JVM that has halted where it was told to. */
    static final int HALTED = 99;

    /** The arrows of a signup's life. */
    enum Fault {
        PLACE_REQUESTED,
        POSTPONED_ACKNOWLEDGED,
        ASSIGNED_ACKNOWLEDGED,
        PARKING_ACKNOWLEDGED,
        COPY_PARKED,
        SLOT_TOLD_OF_COPY,
        OFFERED,
        ACCEPTED_BY_BROKER,
        LAST_ANSWER_ACKNOWLEDGED,
        RELEASED_ACKNOWLEDGED,
        DELIVERED_ACKNOWLEDGED,
        ERASED,
        CUT,
        MARKED,
        PURGED_ACKNOWLEDGED;

        /** Whether it can only happen while no broker is open. */
        boolean postpones() {
            return this == POSTPONED_ACKNOWLEDGED;
        }

        /** Whether it can only happen while the broker is down. */
        boolean parks() {
            return this == PARKING_ACKNOWLEDGED || this == COPY_PARKED || this == SLOT_TOLD_OF_COPY;
        }
    }

    private static Fault chosen = Fault.ASSIGNED_ACKNOWLEDGED;

    private FaultyRouterMain() {}

    /** Runs the router with the fault that the first argument names. */
    public static void main(String[] arguments) throws InterruptedException {
        chosen = Fault.valueOf(arguments[0]);
        RouterService service = RouterService.start(
                RouterFixture.impatient(RouterSettings.read(SettingsReader.of(System.getenv(), Service.ROUTER))),
                Vertx.vertx(),
                new SimpleMeterRegistry(),
                new Decoration(
                        Custody::new, Log::new, FaultyRouterMain::client, Cutter::new, Purges::new, PlacesBook::new));
        new CountDownLatch(1).await();
        service.close();
    }

    private static <T> T halt(Fault fault, T result) {
        if (fault == chosen) {
            // No shutdown hook, no flush: as kill -9.
            Runtime.getRuntime().halt(HALTED);
        }
        return result;
    }

    private static BrokerClient client(BrokerClient client) {
        return (broker, body, signature, limit) ->
                client.post(broker, body, signature, limit).thenApply(reply -> halt(Fault.ACCEPTED_BY_BROKER, reply));
    }

    private record Log(SignupLog log) implements SignupLog {
        @Override
        public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
            if (event instanceof Released) {
                // The broker's last answer is in the log by now.
                var unused = halt(Fault.LAST_ANSWER_ACKNOWLEDGED, event);
            }
            return log.record(signupId, event).thenApply(acknowledged -> {
                if (event instanceof Assigned) {
                    return halt(Fault.ASSIGNED_ACKNOWLEDGED, event);
                }
                if (event instanceof Released) {
                    return halt(Fault.RELEASED_ACKNOWLEDGED, event);
                }
                if (event instanceof Postponed) {
                    return halt(Fault.POSTPONED_ACKNOWLEDGED, event);
                }
                if (event instanceof Parked) {
                    return halt(Fault.PARKING_ACKNOWLEDGED, event);
                }
                return event instanceof Delivered ? halt(Fault.DELIVERED_ACKNOWLEDGED, event) : event;
            });
        }

        @Override
        public CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore) {
            return log.park(signup, history, notBefore).thenApply(offset -> halt(Fault.COPY_PARKED, offset));
        }

        @Override
        public CompletionStage<History> history(PendingSignup signup) {
            return log.history(signup);
        }

        @Override
        public CompletionStage<Boolean> purged(PendingSignup signup) {
            return log.purged(signup);
        }

        @Override
        public CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason) {
            return log.setAside(signup, reason);
        }
    }

    private record PlacesBook(PlaceBook book) implements PlaceBook {
        @Override
        public boolean ready() {
            return book.ready();
        }

        @Override
        public int takenInHour(String broker, Instant hour, UUID but) {
            return book.takenInHour(broker, hour, but);
        }

        @Override
        public int takenOnDay(String broker, Instant day, UUID but) {
            return book.takenOnDay(broker, day, but);
        }

        @Override
        public List<Places.Place> held(UUID signup) {
            return book.held(signup);
        }

        @Override
        public CompletionStage<?> request(PlaceRequested request) {
            return book.request(request).thenApply(read -> halt(Fault.PLACE_REQUESTED, request));
        }

        @Override
        public void release(PlaceReleased release) {
            book.release(release);
        }
    }

    private record Purges(PurgeLog log) implements PurgeLog {
        @Override
        public CompletionStage<?> publish(UUID signupId, Purged purged) {
            return log.publish(signupId, purged).thenApply(acknowledged -> halt(Fault.PURGED_ACKNOWLEDGED, purged));
        }

        @Override
        public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn) {
            return log.publish(signupId, withdrawn);
        }

        @Override
        public CompletionStage<?> publish(RecordsFinished finished) {
            return log.publish(finished);
        }
    }

    private record Cutter(LogCutter cutter) implements LogCutter {
        @Override
        public Set<Integer> cut(Map<Integer, Long> offsets) {
            return halt(Fault.CUT, cutter.cut(offsets));
        }

        @Override
        public Map<Integer, Observation> observe(Collection<Integer> partitions) {
            return cutter.observe(partitions);
        }

        @Override
        public long endOffset(int partition) {
            return cutter.endOffset(partition);
        }

        @Override
        public void appendMarker(int partition) {
            cutter.appendMarker(partition);
            var unused = halt(Fault.MARKED, partition);
        }

        @Override
        public Duration checkpointInterval() {
            return cutter.checkpointInterval();
        }
    }

    private record Custody(KeyCustody custody) implements KeyCustody {
        @Override
        public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
            return custody.hold(signupId, expiry);
        }

        @Override
        public CompletionStage<Optional<DataKey>> key(SlotReference slot, UUID signupId) {
            return custody.key(slot, signupId);
        }

        @Override
        public CompletionStage<Optional<DataKey>> heldKey(SlotReference slot, UUID signupId) {
            return custody.heldKey(slot, signupId);
        }

        @Override
        public CompletionStage<Optional<SlotView>> read(SlotReference slot) {
            return custody.read(slot);
        }

        @Override
        public CompletionStage<Optional<SlotView>> find(UUID signupId) {
            return custody.find(signupId);
        }

        @Override
        public CompletionStage<OfferOutcome> offer(
                Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
            return custody.offer(ownership, slot, signupId, attempts, broker)
                    .thenApply(offer -> halt(Fault.OFFERED, offer));
        }

        @Override
        public CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId) {
            return custody.restrict(slot, signupId);
        }

        @Override
        public CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId) {
            return custody.lift(slot, signupId);
        }

        @Override
        public CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until) {
            return custody.prolong(slot, signupId, until);
        }

        @Override
        public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
            return custody.erase(slot, signupId, reason).thenApply(erased -> halt(Fault.ERASED, erased));
        }

        @Override
        public CompletionStage<?> position(SlotReference slot, UUID signupId, LogPosition position) {
            return custody.position(slot, signupId, position)
                    .thenApply(told -> position.parked() ? halt(Fault.SLOT_TOLD_OF_COPY, position) : position);
        }

        @Override
        public CompletionStage<?> recorded(SlotReference slot, UUID signupId) {
            return custody.recorded(slot, signupId);
        }

        @Override
        public CompletionStage<Boolean> free(SlotReference slot, UUID signupId) {
            return custody.free(slot, signupId);
        }

        @Override
        public CompletionStage<List<SlotView>> erased() {
            return custody.erased();
        }

        @Override
        public Optional<ReadBack> readBackOfErased() {
            return custody.readBackOfErased();
        }

        @Override
        public SweepResult sweep(Instant now) {
            return custody.sweep(now);
        }

        @Override
        public CompletionStage<CustodyUsage> usage() {
            return custody.usage();
        }

        @Override
        public void close() {
            custody.close();
        }
    }
}
