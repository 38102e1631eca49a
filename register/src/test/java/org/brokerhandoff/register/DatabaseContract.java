package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a register with any database. */
abstract class DatabaseContract {
    @BeforeAll
    static void trustTheEventClasses() {
        // Avro copies events only once the codec has registered their classes as trusted.
        assertThat(new EventCodec()).isNotNull();
    }

    @TempDir
    Path directory;

    /** The database that a test class is run with. */
    abstract TestDatabase database();

    /** Settings of a database without tables. */
    final RegisterSettings empty() {
        return database().empty(directory);
    }

    static HoldingBroker unnamed(String id) {
        return new HoldingBroker(id, id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static long projected(Register register) {
        return register.positions().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The text of a register rebuilt in a separate database. */
    final String rebuilt(TestLog log) {
        try (Register fresh = Register.open(empty())) {
            RegisterRebuild.run(log.clients, log.codec, fresh, (done, total) -> {});
            return export(fresh);
        }
    }

    static String export(Register register) {
        StringWriter text = new StringWriter();
        try {
            register.export(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void apply(Register register, Topic topic, SpecificRecord event) {
        EventBatch batch = new EventBatch();
        batch.add(topic, new Decoded.Event(event));
        assertThat(batch.unreadable()).isZero();
        apply(register, batch);
    }

    static void apply(Register register, EventBatch batch) {
        try {
            register.apply(batch, new TreeMap<>());
        } catch (PositionMoved e) {
            throw new IllegalStateException(e);
        }
    }

    static void applyAt(Register register, LogPartition partition, long from, long to, EventBatch batch) {
        try {
            register.apply(batch, new TreeMap<>(Map.of(partition, new RegisterWriter.Step(from, to))));
        } catch (PositionMoved e) {
            throw new IllegalStateException(e);
        }
    }
}
