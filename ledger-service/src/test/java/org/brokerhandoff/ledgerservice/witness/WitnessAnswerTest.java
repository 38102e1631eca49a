package org.brokerhandoff.ledgerservice.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessAnswerTest {
    private static WitnessAnswer of(int status, String body) {
        return WitnessAnswer.of(status, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_cosigned_checkpoint_has_signature_lines() {
        NoteSignature one = new NoteSignature("witness.example/w1", 7, new byte[72]);
        NoteSignature two = new NoteSignature("witness.example/w2", 8, new byte[72]);

        assertThat(of(200, one.line() + "\n" + two.line() + "\n"))
                .isEqualTo(new WitnessAnswer.Cosigned(List.of(one, two)));
        assertThat(of(200, one.line() + "\nnonsense\n")).isInstanceOf(WitnessAnswer.Failed.class);
        assertThat(of(200, "")).isEqualTo(new WitnessAnswer.Cosigned(List.of()));
    }

    @Test
    void a_conflict_tells_the_size_that_the_witness_is_at() {
        assertThat(of(409, "20852014\n")).isEqualTo(new WitnessAnswer.At(20_852_014));
        assertThat(of(409, "0\n")).isEqualTo(new WitnessAnswer.At(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1\n", "007\n", "1e3\n", "1000000000000000000000\n", "5 \n", "5\n5\n"})
    void a_conflict_without_a_size_is_a_failure(String body) {
        assertThat(of(409, body)).isInstanceOf(WitnessAnswer.Failed.class);
    }

    @Test
    void every_other_status_is_a_failure_that_quotes_nothing() {
        assertThat(of(422, "Kari Nordmann")).isEqualTo(new WitnessAnswer.Failed("status 422"));
    }
}
