package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Reads topic {@code checkpoints}, partition 0, from its first record. Records of neither kind are skipped. Not thread-safe. */
public final class LedgerTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final TopicPartition place;

    /** The statement of a record; readers have to verify it. */
    public sealed interface Statement {
        /** Its ledger. */
        String origin();

        /** An entry's text. */
        record Entry(String origin, long number, String text) implements Statement {
            /**
             * The entry, if it is the next one of a ledger that has {@code size} entries with {@code root}. The first such record counts;
             * every other record is void, regardless of its author.
             */
            public Optional<org.brokerhandoff.ledger.entry.LedgerEntry> next(long size, Hash root) {
                try {
                    return Optional.of(EntryText.parse(text.getBytes(StandardCharsets.UTF_8)))
                            .filter(entry -> entry.number() == number && number == size)
                            .filter(entry -> entry.prior().equals(root));
                } catch (MalformedEntry e) {
                    return Optional.empty();
                }
            }
        }

        /** A signed checkpoint. */
        record Checkpoint(String origin, long size, String note) implements Statement {}
    }

    /** A reader at the topic's first record. */
    public LedgerTopic(KafkaClients clients, EventCodec codec, String clientId) {
        this.codec = codec;
        this.place =
                new TopicPartition(Topic.CHECKPOINTS.name(clients.settings().topicPrefix()), 0);
        this.consumer = clients.exactConsumer(clientId);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
    }

    /** Goes back to the first record. */
    public void rewind() {
        consumer.seekToBeginning(List.of(place));
    }

    /** Offset of the next record. */
    public long position() {
        return consumer.position(place, LIMIT);
    }

    /** Goes to {@code offset}. */
    public void seek(long offset) {
        consumer.seek(place, offset);
    }

    /**
     * Reads on: the statements of the next records; empty at the topic's end.
     *
     * @throws EventLogUnavailable if Kafka does not answer, or nothing arrived for 15 s
     * @throws LogChanged if the topic ends before what was already read
     */
    public List<Statement> next() {
        List<Statement> statements = new ArrayList<>();
        try {
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(place), LIMIT).get(place));
            if (consumer.position(place, LIMIT) > end) {
                throw new LogChanged(Topic.CHECKPOINTS.baseName(), 0, end);
            }
            long lastProgressNanos = System.nanoTime();
            while (statements.isEmpty() && consumer.position(place, LIMIT) < end) {
                long before = consumer.position(place, LIMIT);
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    statement(record).ifPresent(statements::add);
                }
                if (consumer.position(place, LIMIT) > before) {
                    lastProgressNanos = System.nanoTime();
                } else if (System.nanoTime() - lastProgressNanos > PATIENCE_NANOS) {
                    throw new EventLogUnavailable("topic checkpoints cannot be read", new TimeoutException());
                }
            }
            return statements;
        } catch (OffsetOutOfRangeException e) {
            throw new LogChanged(Topic.CHECKPOINTS.baseName(), 0, -1);
        } catch (KafkaException e) {
            throw new EventLogUnavailable("topic checkpoints cannot be read", e);
        }
    }

    private Optional<Statement> statement(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        Decoded decoded = value == null ? new Decoded.Undecodable() : codec.decode(value);
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            // Skipping it could mean skipping an entry.
            throw UnknownSchema.at(record, unknown);
        }
        if (decoded instanceof Decoded.Event known && known.event() instanceof LedgerEntry entry) {
            return Optional.of(new Statement.Entry(entry.getOrigin(), entry.getNumber(), entry.getEntry()));
        }
        return decoded instanceof Decoded.Event known && known.event() instanceof LedgerCheckpoint checkpoint
                ? Optional.of(new Statement.Checkpoint(
                        checkpoint.getOrigin(), checkpoint.getSize(), checkpoint.getCheckpoint()))
                : Optional.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
