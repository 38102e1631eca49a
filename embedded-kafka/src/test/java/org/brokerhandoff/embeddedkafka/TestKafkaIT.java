package org.brokerhandoff.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs against the embedded broker or the container, as {@code handoff.test.kafka} says. */
class TestKafkaIT {

    @Test
    void the_shared_broker_serves_records_of_each_test_under_its_own_prefix() throws Exception {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.randomTopicPrefix() + "letters";

        Records.createTopic(kafka.bootstrapServers(), topic, Map.of());
        Records.send(kafka.bootstrapServers(), topic, List.of("a"));

        assertThat(Records.read(kafka.bootstrapServers(), topic, 1)).containsExactly("a");
        assertThat(TestKafka.shared()).isSameAs(kafka);
        assertThat(kafka.randomTopicPrefix()).isNotEqualTo(kafka.randomTopicPrefix());
    }
}
