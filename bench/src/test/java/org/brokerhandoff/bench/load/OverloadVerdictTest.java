package org.brokerhandoff.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadVerdictTest {
    private static final long LIMIT = 250;
    private static final PhaseAnswers CALM = phase(100, accepted(1000, 20));

    @TempDir
    Path directory;

    private static List<Answer> accepted(int count, long millis) {
        return answers(count, 202, false, millis);
    }

    private static List<Answer> refused(int count, long millis) {
        return answers(count, 503, true, millis);
    }

    private static List<Answer> answers(int count, int status, boolean retryAfter, long millis) {
        List<Answer> answers = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            answers.add(new Answer(number, status, retryAfter, 0, millis * 1000));
        }
        return answers;
    }

    @SafeVarargs
    private static PhaseAnswers phase(int perSecond, List<Answer>... parts) {
        List<Answer> all = new ArrayList<>();
        for (List<Answer> part : parts) {
            for (Answer answer : part) {
                all.add(new Answer(
                        all.size(), answer.status(), answer.retryAfter(), answer.waitMicros(), answer.answerMicros()));
            }
        }
        return PhaseAnswers.of(new RateSchedule(List.of(new RateSchedule.Phase(perSecond, 10))), 0, all);
    }

    private static List<String> broken(PhaseAnswers overload) {
        return OverloadVerdict.broken(CALM, overload, CALM, LIMIT);
    }

    @Test
    void refusing_early_what_is_too_much_and_keeping_the_latency_of_the_rest_is_in_order() {
        assertThat(broken(phase(400, accepted(1500, 200), refused(2500, 5)))).isEmpty();
    }

    @Test
    void the_limit_follows_a_slow_machine() {
        PhaseAnswers slow = phase(100, accepted(1000, 200));
        PhaseAnswers overload = phase(400, accepted(1500, 590), refused(2500, 400));
        assertThat(OverloadVerdict.broken(slow, overload, slow, LIMIT)).isEmpty();
        assertThat(broken(overload)).hasSize(2);
    }

    @Test
    void accepted_ones_that_wait_and_late_refusals_are_not() {
        assertThat(broken(phase(400, accepted(1500, 251), refused(2500, 5))))
                .singleElement()
                .asString()
                .contains("accepted signups in the overload");
        assertThat(broken(phase(400, accepted(1500, 20), refused(2500, 300))))
                .singleElement()
                .asString()
                .contains("refusals");
    }

    @Test
    void a_wait_for_a_free_connection_counts() {
        List<Answer> waited = new ArrayList<>(refused(2500, 5));
        for (int number = 0; number < 1500; number++) {
            waited.add(new Answer(0, 202, false, 300_000, 10_000));
        }
        assertThat(broken(phase(400, waited))).singleElement().asString().contains("310 ms");
    }

    @Test
    void refusals_without_a_time_to_come_back_other_answers_and_none_are_not() {
        assertThat(broken(phase(400, accepted(1500, 20), answers(2500, 503, false, 5))))
                .anyMatch(what -> what.startsWith("2500 answers were neither"));
        assertThat(broken(phase(400, accepted(1500, 20), refused(2499, 5), answers(1, 500, true, 5))))
                .singleElement()
                .asString()
                .contains("1 answers were neither");
        assertThat(broken(phase(400, accepted(1500, 20), refused(2499, 5))))
                .singleElement()
                .asString()
                .contains("1 requests were not answered");
    }

    @Test
    void an_overload_in_which_nothing_is_refused_or_hardly_anything_accepted_is_none_that_was_borne() {
        assertThat(broken(phase(400, accepted(4000, 20))))
                .singleElement()
                .asString()
                .contains("nothing was refused");
        assertThat(broken(phase(400, accepted(899, 20), refused(3101, 5))))
                .singleElement()
                .asString()
                .contains("fewer signups were accepted");
    }

    @Test
    void afterwards_everything_is_as_before() {
        PhaseAnswers overload = phase(400, accepted(1500, 200), refused(2500, 5));
        assertThat(OverloadVerdict.broken(CALM, overload, phase(100, accepted(999, 20), refused(1, 5)), LIMIT))
                .containsExactly("1 were refused afterwards");
        assertThat(OverloadVerdict.broken(CALM, overload, phase(100, accepted(1000, 251)), LIMIT))
                .singleElement()
                .asString()
                .contains("afterwards");
        assertThat(OverloadVerdict.broken(phase(100, accepted(999, 20), refused(1, 5)), overload, CALM, LIMIT))
                .containsExactly("1 were refused before the overload");
    }

    @Test
    void answers_are_read_as_they_are_written() throws IOException {
        List<Answer> answers = List.of(new Answer(0, 202, false, 3, 1L << 40), new Answer(70_000, 503, true, 0, 7));
        Path file = directory.resolve("answers");
        Answer.write(file, answers);
        assertThat(Answer.read(file)).isEqualTo(answers);
    }
}
