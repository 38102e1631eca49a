package org.brokerhandoff.ingest.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.ApiKeys;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.register.feed.FeedReader;
import org.brokerhandoff.schemas.EventCodec;

/** The open streams: a bounded number, each with a thread and a bounded reader of the log. Thread-safe. */
public final class FeedStreams implements AutoCloseable {
    /** Each has a consumer of some megabytes, and decodes the entries of all websites. */
    static final int MOST = 32;

    /** Shared by all keys of one owner: one website cannot take all streams. */
    static final int MOST_OF_OWNER = 4;

    private final KafkaClients clients;
    private final EventCodec codec;
    private final FeedOwners owners;
    private final Supplier<ApiKeys> keys;
    private final InstantSource clock;
    private final Counter told;
    private final Counter slow;
    private final Set<FeedStream> open = new HashSet<>();
    private boolean closed;

    /**
     * No streams yet.
     *
     * @param keys the API keys in force: a stream ends with its key
     */
    public FeedStreams(
            KafkaClients clients,
            EventCodec codec,
            FeedOwners owners,
            Supplier<ApiKeys> keys,
            InstantSource clock,
            MeterRegistry meters) {
        this.clients = clients;
        this.codec = codec;
        this.owners = owners;
        this.keys = keys;
        this.clock = clock;
        Gauge.builder("handoff.feed.streams", this, FeedStreams::count)
                .description("Event streams that are open")
                .register(meters);
        told = Counter.builder("handoff.feed.streamed")
                .description("Entries sent on event streams")
                .register(meters);
        slow = Counter.builder("handoff.feed.slow")
                .description("Event streams that were closed because their readers were too slow")
                .register(meters);
    }

    /** How many partitions positions have. */
    public int partitions() {
        return owners.partitions();
    }

    private synchronized int count() {
        return open.size();
    }

    /**
     * Opens a stream of what {@code key}'s owner may see.
     *
     * @param after start position; empty: only new entries
     * @return fails with {@link org.brokerhandoff.eventlog.EventLogUnavailable} if Kafka does not answer
     */
    public CompletionStage<StreamOpening> open(ApiKey key, Optional<FeedPosition> after) {
        FeedStream stream = new FeedStream(
                key,
                after,
                owners,
                () -> keys.get().named(key.id()).filter(key::equals).isPresent(),
                clock,
                new FeedStream.Events(told::increment, slow::increment, this::ended));
        synchronized (this) {
            if (closed || open.size() >= MOST) {
                return CompletableFuture.completedFuture(new StreamOpening.TooMany());
            }
            if (open.stream().filter(other -> other.isOf(key.owner())).count() >= MOST_OF_OWNER) {
                return CompletableFuture.completedFuture(new StreamOpening.TooManyOfOwner());
            }
            open.add(stream);
        }
        return stream.begin(() -> FeedReader.ofLog(clients, codec, "handoff-ingest-feed"));
    }

    private synchronized void ended(FeedStream stream) {
        open.remove(stream);
    }

    /** Ends all streams; their readers reconnect with their positions. */
    @Override
    public void close() {
        Set<FeedStream> ending;
        synchronized (this) {
            closed = true;
            ending = Set.copyOf(open);
        }
        ending.forEach(FeedStream::close);
        ending.forEach(FeedStream::awaitEnd);
    }
}
