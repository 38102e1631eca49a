package org.brokerhandoff.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final EventLogSettings NOWHERE =
            new EventLogSettings("127.0.0.1:1", Map.of(), "x.", 1, 1, Duration.ofHours(1));

    private static final TextStore NO_TEXTS = new TextStore() {
        @Override
        public void keep(String sha256, byte[] text, Duration limit) {
            throw new IllegalStateException("nothing is published here");
        }

        @Override
        public Optional<byte[]> find(String sha256, Duration limit) {
            return Optional.empty();
        }
    };

    @Test
    void a_refresh_for_which_there_was_no_room_does_not_keep_the_next_one_from_running() {
        AtomicBoolean full = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        try (EventPublisher publisher =
                new EventPublisher(new KafkaClients(NOWHERE), new EventCodec(), "/test", InstantSource.system())) {
            Policies policies = new Policies(
                    limit -> {
                        asked.incrementAndGet();
                        return List.of();
                    },
                    NO_TEXTS,
                    policy -> true,
                    publisher,
                    task -> {
                        if (full.get()) {
                            throw new RejectedExecutionException();
                        }
                        task.run();
                    });
            assertThatThrownBy(() -> policies.refreshed().toCompletableFuture().join())
                    .hasCauseInstanceOf(RejectedExecutionException.class);
            full.set(false);
            policies.refreshed().toCompletableFuture().join();
            assertThat(asked).hasValue(1);
            assertThat(policies.book()).isPresent();
        }
    }
}
