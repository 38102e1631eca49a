package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieChoiceParserTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID NEW = UUID.fromString("5b1d4c0e-9f4a-4b6e-8a53-0c2f0a6f7e11");
    private static final String DIGEST = "ab".repeat(32);
    private static final String REST = "'chosenAt':'2026-11-22T12:59:00Z','method':'banner'";

    private static ParsedCookieChoice parse(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return CookieChoiceParser.parse(body, body.length, NOW, () -> NEW);
    }

    private static CookieChoice valid(String json) {
        ParsedCookieChoice parsed = parse(json);
        assertThat(parsed).isInstanceOf(ParsedCookieChoice.Valid.class);
        return ((ParsedCookieChoice.Valid) parsed).choice();
    }

    private static List<String> faults(String json) {
        return ((ParsedCookieChoice.Invalid) parse(json))
                .faults().stream()
                        .map(fault -> fault.pointer() + " " + fault.code())
                        .toList();
    }

    @Test
    void what_is_not_accepted_is_refused_and_a_new_visitor_gets_an_id() {
        CookieChoice choice = valid("{'choices':{'analytics':true},'documentSha256':'" + DIGEST + "'," + REST + "}");

        assertThat(choice.visitor()).isEqualTo(NEW);
        assertThat(choice.accepted()).containsExactly(CookieKind.ANALYTICS);
        assertThat(choice.documentSha256()).contains(DIGEST);
        assertThat(choice.method()).isEqualTo(CookieChoiceMethod.BANNER);
        assertThat(choice.chosenAt()).isEqualTo(NOW.minusSeconds(60));
    }

    @Test
    void to_refuse_everything_takes_no_text_and_to_accept_anything_takes_one() {
        assertThat(valid("{'choices':{}," + REST + "}").documentSha256()).isEmpty();
        assertThat(faults("{'choices':{'necessary':true}," + REST + "}")).containsExactly("/documentSha256 required");
        assertThat(faults("{" + REST + "}")).contains("/choices required");
    }

    @Test
    void a_choice_of_a_clock_that_is_ahead_is_dated_now() {
        assertThat(valid("{'choices':{},'chosenAt':'2026-11-22T13:04:00Z','method':'browser-signal'}")
                        .chosenAt())
                .isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-22T13:05:01Z | time-in-future",
                "2026-11-20T13:00:00Z | consent-too-old",
                "2026-11-22 12:59:00Z | time-invalid",
                "yesterday            | time-invalid"
            })
    void a_time_that_cannot_be_is_refused(String time, String code) {
        assertThat(faults("{'choices':{},'chosenAt':'" + time + "','method':'banner'}"))
                .containsExactly("/chosenAt " + code);
    }

    /** Random alone: a name-based id could be made from an address, and version 7 is a signup's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0199d2a4-7c31-7abc-8def-0123456789ab",
                "c232ab00-9414-11ec-b3c8-9f6bdeced846",
                "5df41881-3aed-3515-88a7-2f4a814cf09e",
                "2ed6657d-e927-568b-95e1-2665a8aea6a2",
                "5B1D4C0E-9F4A-4B6E-8A53-0C2F0A6F7E11",
                "5b1d4c0e-9f4a-4b6e-0a53-0c2f0a6f7e11",
                "5b1d4c0e9f4a4b6e8a530c2f0a6f7e11",
                "00000000-0000-0000-0000-000000000000",
                "kari@example.no",
                ""
            })
    void an_id_that_is_not_random_is_refused_and_not_repeated(String id) {
        ParsedCookieChoice parsed = parse("{'visitorId':'" + id + "','choices':{}," + REST + "}");
        assertThat(((ParsedCookieChoice.Invalid) parsed).faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("visitor-id-invalid");
                    assertThat(fault.detail()).doesNotContain("kari");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'choices':{'marketing':true}          | /choices unknown-member",
                "'choices':{'Analytics':true}          | /choices unknown-member",
                "'choices':{'analytics':'true'}        | /choices/analytics not-a-boolean",
                "'choices':{'analytics':[true]}        | /choices/analytics not-a-boolean",
                "'choices':['analytics']               | /choices not-an-object",
                "'choices':{},'name':'Kari'           | ' unknown-member'",
                "'choices':{},'documentSha256':'abc'  | /documentSha256 digest-invalid"
            },
            quoteCharacter = '"')
    void what_is_no_choice_is_named_by_its_rule(String members, String fault) {
        assertThat(faults("{" + members + "," + REST + "}"))
                .anySatisfy(found -> assertThat(found).isEqualTo(fault.replace("'", "")));
    }

    @Test
    void a_kind_twice_and_a_withdrawal_as_a_method_are_refused() {
        assertThat(faults("{'choices':{'analytics':true,'analytics':false},'documentSha256':'" + DIGEST + "'," + REST
                        + "}"))
                .containsExactly("/choices duplicate-member");
        assertThat(faults("{'choices':{},'chosenAt':'2026-11-22T12:59:00Z','method':'withdrawal'}"))
                .containsExactly("/method method-unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "nonsense"})
    void what_is_not_json_is_malformed(String body) {
        assertThat(parse(body)).isInstanceOf(ParsedCookieChoice.Malformed.class);
    }
}
