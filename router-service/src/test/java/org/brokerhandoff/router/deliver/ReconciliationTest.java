package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.NotSentReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker's answer to the question is worth. */
class ReconciliationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    private static String answer(BrokerReply reply) {
        return Reconciliation.of(reply, NOW, NOW).answer().map(Enum::name).orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "200, ACCEPTED, ACCEPTED",
        "200, DUPLICATE, ACCEPTED",
        "200, REJECTED, REJECTED",
        "200, UNKNOWN, NOT_RECEIVED",
        "404, UNKNOWN, NOT_RECEIVED",
        "404, ACCEPTED, none",
        "404, REJECTED, none",
        "405, UNKNOWN, none",
        "410, UNKNOWN, none",
        "500, UNKNOWN, none",
        "503, ACCEPTED, none",
    })
    void only_the_contracts_answer_counts(int status, BrokerReply.Verdict verdict, String answer) {
        assertThat(answer(new BrokerReply.Answered(status, Optional.of(verdict), Optional.empty())))
                .isEqualTo(answer);
    }

    @Test
    void a_bare_status_says_nothing_whatever_it_is() {
        for (int status = 100; status < 700; status++) {
            assertThat(answer(new BrokerReply.Answered(status, Optional.empty(), Optional.empty())))
                    .isEqualTo("none");
        }
        assertThat(answer(new BrokerReply.NotSent(NotSentReason.UNREACHABLE))).isEqualTo("none");
        assertThat(answer(new BrokerReply.NoReply(OptionalInt.of(200)))).isEqualTo("none");
    }
}
