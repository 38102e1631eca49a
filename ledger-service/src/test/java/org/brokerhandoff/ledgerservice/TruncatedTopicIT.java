package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A power cut destroys acknowledged records on the only disk that has them, after the ledger has committed to them. */
@Tag("faults")
class TruncatedTopicIT {
    @TempDir
    private Path directory = Path.of("");

    /** Removes the last batch of one partition from the broker's disk, as a power cut does with unwritten data. */
    private static void loseTail(Path partition) throws Exception {
        try (Stream<Path> files = Files.list(partition)) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                assertThat(channel.size()).isGreaterThan(10);
                channel.truncate(channel.size() - 10);
            }
        }
    }

    /** As the service does: a failed round is retried. */
    private static void rounds(LedgerBuilder builder) throws Halt {
        for (int round = 0; round < 10; round++) {
            try {
                builder.round(Meanwhile.NOTHING);
            } catch (EventLogUnavailable e) {
                assertThat(round).as("rounds that could not be made").isLessThan(9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_topic_that_has_lost_its_tail_stops_the_builder_also_when_others_have_taken_the_place(boolean refilled)
            throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")))) {
            try (LedgerRig rig = new LedgerRig(directory, kafka.bootstrapServers(), "t.")) {
                rig.events(30);
                try (LedgerBuilder builder = rig.builder("ledger")) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                    kafka.kill();
                    loseTail(kafka.logDirectory().resolve("t." + Topic.CONSENTS.baseName() + "-1"));
                    kafka.restart();
                    if (refilled) {
                        rig.events(90);
                    }
                    assertThatThrownBy(() -> rounds(builder))
                            .isInstanceOfSatisfying(
                                    Halt.class,
                                    halt -> assertThat(halt.reason()).isEqualTo(Reason.KEPT_TOPIC_CHANGED))
                            .hasMessageContaining("consents 1 ");
                }
                assertThat(LedgerRig.halts(rig.builder("ledger"))).isEqualTo(Reason.KEPT_TOPIC_CHANGED);
            }
        }
    }
}
