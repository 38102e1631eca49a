package org.brokerhandoff.operations.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokerhandoff.operations.health.Readiness.Finding;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Finding HEALTHY = new Finding("kafka", Health.healthy());
    private static final Finding UNHEALTHY =
            new Finding("custody", Health.unhealthy("custody-full", "no slot is free"));

    @Test
    void a_service_with_nothing_to_check_is_ready() {
        Readiness readiness = new Readiness(List.of());

        assertThat(readiness.isReady()).isTrue();
        assertThat(readiness.toJson()).hasToString("{\"status\":\"UP\",\"checks\":[]}");
    }

    @Test
    void a_service_is_ready_if_every_check_is_healthy() {
        Readiness readiness = new Readiness(List.of(HEALTHY));

        assertThat(readiness.isReady()).isTrue();
        assertThat(readiness.toJson())
                .hasToString("{\"status\":\"UP\",\"checks\":[{\"name\":\"kafka\",\"status\":\"UP\"}]}");
    }

    @Test
    void one_unhealthy_check_makes_the_service_not_ready_and_says_why() {
        Readiness readiness = new Readiness(List.of(HEALTHY, UNHEALTHY));

        assertThat(readiness.isReady()).isFalse();
        assertThat(readiness.toJson())
                .hasToString("{\"status\":\"DOWN\",\"checks\":[{\"name\":\"kafka\",\"status\":\"UP\"},"
                        + "{\"name\":\"custody\",\"status\":\"DOWN\",\"code\":\"custody-full\","
                        + "\"detail\":\"no slot is free\"}]}");
    }

    @Test
    void a_healthy_check_may_say_what_there_is_to_know() {
        Finding informed = new Finding("custody", Health.healthy(Map.of("highestPurgeLevel", "UNREACHABLE")));

        assertThat(new Readiness(List.of(informed)).toJson())
                .hasToString("{\"status\":\"UP\",\"checks\":[{\"name\":\"custody\",\"status\":\"UP\","
                        + "\"details\":{\"highestPurgeLevel\":\"UNREACHABLE\"}}]}");
    }

    @Test
    void a_service_of_which_part_waits_is_ready_and_says_for_what() {
        Readiness readiness =
                new Readiness(List.of(new Finding("router", Health.impaired("replicas-away", "3 purges wait"))));

        assertThat(readiness.isReady()).isTrue();
        assertThat(readiness.toJson())
                .hasToString("{\"status\":\"UP\",\"checks\":[{\"name\":\"router\",\"status\":\"UP\","
                        + "\"code\":\"replicas-away\",\"detail\":\"3 purges wait\"}]}");
    }
}
