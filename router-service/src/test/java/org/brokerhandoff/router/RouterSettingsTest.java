package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.schemas.HoldTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterSettingsTest {
    @ParameterizedTest
    @CsvSource({"PT24H, PT1M", "PT16M, PT1M", "PT10M, PT37.5S", "PT10S, PT0.625S"})
    void without_a_parking_interval_it_is_a_minute_or_what_the_hold_allows(Duration hold, Duration expected) {
        assertThat(read(Map.of("HANDOFF_MAX_HOLD", hold.toString())).parkingInterval())
                .isEqualTo(expected);
    }

    @Test
    void a_parking_interval_within_its_bound_is_the_one_that_is_used() {
        assertThat(read(Map.of("HANDOFF_MAX_HOLD", "PT10M", "HANDOFF_PARKING_INTERVAL", "PT37.5S"))
                        .parkingInterval())
                .isEqualTo(Duration.ofMillis(37_500));
    }

    /** The bound stands in the catalogue of settings, the reserve in the schemas: they must not part. */
    @Test
    void the_longest_parking_interval_is_a_quarter_of_the_reserve_before_the_purge_is_due() {
        LongStream.concat(LongStream.rangeClosed(10, 7_200), LongStream.of(86_400, 604_800))
                .mapToObj(Duration::ofSeconds)
                .forEach(hold -> {
                    HoldTimes times = HoldTimes.of(Instant.EPOCH, hold);
                    Duration reserve = Duration.between(times.keyExpiry(), times.eraseBy());

                    assertThat(HandoffSettings.longestParkingInterval(hold)).isEqualTo(reserve.dividedBy(4));
                });
    }

    private static RouterSettings read(Map<String, String> own) {
        var environment = new HashMap<String, String>(
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092", "HANDOFF_BROKERS_FILE", "brokers.yaml"));
        environment.putAll(own);
        return RouterSettings.read(SettingsReader.of(environment, Service.ROUTER));
    }
}
