package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class CheckpointDelayTest {
    private static final ConfigEntry EVERY_SECOND = new ConfigEntry(CheckpointDelay.INTERVAL, "1000");

    private static Config broker(ConfigEntry... entries) {
        return new Config(List.of(entries));
    }

    private static Config first(String millis) {
        return broker(EVERY_SECOND, new ConfigEntry(CheckpointDelay.FIRST, millis));
    }

    @Test
    void a_first_checkpoint_within_the_interval_is_covered() {
        assertThat(CheckpointDelay.of(Map.of("1", first("1000"), "2", first("0"))))
                .isEqualTo(new CheckpointDelay.Covered());
    }

    @Test
    void a_first_checkpoint_later_than_the_interval_is_told_with_its_brokers() {
        assertThat(CheckpointDelay.of(Map.of("1", first("30000"), "2", first("1000"), "3", broker(EVERY_SECOND))))
                .isEqualTo(new CheckpointDelay.TooLong(Set.of("1")));
    }

    @Test
    void a_broker_that_does_not_list_the_setting_or_lists_no_number_is_unknown() {
        assertThat(CheckpointDelay.of(Map.of("1", broker(EVERY_SECOND), "2", first("soon"), "3", first("1000"))))
                .isEqualTo(new CheckpointDelay.Unknown(Set.of("1", "2")));
    }

    @Test
    void the_longest_interval_of_any_broker_counts() {
        assertThat(CheckpointDelay.longestInterval(
                        List.of(first("1000"), broker(new ConfigEntry(CheckpointDelay.INTERVAL, "60000")), broker())))
                .contains(60_000L);
        assertThat(CheckpointDelay.longestInterval(List.of(broker()))).isEmpty();
    }

    @Test
    void a_broker_that_writes_its_start_offsets_down_only_once_holds_every_claim_up() {
        assertThat(CheckpointDelay.longestInterval(
                        List.of(first("1000"), broker(new ConfigEntry(CheckpointDelay.INTERVAL, "0")))))
                .contains(CheckpointDelay.NEVER_MILLIS);
    }
}
