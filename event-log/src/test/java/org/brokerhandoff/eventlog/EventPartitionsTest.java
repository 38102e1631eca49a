package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class EventPartitionsTest {
    @Test
    void a_signup_lives_where_kafkas_default_partitioner_would_put_it() {
        for (int i = 0; i < 1_000; i++) {
            UUID id = UUID.randomUUID();
            assertThat(EventPartitions.of(id, 7)).isEqualTo(BuiltInPartitioner.partitionForKey(SignupIds.bytes(id), 7));
        }
    }
}
