package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.junit.jupiter.api.Test;

class CheckpointDelayIT {
    @Test
    void a_broker_whose_first_checkpoint_was_set_says_so() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers()))) {
            assertThat(CheckpointDelay.of(KafkaLogCutter.brokerSettings(admin)))
                    .isEqualTo(new CheckpointDelay.Covered());
        }
    }
}
