package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.brokerhandoff.router.deliver.BrokerReply.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyBodyTest {
    private static java.util.Optional<Verdict> verdict(String body) {
        return ReplyBody.verdict(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"status\":\"accepted\"}; ACCEPTED",
                "{\"status\":\"duplicate\",\"reference\":\"r-1\"}; DUPLICATE",
                "{\"reason\":\"x\",\"status\":\"rejected\"}; REJECTED",
                "{\"status\":\"unknown\"}; UNKNOWN",
                "'  {\"a\":[1,{\"status\":\"rejected\"}],\"status\":\"accepted\"} '; ACCEPTED",
            })
    void the_outermost_status_counts(String body, Verdict expected) {
        assertThat(verdict(body)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"accepted\"",
                "{}",
                "{\"status\":null}",
                "{\"status\":true}",
                "{\"status\":[\"accepted\"]}",
                "{\"status\":{\"status\":\"accepted\"}}",
                "{\"status\":\"ACCEPTED\"}",
                "{\"status\":\"accepted\"",
                "{\"status\":\"accep",
                "{\"status\":\"accepted\",}",
                "{\"Status\":\"accepted\"}",
                "{status:'accepted'}",
                "<html>accepted</html>",
                "{\"status\":\"accepted\",\"status\":\"rejected\"}",
                "{\"status\":\"accepted\"} {\"status\":\"rejected\"}",
                "{\"status\":\"accepted\"}garbage"
            })
    void whatever_is_not_the_contracts_form_says_nothing(String body) {
        assertThat(verdict(body)).isEmpty();
    }

    @Test
    void no_bytes_make_it_throw() {
        Random random = new Random(16);
        byte[] start = "{\"status\":\"accepted\",\"reference\":\"r\"}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = start.clone();
            for (int changes = random.nextInt(5); changes >= 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(ReplyBody.verdict(body)).isNotNull();
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            assertThat(ReplyBody.verdict(noise)).isNotNull();
        }
    }

    @Test
    void depth_is_bounded() {
        assertThat(verdict("{\"a\":" + "[".repeat(16_000))).isEmpty();
    }
}
