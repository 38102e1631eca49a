package org.brokerhandoff.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ServicesCheckTest {
    private static java.util.List<Finding> of(String answer) throws JsonProcessingException {
        return ServicesCheck.findings("router", new ObjectMapper().readTree(answer));
    }

    @Test
    void what_is_down_is_wrong_and_what_is_impaired_is_advice() throws Exception {
        assertThat(of("""
                        {"status":"DOWN","checks":[
                          {"name":"custody","status":"UP"},
                          {"name":"clock","status":"UP","code":"clock-differs-from-kafka","detail":"one of them is wrong"},
                          {"name":"log","status":"DOWN","code":"event-log-unavailable","detail":"start Kafka"}]}"""))
                .containsExactly(
                        Finding.advice("router", "clock: clock-differs-from-kafka", "one of them is wrong"),
                        Finding.wrong("router", "log: event-log-unavailable", "start Kafka"));
    }

    @Test
    void a_service_without_a_complaint_is_ready() throws Exception {
        assertThat(of("{\"status\":\"UP\",\"checks\":[{\"name\":\"custody\",\"status\":\"UP\"}]}"))
                .containsExactly(Finding.fine("router", "is ready"));
    }

    @Test
    void another_program_at_the_port_is_found() throws Exception {
        assertThat(of("{\"hello\":\"world\"}"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.WRONG));
    }
}
