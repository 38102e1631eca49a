package org.brokerhandoff.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
class KafkaProcessIT {

    @TempDir
    Path directory;

    @Test
    void a_broker_killed_and_restarted_still_serves_what_it_acknowledged() throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory))) {
            String address = kafka.bootstrapServers();
            Records.createTopic(address, "letters", Map.of());
            Records.send(address, "letters", List.of("a", "b"));

            long killed = kafka.pid();
            kafka.kill();
            assertThat(ProcessHandle.of(killed)).isEmpty();
            kafka.restart();

            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(Records.read(address, "letters", 2)).containsExactly("a", "b");
        }
    }

    @Test
    void a_broker_that_cannot_start_is_reported_with_the_end_of_its_output() {
        EmbeddedKafkaSettings settings =
                EmbeddedKafkaSettings.in(directory).withBrokerProperties(Map.of("num.io.threads", "none"));

        assertThatThrownBy(() -> KafkaProcess.start(settings))
                .isInstanceOf(EmbeddedKafkaFailed.class)
                .hasMessageContaining("num.io.threads");
    }
}
