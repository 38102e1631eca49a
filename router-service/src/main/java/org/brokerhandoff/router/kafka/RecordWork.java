package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.eventlog.TraceHeader;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the records of {@code signups} and of the parked topic that one lane has: each is a marker, a signup that is handed off,
 * or is set aside.
 *
 * <p>A record counts as finished when its signup's key is destroyed and the purge handed over, when a parked copy continues it, or
 * when it is set aside. What is left because the partition has gone to another router never counts as finished: the other router
 * has to find the record.
 */
final class RecordWork {
    private static final Logger LOG = LoggerFactory.getLogger(RecordWork.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final EventCodec codec;
    private final Handoff handoff;
    private final SignupLog log;
    private final SetAsideLog setAsideLog;
    private final PurgeWorker purges;
    private final HandoffTraces traces;
    private final Lane lane;
    private final InFlight inFlight;
    /** In the lane only: a signup's records are all of one partition number, and so in one lane. */
    private final Map<UUID, CompletableFuture<Void>> running = new HashMap<>();

    /** How many records are worked on, over all lanes. Counted up by the poll thread, so that it sees what it has given away. */
    static final class InFlight {
        private final AtomicInteger fresh = new AtomicInteger();
        private final AtomicInteger parked = new AtomicInteger();

        /** Fresh records that are worked on now. */
        int fresh() {
            return fresh.get();
        }

        /** Parked records that are worked on now. */
        int parked() {
            return parked.get();
        }

        private void begins(AssignedPartition state) {
            state.recordBegins();
            of(state).incrementAndGet();
        }

        private void ends(AssignedPartition state) {
            state.recordEnds();
            of(state).decrementAndGet();
        }

        private AtomicInteger of(AssignedPartition state) {
            return state.parked ? parked : fresh;
        }
    }

    RecordWork(
            SignupConsumer.HandoffLane lane,
            EventCodec codec,
            SetAsideLog setAsideLog,
            PurgeWorker purges,
            HandoffTraces traces,
            InFlight inFlight) {
        this.lane = lane.lane();
        this.handoff = lane.handoff();
        this.log = lane.log();
        this.codec = codec;
        this.setAsideLog = setAsideLog;
        this.purges = purges;
        this.traces = traces;
        this.inFlight = inFlight;
    }

    /** Runs what {@link #begin} has returned, in the lane. */
    void run(List<Runnable> begun) {
        if (!begun.isEmpty()) {
            lane.execute(() -> begun.forEach(Runnable::run));
        }
    }

    /**
     * Reads a record and begins it, on the poll thread. What is returned has to be run in the lane, in the order of the records.
     *
     * @return nothing, if the record is finished with that
     * @throws UnknownSchema if a newer service wrote it: it must be neither finished nor passed over
     */
    Optional<Runnable> begin(AssignedPartition state, ConsumerRecord<byte[], byte[]> record) {
        Decoded decoded = record.value() == null ? new Decoded.Undecodable() : codec.decode(record.value());
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            throw UnknownSchema.at(record, unknown);
        }
        state.tracker.begin(record.offset());
        if (decoded instanceof Decoded.Event event && event.event() instanceof SegmentMarker) {
            state.tracker.complete(record.offset(), Finish.MARKER);
            return Optional.empty();
        }
        Optional<PendingSignup> signup =
                decoded instanceof Decoded.Event event ? signup(state.parked, record, event.event()) : Optional.empty();
        Runnable work;
        if (signup.isEmpty()) {
            work = () -> setAside(state, record, SetAsideReason.UNDECODABLE);
        } else if (!Arrays.equals(record.key(), SignupIds.bytes(signup.get().signupId()))) {
            work = () -> setAside(state, record, SetAsideReason.KEY_MISMATCH);
        } else {
            History carried = signup.get().parking().map(Parking::history).orElse(History.NONE);
            History history = carried.followedBy(
                    state.history(record.offset(), signup.get().signupId()));
            Optional<TraceLink> link = TraceHeader.in(record.headers());
            work = () -> handOff(state, record.offset(), new Found(signup.get(), link), history);
        }
        inFlight.begins(state);
        return Optional.of(work);
    }

    private static Optional<PendingSignup> signup(
            boolean parked, ConsumerRecord<byte[], byte[]> record, SpecificRecord event) {
        Instant appendedAt = Instant.ofEpochMilli(record.timestamp());
        if (!parked && event instanceof SealedSignup sealed) {
            return SealedSignups.pending(sealed, record.partition(), record.offset(), appendedAt);
        } else if (parked && event instanceof ParkedSignup sealed) {
            return SealedSignups.parked(sealed, record.partition(), record.offset(), appendedAt);
        }
        return Optional.empty();
    }

    /** A signup, and the span that its record was published in. */
    private record Found(PendingSignup signup, Optional<TraceLink> link) {}

    private void handOff(AssignedPartition state, long offset, Found found, History history) {
        PendingSignup signup = found.signup();
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> before = running.put(signup.signupId(), done);
        CompletionStage<HandoffEnd> end = before == null
                ? run(state, found, history)
                // A repeat of this signup: what the first record did shows in the slot, or else in the log.
                : before.thenCompose(ended -> lane.arriving(log.history(signup)))
                        .thenCompose(read -> run(state, found, read));
        var unused = end.thenCompose(ended -> finish(state, ended)).whenComplete((finish, failure) -> {
            if (failure != null) {
                traces.failed(signup.signupId());
                LOG.error(
                        "signup {} failed with {}; its partition is not cut any further until a restart",
                        signup.signupId(),
                        failure.getClass().getSimpleName());
            } else {
                traces.ended(signup.signupId(), finish.map(Finish::end));
                finish.ifPresent(how -> state.tracker.complete(offset, how));
            }
            inFlight.ends(state);
            running.remove(signup.signupId(), done);
            done.complete(null);
        });
    }

    private CompletionStage<HandoffEnd> run(AssignedPartition state, Found found, History history) {
        traces.begins(found.signup().signupId(), found.link());
        try {
            return handoff.run(found.signup(), history, state);
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
            return lane.arriving(log.purged(end.signup()))
                    .thenCompose(purged -> purged
                            ? CompletableFuture.completedFuture(true)
                            : lane.arriving(purges.dueWithoutSlot(end.signup())))
                    .thenApply(done -> done ? Optional.of(Finish.ended(signup)) : Optional.empty());
        }
    }

    private void setAside(AssignedPartition state, ConsumerRecord<byte[], byte[]> record, SetAsideReason reason) {
        LOG.warn("{}-{}@{} is set aside: {}", record.topic(), record.partition(), record.offset(), reason);
        byte[] key = record.key() == null ? new byte[0] : record.key();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        CompletionStage<?> copied;
        try {
            copied = setAsideLog.setAside(
                    state.parked ? SealedTopic.SIGNUPS_PARKED : SealedTopic.SIGNUPS,
                    record.partition(),
                    record.offset(),
                    key,
                    value,
                    reason);
        } catch (RuntimeException e) {
            copied = CompletableFuture.failedFuture(e);
        }
        var unused = lane.arriving(copied).whenComplete((acknowledged, failure) -> {
            if (failure == null) {
                state.tracker.complete(record.offset(), Finish.SET_ASIDE);
                inFlight.ends(state);
            } else if (state.held()) {
                lane.after(PAUSE_AFTER_FAILURE, () -> setAside(state, record, reason));
            } else {
                inFlight.ends(state);
            }
        });
    }
}
