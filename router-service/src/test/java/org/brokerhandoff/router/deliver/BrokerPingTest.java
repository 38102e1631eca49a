package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerPingTest {
    @Test
    void it_says_country_language_and_purpose_and_nothing_by_which_it_could_be_joined() {
        try (PersonalData body = BrokerPing.body(Examples.signup(UUID.randomUUID(), "first"))) {
            assertThat(body.<String>expose(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                    .isEqualTo("{\"country\":\"NO\",\"language\":\"nb\",\"purposes\":[\"broker-handoff\"]}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, ACCEPTED, WANTED",
        "202, ACCEPTED, WANTED",
        "200, REJECTED, DECLINED",
        "409, REJECTED, DECLINED",
        "422, , DECLINED",
        "409, ACCEPTED, DECLINED",
        "200, , NO_ANSWER",
        "200, DUPLICATE, NO_ANSWER",
        "404, , NO_ANSWER",
        "429, , NO_ANSWER",
        "500, ACCEPTED, NO_ANSWER",
        "500, REJECTED, NO_ANSWER",
    })
    void only_a_clear_yes_is_one(int status, BrokerReply.Verdict verdict, BrokerPing.Outcome expected) {
        BrokerReply reply = new BrokerReply.Answered(status, Optional.ofNullable(verdict), Optional.empty());
        assertThat(BrokerPing.answer(reply, Examples.RECEIVED, Examples.RECEIVED))
                .isEqualTo(
                        new BrokerPing.Answer(expected, Examples.RECEIVED, Examples.RECEIVED, OptionalInt.of(status)));
    }

    @Test
    void silence_is_no_yes() {
        assertThat(BrokerPing.answer(
                                new BrokerReply.NotSent(NotSentReason.UNREACHABLE),
                                Examples.RECEIVED,
                                Examples.RECEIVED)
                        .outcome())
                .isEqualTo(BrokerPing.Outcome.NO_ANSWER);
        assertThat(BrokerPing.answer(new BrokerReply.NoReply(OptionalInt.of(200)), Examples.RECEIVED, Examples.RECEIVED)
                        .outcome())
                .isEqualTo(BrokerPing.Outcome.NO_ANSWER);
    }
}
