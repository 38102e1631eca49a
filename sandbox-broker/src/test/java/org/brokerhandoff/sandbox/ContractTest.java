package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.sandbox.Contract.Reading;
import org.junit.jupiter.api.Test;

class ContractTest {
    private static final UUID ID = UUID.fromString("0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    private static final String GOOD = """
            {"signupId":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
             "person":{"fullName":"Åse Ødegård","email":"ase.odegard@example.no","country":"NO","phone":"+4740612345","extra":{"city":"Bodø"}},
             "consent":{"policyVersion":"2026-11-01","purposes":["broker-handoff"],"evidence":{"a":[{}]}},
             "assignedAt":"2026-11-22T13:00:00Z"}""";

    @Test
    void a_complete_handoff_yields_id_and_country() {
        assertThat(handoff(GOOD)).isEqualTo(new Reading.Complete<>(new Contract.Handoff(ID, "NO")));
    }

    @Test
    void members_in_another_order_and_unknown_members_are_fine() {
        String body = """
                {"later":{"x":[1,{"y":2}]},"assignedAt":"2026-11-22T13:00:00Z","consent":{"policyVersion":"1"},
                 "person":{"country":"NO","nickname":null,"email":"e@example.no","fullName":"A"},
                 "signupId":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"}""";
        assertThat(handoff(body)).isInstanceOf(Reading.Complete.class);
    }

    @Test
    void a_message_to_the_helpdesk_is_read_without_a_country() {
        String message = """
                {"signupId":"0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
                 "message":{"name":"Kari","email":"kari@example.no","subject":"s","text":"t","language":"nb"},
                 "purpose":"helpdesk","assignedAt":"2026-11-22T13:00:00Z"}""";
        assertThat(handoff(message)).isEqualTo(new Reading.Complete<>(new Contract.Handoff(ID, Contract.NO_COUNTRY)));
        assertBroken(message.replace("\"subject\"", "\"other\""), "/message must have name, email, subject and text");
        assertBroken(message.replace("\"t\"", "\" \""), "/message/text must be a non-empty string");
    }

    @Test
    void every_required_member_is_required() {
        assertBroken(GOOD.replace("\"signupId\"", "\"other\""), "/signupId is required");
        assertBroken(GOOD.replace("\"person\"", "\"other\""), "/person is required");
        assertBroken(GOOD.replace("\"consent\"", "\"other\""), "/consent is required");
        assertBroken(GOOD.replace("\"assignedAt\"", "\"other\""), "/assignedAt is required");
        assertBroken(GOOD.replace("\"fullName\"", "\"other\""), "/person/fullName is required");
        assertBroken(GOOD.replace("\"email\"", "\"other\""), "/person/email is required");
        assertBroken(GOOD.replace("\"country\"", "\"other\""), "/person/country is required");
    }

    @Test
    void empty_and_mistyped_members_are_named_but_not_repeated() {
        assertBroken(GOOD.replace("\"Åse Ødegård\"", "\" \\t\""), "/person/fullName must be a non-empty string");
        assertBroken(GOOD.replace("\"ase.odegard@example.no\"", "\"\""), "/person/email must be a non-empty string");
        assertBroken(GOOD.replace("\"NO\"", "47"), "/person/country must be a non-empty string");
        assertBroken(GOOD.replace("\"0199a1b2-", "\"199a1b2-"), "/signupId must be a UUID");
        assertBroken(GOOD.replace("\"2026-11-22T13:00:00Z\"", "\"today\""), "/assignedAt must be an ISO 8601 instant");
        assertBroken(GOOD.replaceFirst("\"consent\":\\{.*\\}\\},", "\"consent\":{},"), "/consent is required");
        assertBroken(GOOD.replaceFirst("\"person\":\\{.*\\}\\},", "\"person\":[],"), "/person must be an object");
    }

    @Test
    void what_is_not_one_json_object_is_broken() {
        for (String body : List.of("", "[]", "nonsense", GOOD.substring(0, 100), GOOD + GOOD, GOOD + "}", "\"x\"")) {
            assertThat(handoff(body)).isInstanceOf(Reading.Broken.class);
        }
    }

    @Test
    void a_notice_needs_its_three_members() {
        String good =
                "{\"signupId\":\"" + ID + "\",\"type\":\"withdrawal\",\"requestedAt\":\"2026-11-22T13:00:00.123Z\"}";
        assertThat(notice(good))
                .isEqualTo(new Reading.Complete<>(new Contract.Notice(ID, "withdrawal", Optional.empty())));
        for (String member : List.of("signupId", "type", "requestedAt")) {
            assertThat(notice(good.replace(member, "other")))
                    .isEqualTo(new Reading.Broken<>("/" + member + " is required"));
        }
    }

    @Test
    void a_notice_of_a_request_names_it() {
        String good = "{\"signupId\":\"" + ID + "\",\"type\":\"erasure\",\"requestedAt\":\"2026-11-22T13:00:00Z\","
                + "\"requestId\":\"" + ID + "\"}";
        assertThat(notice(good)).isEqualTo(new Reading.Complete<>(new Contract.Notice(ID, "erasure", Optional.of(ID))));
        assertThat(notice(good.replace("requestId", "other")))
                .isEqualTo(new Reading.Broken<>(
                        "/requestId is required: every notice except a withdrawal is about a request"));
        assertThat(notice(good.replace("\"requestId\":\"" + ID, "\"requestId\":\"1")))
                .isEqualTo(new Reading.Broken<>("/requestId must be a UUID"));
    }

    private static Reading<Contract.Handoff> handoff(String body) {
        return Contract.readHandoff(body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reading<Contract.Notice> notice(String body) {
        return Contract.readNotice(body.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertBroken(String body, String problem) {
        assertThat(handoff(body))
                .isInstanceOfSatisfying(
                        Reading.Broken.class,
                        broken -> assertThat(broken.problem()).startsWith(problem));
    }
}
