package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContactParserTest {
    private static final String MESSAGE =
            "{'name':'Kari','email':'kari@example.no','subject':'Who has it?','text':'Hello,\\nwho has my data?'}";

    @Test
    void the_canonical_form_does_not_depend_on_the_order_or_spelling_of_the_request() {
        ParsedContact.Valid valid =
                valid("{'language':'NB-no','text':'\\u0041\\tb','subject':'s','email':'kari@example.no',"
                        + "'name':'  A\u030Ase '}");

        String written = valid.person().expose(bytes -> new String(bytes, StandardCharsets.UTF_8));
        assertThat(written)
                .isEqualTo("{\"name\":\"\u00c5se\",\"email\":\"kari@example.no\",\"subject\":\"s\","
                        + "\"text\":\"A\\tb\",\"language\":\"nb-NO\"}");
        assertThat(valid.language()).hasValue("nb-NO");
    }

    @Test
    void a_language_is_not_needed() {
        assertThat(valid(MESSAGE).language()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'name':'Kari'|'name':7|/name|not-a-string",
                "'name':'Kari'|'name':'7'|/name|name-invalid",
                "'name':'Kari',||/name|required",
                "'kari@example.no'|'kari'|/email|email-invalid",
                "'Who has it?'|'  '|/subject|subject-invalid",
                "'Who has it?'|'a\\nb'|/subject|subject-invalid",
                "'Hello,\\nwho has my data?'|'\\n\\n'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\u0000b'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\u202Eb'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\u200Bb'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\ud800b'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\ufffdb'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\ue000b'|/text|text-invalid",
                "'Hello,\\nwho has my data?'|'a\\udb40\\udc41b'|/text|text-invalid",
                "'Who has it?'|'a\\u2066b'|/subject|subject-invalid",
                "'kari@example.no'|'kari@example\\uff0eno'|/email|email-invalid",
                "'name':'Kari'|'name':'Kari','phone':'1'||unknown-member",
                "'name':'Kari'|'name':'Kari','name':'Kari'||duplicate-member",
                "'name':'Kari'|'name':'Kari','language':'?'|/language|language-invalid"
            })
    void each_rule_has_its_pointer_and_code(String good, String bad, String pointer, String code) {
        ParsedContact parsed = parse(MESSAGE.replace(good, bad == null ? "" : bad));

        assertThat(parsed).isInstanceOf(ParsedContact.Invalid.class);
        assertThat(((ParsedContact.Invalid) parsed).faults())
                .extracting(Fault::pointer, Fault::code)
                .containsExactly(Tuple.tuple(pointer == null ? "" : pointer, code));
    }

    @Test
    void emoji_are_written_with_joiners_and_selectors() {
        valid(MESSAGE.replace("Hello,", "Hello \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 \u2764\uFE0F,"));
    }

    @Test
    void limits_are_where_they_are_said_to_be() {
        assertThat(parse(MESSAGE.replace("Who has it?", "s".repeat(200)))).isInstanceOf(ParsedContact.Valid.class);
        assertThat(parse(MESSAGE.replace("Who has it?", "s".repeat(201)))).isInstanceOf(ParsedContact.Invalid.class);
        assertThat(parse(MESSAGE.replace("Hello,", "\ud83d\ude00".repeat(3982))))
                .isInstanceOf(ParsedContact.Valid.class);
        assertThat(parse(MESSAGE.replace("Hello,", "h".repeat(3984)))).isInstanceOf(ParsedContact.Invalid.class);
        assertThat(((ParsedContact.Invalid) parse("{}")).faults())
                .extracting(Fault::code)
                .containsOnly("required")
                .hasSize(4);
    }

    @Test
    void what_is_not_json_is_malformed() {
        assertThat(parse("{'name'")).isInstanceOf(ParsedContact.Malformed.class);
    }

    private static ParsedContact.Valid valid(String body) {
        ParsedContact parsed = parse(body);
        assertThat(parsed).isInstanceOf(ParsedContact.Valid.class);
        return (ParsedContact.Valid) parsed;
    }

    private static ParsedContact parse(String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ContactParser.parse(bytes, bytes.length);
    }
}
