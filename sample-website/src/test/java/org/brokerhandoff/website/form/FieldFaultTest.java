package org.brokerhandoff.website.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldFaultTest {
    private static List<FieldFault> in(String problem) throws JsonProcessingException {
        return FieldFault.in(new ObjectMapper().readTree(problem));
    }

    @Test
    void faults_are_in_the_order_of_the_page_and_one_for_a_field() throws JsonProcessingException {
        assertThat(in("""
                {"code":"invalid-signup","errors":[
                 {"pointer":"/consent/recipients/1","code":"recipient-unknown"},
                 {"pointer":"/consent/recipients/2","code":"duplicate"},
                 {"pointer":"/person/phone","code":"phone-invalid"},
                 {"pointer":"/person/extra","code":"member-value-invalid"},
                 {"pointer":"/person/fullName","code":"required"}]}"""))
                .containsExactly(
                        new FieldFault("fullName", "required"),
                        new FieldFault("phone", "phone-invalid"),
                        new FieldFault("city", "member-value-invalid"),
                        new FieldFault("recipients", "recipient-unknown"));
    }

    @Test
    void a_policy_that_may_not_be_named_is_a_fault_of_the_form() throws JsonProcessingException {
        assertThat(in("{\"code\":\"policy-superseded\"}"))
                .containsExactly(new FieldFault("policy", "policy-superseded"));
        assertThat(in("{\"errors\":[{\"pointer\":\"/consent/policyVersion\",\"code\":\"policy-unknown\"}]}"))
                .containsExactly(new FieldFault("policy", "policy-unknown"));
    }

    @Test
    void what_no_person_can_mend_is_none() throws JsonProcessingException {
        assertThat(in("{\"code\":\"unauthenticated\"}")).isEmpty();
        assertThat(in("{\"errors\":[{\"pointer\":\"/consent/givenAt\",\"code\":\"time-invalid\"}]}"))
                .isEmpty();
    }
}
