package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRequest;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisclosureParserTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String ID = "0199d2a4-7c31-7abc-8def-0123456789ab";
    private static final String GOOD = """
            {"signupId":"%s","requester":"third-party","country":"NO","basis":"legitimate-interests",
             "scope":["purge","recipients"],"preservation":true,
             "contact":{"name":"Ola Politi","email":"ola@politi.example","subject":"Case","text":"Answer here."}}""".formatted(ID);

    private static Parsed<DisclosureParser.Entered> parse(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return DisclosureParser.parse(bytes, bytes.length, NOON);
    }

    private static List<String> faults(Parsed<?> parsed) {
        assertThat(parsed).isInstanceOf(Parsed.Invalid.class);
        return ((Parsed.Invalid<?>) parsed)
                .faults().stream()
                        .map(fault -> fault.pointer() + " " + fault.code())
                        .toList();
    }

    @Test
    void a_request_is_read_and_how_to_reach_the_requester_becomes_a_message() {
        assertThat(parse(GOOD)).isInstanceOfSatisfying(Parsed.Valid.class, valid -> {
            DisclosureParser.Entered entered = (DisclosureParser.Entered) valid.value();
            assertThat(entered.request())
                    .isEqualTo(new DisclosureRequest(
                            UUID.fromString(ID),
                            DisclosureRequester.THIRD_PARTY,
                            "NO",
                            DisclosureBasis.LEGITIMATE_INTERESTS,
                            List.of(DisclosureScope.RECIPIENTS, DisclosureScope.PURGE),
                            true,
                            Optional.empty()));
            assertThat(entered.contact()
                            .orElseThrow()
                            .person()
                            .<String>expose(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                    .isEqualTo(
                            "{\"name\":\"Ola Politi\",\"email\":\"ola@politi.example\",\"subject\":\"Case\",\"text\":\"Answer here.\"}");
        });
    }

    @Test
    void everything_that_is_wrong_is_named_at_once_and_nothing_of_it_is_repeated() {
        Parsed<DisclosureParser.Entered> parsed = parse("""
                {"signupId":"KARI","requester":"kari","country":"XX","basis":"kari","scope":["recipients","kari","recipients"],
                 "preservation":"kari","contact":{"name":"Kari 1\\u0000","email":"kari","text":"","kari":1},"kari":"kari"}""");
        assertThat(faults(parsed))
                .containsExactlyInAnyOrder(
                        "/preservation not-a-boolean",
                        "/contact unknown-member",
                        " unknown-member",
                        "/signupId signup-id-invalid",
                        "/requester requester-unknown",
                        "/country country-unknown",
                        "/basis basis-unknown",
                        "/scope/1 scope-unknown",
                        "/scope/2 scope-unknown",
                        "/contact/subject required",
                        "/contact/name name-invalid",
                        "/contact/email email-invalid",
                        "/contact/text text-invalid");
        assertThat(parsed.toString()).doesNotContainIgnoringCase("kari");
        assertThat(faults(parse("{}")))
                .containsExactlyInAnyOrder(
                        "/signupId required",
                        "/requester required",
                        "/basis required",
                        "/country required",
                        "/scope required");
        assertThat(faults(parse(GOOD.replace("[\"purge\",\"recipients\"]", "[]"))))
                .containsExactly("/scope required");
        assertThat(faults(parse("[]"))).contains(" not-an-object");
        assertThat(parse(GOOD.substring(0, 80))).isInstanceOf(Parsed.Malformed.class);
        assertThat(faults(parse(GOOD.replace(ID, ID.toUpperCase(java.util.Locale.ROOT)))))
                .containsExactly("/signupId signup-id-invalid");
    }

    @Test
    void an_authority_or_a_court_may_order_until_when_what_is_held_is_kept_for_90_days_at_most() {
        String order =
                GOOD.replace("third-party", "court").replace("\"preservation\":true", "\"preserveUntil\":\"%s\"");
        assertThat(parse(order.formatted("2027-02-20T13:00:00.7+01:00")))
                .isInstanceOfSatisfying(Parsed.Valid.class, valid -> {
                    DisclosureRequest request = ((DisclosureParser.Entered) valid.value()).request();
                    assertThat(request.preserveUntil()).contains(Instant.parse("2027-02-20T12:00:00Z"));
                    assertThat(request.preservation()).as("it orders that").isTrue();
                });
        for (String outOfRange : List.of("2027-02-20T12:00:01Z", "2026-11-22T12:00:00Z")) {
            assertThat(faults(parse(order.formatted(outOfRange)))).containsExactly("/preserveUntil time-out-of-range");
        }
        assertThat(faults(parse(order.formatted("tomorrow")))).containsExactly("/preserveUntil time-invalid");
        assertThat(faults(parse(order.formatted("2027-02-20T12:00:00Z").replace("court", "third-party"))))
                .containsExactly("/preserveUntil requester-unfit");
    }

    @Test
    void a_contact_that_is_no_message_is_refused_and_none_at_all_is_taken() {
        assertThat(faults(parse(GOOD.replaceAll("\"contact\":\\{[^}]*}", "\"contact\":\"ola\""))))
                .contains("/contact not-an-object");
        assertThat(parse(GOOD.replaceAll(",\\s*\"contact\":\\{[^}]*}", "")))
                .isInstanceOfSatisfying(
                        Parsed.Valid.class,
                        valid -> assertThat(((DisclosureParser.Entered) valid.value()).contact())
                                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'answerBy':'2026-11-22T12:00:01Z'} | ok",
                "{'answerBy':'2027-02-20T12:00:00Z'} | ok",
                "{'answerBy':'2026-11-22T12:00:00Z'} | /answerBy time-out-of-range",
                "{'answerBy':'2027-02-20T12:00:00.001Z'} | /answerBy time-out-of-range",
                "{'answerBy':'tomorrow'} | /answerBy time-invalid",
                "{'answerBy':1} | /answerBy not-a-string",
                "{} | /answerBy required",
                "{'answerby':'2026-11-22T12:00:01Z'} | /answerBy required"
            })
    void a_time_to_answer_lies_ahead_by_ninety_days_at_most(String body, String expected) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Parsed<Instant> parsed = DisclosureStepParsers.question(bytes, bytes.length, NOON);
        if (expected.equals("ok")) {
            assertThat(parsed).isInstanceOf(Parsed.Valid.class);
        } else {
            assertThat(faults(parsed)).contains(expected);
        }
    }

    @Test
    void an_answer_says_how_it_came_and_a_receipt_speaks_for_itself() {
        assertThat(answer("{'consented':true}", false)).isEqualTo(valid(true, RequestMethod.WEBSITE));
        assertThat(answer("{'consented':false,'method':'letter'}", false))
                .isEqualTo(valid(false, RequestMethod.LETTER));
        assertThat(answer("{'consented':true}", true)).isEqualTo(valid(true, RequestMethod.RECEIPT));
        assertThat(answer("{'consented':true,'method':'receipt'}", true)).isEqualTo(valid(true, RequestMethod.RECEIPT));
        assertThat(faults(answer("{'consented':true,'method':'letter'}", true)))
                .containsExactly("/method method-unknown");
        assertThat(faults(answer("{'consented':true,'method':'receipt'}", false)))
                .containsExactly("/method method-unknown");
        assertThat(faults(answer("{'consented':'yes'}", false))).contains("/consented not-a-boolean");
        assertThat(faults(answer("{}", false))).containsExactly("/consented required");
        assertThat(answer("", false)).isInstanceOf(Parsed.Malformed.class);
    }

    @Test
    void a_decision_has_a_ground_that_speaks_for_it() {
        assertThat(decision("{'decision':'granted','ground':'legal-basis'}"))
                .isEqualTo(new Parsed.Valid<>(
                        new DisclosureRuling(RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS)));
        assertThat(faults(decision("{'decision':'granted','ground':'too-wide'}")))
                .containsExactly("/ground ground-unfit");
        assertThat(faults(decision("{'decision':'refused','ground':'person-consented'}")))
                .containsExactly("/ground ground-unfit");
        assertThat(faults(decision("{'decision':'maybe','ground':'because'}")))
                .containsExactly("/decision decision-unknown", "/ground ground-unknown");
        assertThat(faults(decision("{}"))).containsExactly("/decision required", "/ground required");
    }

    private static Parsed<DisclosureConsent> valid(boolean consented, RequestMethod method) {
        return new Parsed.Valid<>(new DisclosureConsent(consented, method));
    }

    private static Parsed<DisclosureConsent> answer(String body, boolean byReceipt) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return DisclosureStepParsers.answer(bytes, bytes.length, byReceipt);
    }

    private static Parsed<DisclosureRuling> decision(String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return DisclosureStepParsers.decision(bytes, bytes.length);
    }
}
