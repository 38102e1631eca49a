package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaPartitionTest {
    /** Expected values from Kafka's own test of its hash. */
    @ParameterizedTest
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
        "abc, 479470107"
    })
    void keysHashAsKafkaHashesThem(String key, int hash) {
        assertThat(KafkaPartition.murmur2(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(hash);
    }
}
