package org.brokerhandoff.operations.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UncaughtExceptionsTest {
    @Test
    void an_exception_that_ends_a_thread_is_told_without_any_message() {
        Exception failure = new IllegalStateException(
                "cannot read {\"email\":\"kari@example.no\"}", new IllegalArgumentException("kari@example.no"));

        assertThat(UncaughtExceptions.describe("ingest-1", failure))
                .contains("ingest-1", "java.lang.IllegalStateException", "caused by java.lang.IllegalArgumentException")
                .contains("UncaughtExceptionsTest.java")
                .doesNotContain("kari", "email");
    }

    @Test
    void causes_that_go_round_in_a_circle_come_to_an_end() {
        Exception first = new Exception();
        Exception second = new Exception(first);
        first.initCause(second);

        assertThat(UncaughtExceptions.describe("t", first))
                .hasLineCount(UncaughtExceptions.describe("t", first).split("\n").length);
    }
}
