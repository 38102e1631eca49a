package org.brokerhandoff.operations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.brokerhandoff.operations.http.Problem.Violation;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void a_problem_without_a_type_of_its_own_has_the_phrase_of_its_status_as_title() {
        assertThat(Problem.of(404, "signup-unknown").toJson())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                        + "\"code\":\"signup-unknown\"}");
    }

    @Test
    void every_place_that_is_wrong_is_listed_with_its_pointer() {
        Problem problem =
                Problem.of(422, "invalid-signup", List.of(new Violation("/person/email", "format", "no \"@\"")));

        assertThat(problem.toJson())
                .endsWith("\"errors\":[{\"pointer\":\"/person/email\",\"code\":\"format\","
                        + "\"detail\":\"no \\\"@\\\"\"}]}");
    }

    @Test
    void a_status_that_is_no_error_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Problem.of(200, "fine"));
    }
}
