package org.brokerhandoff.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {

    @Test
    void a_container_gets_each_property_as_the_variable_its_image_reads() {
        assertThat(BrokerProperties.asContainerEnvironment(Map.of("log.segment.delete.delay.ms", "0")))
                .isEqualTo(Map.of("KAFKA_LOG_SEGMENT_DELETE_DELAY_MS", "0"));
    }

    @Test
    void every_shared_property_can_be_given_to_a_container() {
        assertThat(BrokerProperties.asContainerEnvironment(BrokerProperties.singleNode()))
                .hasSameSizeAs(BrokerProperties.singleNode());
    }

    @Test
    void a_property_that_the_image_would_spell_differently_is_refused() {
        assertThatThrownBy(() -> BrokerProperties.asContainerEnvironment(Map.of("some_name", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some_name");
    }

    @Test
    void a_port_outside_the_range_of_tcp_is_refused() {
        assertThatThrownBy(() -> EmbeddedKafkaSettings.in(Path.of("unused")).withPort(65536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }
}
