package org.brokerhandoff.operations.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final int MEBIBYTE = 1024 * 1024;

    @Test
    void memory_collections_threads_and_cpu_are_measured_under_the_name_of_the_service() {
        try (Telemetry telemetry = Telemetry.start("router")) {
            assertThat(telemetry.registry().scrape())
                    .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads{", "process_cpu_usage{")
                    .contains("jvm_gc_", "process_uptime_seconds{", "service=\"router\"");
        }
    }

    @Test
    void what_the_work_allocates_is_counted_and_not_what_the_rinse_of_the_heap_does() throws InterruptedException {
        try (Telemetry telemetry = Telemetry.start("router")) {
            // Objects referenced only by a registry are collected.
            System.gc();
            double before = allocated(telemetry);
            allocate("worker", telemetry, 64);
            double worked = allocated(telemetry);
            assertThat(worked - before).isBetween(64.0 * MEBIBYTE, 128.0 * MEBIBYTE);
            allocate("heap-rinse", telemetry, 256);
            assertThat(allocated(telemetry) - worked).isBetween(0.0, 128.0 * MEBIBYTE);
        }
    }

    /** Asks once while the thread still lives. */
    private static void allocate(String threadName, Telemetry telemetry, int mebibytes) throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    long sum = 0;
                    for (int i = 0; i < mebibytes; i++) {
                        sum += new byte[MEBIBYTE].length;
                    }
                    assertThat(sum).isEqualTo((long) mebibytes * MEBIBYTE);
                    allocated(telemetry);
                },
                threadName);
        thread.start();
        thread.join();
    }

    private static double allocated(Telemetry telemetry) {
        return telemetry.registry().get("handoff.allocated").functionCounter().count();
    }
}
