package org.brokerhandoff.ingest.published;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.eventlog.EventFollower;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.ReceivedEvent;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.policy.TextStore;
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * The texts of documents in their topic. Stores the position of each, not its content; nothing is read before it is requested. A record whose
 * text does not match its digest is skipped, so that write access to the topic does not suffice to change a text. Thread-safe.
 */
public final class PublishedTexts implements TextStore, AutoCloseable {
    private static final int PARTITION = 0;

    private final EventPublisher publisher;
    private final FaultPoints faultPoints;
    private final EventFollower follower; // guarded by this, and all below
    private final EventReader reader;
    private final Map<String, Long> offsets = new HashMap<>();

    /** Reads through {@code clients} and writes through {@code publisher}; Kafka may be unavailable. */
    public PublishedTexts(KafkaClients clients, EventCodec codec, EventPublisher publisher, FaultPoints faultPoints) {
        this.publisher = publisher;
        this.faultPoints = faultPoints;
        this.follower = new EventFollower(
                clients,
                codec,
                "handoff-ingest-documents",
                List.of(Topic.DOCUMENTS),
                List.of(DocumentText.class),
                Optional.empty());
        this.reader = new EventReader(clients, codec, "handoff-ingest-document");
    }

    @Override
    public synchronized void keep(String sha256, byte[] text, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        follow(limit);
        if (!offsets.containsKey(sha256)) {
            publisher
                    .publishTo(Topic.DOCUMENTS, PARTITION, SignupEvents.text(sha256, text))
                    .toCompletableFuture()
                    .orTimeout(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .join();
            faultPoints.reached(FaultPoints.Arrow.DOCUMENT_TEXT_ACKNOWLEDGED);
        }
    }

    @Override
    public synchronized Optional<byte[]> find(String sha256, Duration limit) {
        if (!offsets.containsKey(sha256)) {
            follow(limit);
        }
        Long offset = offsets.get(sha256);
        return offset == null
                ? Optional.empty()
                : reader.readOne(Topic.DOCUMENTS, PARTITION, offset, limit)
                        .flatMap(PublishedTexts::text)
                        .filter(text -> sha256.equals(digest(text)));
    }

    private void follow(Duration limit) {
        boolean all = follower.read(
                limit,
                received -> text(received).ifPresent(text -> offsets.putIfAbsent(digest(text), received.offset())));
        if (!all) {
            throw new EventLogUnavailable("the documents are still being read", new TimeoutException());
        }
    }

    private static Optional<byte[]> text(ReceivedEvent received) {
        return UnknownSchema.known(received)
                .filter(event -> event.event() instanceof DocumentText)
                .map(event -> {
                    ByteBuffer text = ((DocumentText) event.event()).getText().duplicate();
                    byte[] bytes = new byte[text.remaining()];
                    text.get(bytes);
                    return bytes;
                });
    }

    private static String digest(byte[] text) {
        return Digests.hex(Digests.sha256(text));
    }

    @Override
    public synchronized void close() {
        follower.close();
        reader.close();
    }
}
