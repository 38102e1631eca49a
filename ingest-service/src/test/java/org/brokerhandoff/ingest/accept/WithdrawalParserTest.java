package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.brokerhandoff.event.WithdrawalMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WithdrawalParserTest {
    private static ParsedWithdrawal parse(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return WithdrawalParser.parse(body, body.length, WithdrawalMethod.WEBSITE_REQUEST);
    }

    @Test
    void without_a_method_it_came_by_the_website() {
        assertThat(parse("")).isEqualTo(new ParsedWithdrawal.Valid(WithdrawalMethod.WEBSITE_REQUEST));
        assertThat(parse("{}")).isEqualTo(new ParsedWithdrawal.Valid(WithdrawalMethod.WEBSITE_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({
        "website-request,WEBSITE_REQUEST",
        "e-mail,E_MAIL",
        "telephone,TELEPHONE",
        "letter,LETTER",
        "helpdesk,HELPDESK"
    })
    void a_method_is_taken_as_stated(String method, WithdrawalMethod expected) {
        assertThat(parse("{'method':'" + method + "'}")).isEqualTo(new ParsedWithdrawal.Valid(expected));
    }

    /** A website must not state those that this system sets itself. */
    @ParameterizedTest
    @ValueSource(strings = {"receipt", "not-recorded", "erasure-request", "E_MAIL", "email", "fax", ""})
    void another_method_is_refused_by_its_rule(String method) {
        assertThat(((ParsedWithdrawal.Invalid) parse("{'method':'" + method + "'}")).faults())
                .extracting(Fault::code)
                .containsExactly("method-unknown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"{'method':1} | not-a-string", "{'reason':'x'} | unknown-member", "['letter'] | not-an-object"})
    void what_is_no_withdrawal_is_named_by_its_rule(String json, String code) {
        assertThat(((ParsedWithdrawal.Invalid) parse(json)).faults())
                .extracting(Fault::code)
                .contains(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "method=letter", "{}{}", " "})
    void what_is_not_json_is_malformed(String body) {
        assertThat(parse(body)).isInstanceOf(ParsedWithdrawal.Malformed.class);
    }
}
