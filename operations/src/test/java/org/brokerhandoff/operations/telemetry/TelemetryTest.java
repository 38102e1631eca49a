package org.brokerhandoff.operations.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TelemetryTest {

    @Test
    void memory_collections_threads_and_cpu_are_measured_under_the_name_of_the_service() {
        try (Telemetry telemetry = Telemetry.start("router")) {
            assertThat(telemetry.registry().scrape())
                    .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads{", "process_cpu_usage{")
                    .contains("jvm_gc_", "process_uptime_seconds{", "service=\"router\"");
        }
    }
}
