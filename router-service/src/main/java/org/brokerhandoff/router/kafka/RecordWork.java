package org.brokerhandoff.router.kafka;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with one record of {@code signups} or of the parked topic: it is a marker, a signup that is handed off, or is set
 * aside. Started on the poll thread; ends on any.
 *
 * <p>A record counts as finished when its signup's key is destroyed and the purge handed on, when a parked copy goes on for it, or
 * when it is set aside. What is left because the partition has gone to another router never counts as finished: the other router
 * has to find the record.
 */
final class RecordWork {
    private static final Logger LOG = LoggerFactory.getLogger(RecordWork.class);

    private final EventCodec codec;
    private final Handoff handoff;
    private final SignupLog log;
    private final SetAsideLog setAsideLog;
    private final PurgeWorker purges;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger parkedInFlight = new AtomicInteger();
    private final Map<UUID, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    RecordWork(EventCodec codec, Handoff handoff, SignupLog log, SetAsideLog setAsideLog, PurgeWorker purges) {
        this.codec = codec;
        this.handoff = handoff;
        this.log = log;
        this.setAsideLog = setAsideLog;
        this.purges = purges;
    }

    /** Fresh records that are worked on now. */
    int inFlight() {
        return inFlight.get();
    }

    /** Parked records that are worked on now. */
    int parkedInFlight() {
        return parkedInFlight.get();
    }

    /**
     * Begins to work on a record.
     *
     * @throws UnknownSchema if a newer service wrote it: it must be neither finished nor passed over
     * @throws RuntimeException if it could not be begun; it may be begun again
     */
    void begin(AssignedPartition state, ConsumerRecord<byte[], byte[]> record) {
        Decoded decoded = record.value() == null ? new Decoded.Undecodable() : codec.decode(record.value());
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            throw UnknownSchema.at(record, unknown);
        }
        state.tracker.begin(record.offset());
        if (decoded instanceof Decoded.Event event && event.event() instanceof SegmentMarker) {
            state.tracker.complete(record.offset(), Finish.MARKER);
        } else if (!state.parked
                && decoded instanceof Decoded.Event event
                && event.event() instanceof SealedSignup sealed) {
            signup(
                    state,
                    record,
                    SealedSignups.pending(
                            sealed, record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp())));
        } else if (state.parked
                && decoded instanceof Decoded.Event event
                && event.event() instanceof ParkedSignup sealed) {
            signup(
                    state,
                    record,
                    SealedSignups.parked(
                            sealed, record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp())));
        } else {
            setAside(state, record, SetAsideReason.UNDECODABLE);
        }
        if (record.offset() + 1 >= state.recoverBefore) {
            state.histories = Map.of();
        }
    }

    private void signup(
            AssignedPartition state, ConsumerRecord<byte[], byte[]> record, Optional<PendingSignup> signup) {
        if (signup.isEmpty()) {
            setAside(state, record, SetAsideReason.UNDECODABLE);
        } else if (!Arrays.equals(record.key(), SignupIds.bytes(signup.get().signupId()))) {
            setAside(state, record, SetAsideReason.KEY_MISMATCH);
        } else {
            History carried = signup.get().parking().map(Parking::history).orElse(History.NONE);
            History read = record.offset() < state.recoverBefore
                    ? state.histories.getOrDefault(signup.get().signupId(), History.NONE)
                    : History.NONE;
            handOff(state, record.offset(), signup.get(), carried.followedBy(read));
        }
    }

    private AtomicInteger places(AssignedPartition state) {
        return state.parked ? parkedInFlight : inFlight;
    }

    private void handOff(AssignedPartition state, long offset, PendingSignup signup, History history) {
        places(state).incrementAndGet();
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> before = running.put(signup.signupId(), done);
        CompletionStage<HandoffEnd> end = before == null
                ? run(state, signup, history)
                // A repeat of this signup: what the first record did shows in the slot, or else in the log.
                : before.thenCompose(ended -> log.history(signup)).thenCompose(read -> run(state, signup, read));
        var unused = end.thenCompose(ended -> finish(state, ended)).whenComplete((finish, failure) -> {
            if (failure != null) {
                LOG.error(
                        "signup {} ended in {}; its partition is not cut any further until a restart",
                        signup.signupId(),
                        failure.getClass().getSimpleName());
            } else {
                finish.ifPresent(how -> state.tracker.complete(offset, how));
            }
            places(state).decrementAndGet();
            running.remove(signup.signupId(), done);
            done.complete(null);
        });
    }

    private CompletionStage<HandoffEnd> run(AssignedPartition state, PendingSignup signup, History history) {
        try {
            return handoff.run(signup, history, () -> state.ours);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * How the record is finished, if it is. Hands the purge on before it counts as that, so that a cut never runs ahead of its
     * purge.
     */
    private CompletionStage<Optional<Finish>> finish(AssignedPartition state, HandoffEnd ended) {
        UUID signup = ended.signup().signupId();
        if (ended instanceof HandoffEnd.Left) {
            return CompletableFuture.completedFuture(Optional.empty());
        } else if (!(ended instanceof HandoffEnd.Finished end)) {
            // Of a parked signup there may be a copy in every interval: the last one names it.
            return CompletableFuture.completedFuture(
                    Optional.of(state.parked ? Finish.COPY_MOVED_ON : Finish.movedOn(signup)));
        } else if (end.slot().isPresent()) {
            SlotView slot = end.slot().get();
            purges.due(end, slot);
            return CompletableFuture.completedFuture(Optional.of(Finish.ended(signup)));
        } else {
            return log.purged(end.signup())
                    .thenCompose(purged ->
                            purged ? CompletableFuture.completedFuture(true) : purges.dueWithoutSlot(end.signup()))
                    .thenApply(done -> done ? Optional.of(Finish.ended(signup)) : Optional.empty());
        }
    }

    private void setAside(AssignedPartition state, ConsumerRecord<byte[], byte[]> record, SetAsideReason reason) {
        LOG.warn("{}-{}@{} is set aside: {}", record.topic(), record.partition(), record.offset(), reason);
        byte[] key = record.key() == null ? new byte[0] : record.key();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        CompletionStage<?> copied = setAsideLog.setAside(
                state.parked ? SealedTopic.SIGNUPS_PARKED : SealedTopic.SIGNUPS,
                record.partition(),
                record.offset(),
                key,
                value,
                reason);
        // Counted once it is under way: a copy that could not be begun leaves no place taken.
        places(state).incrementAndGet();
        var unused = copied.whenComplete((acknowledged, failure) -> {
            places(state).decrementAndGet();
            if (failure == null) {
                state.tracker.complete(record.offset(), Finish.SET_ASIDE);
            }
        });
    }
}
