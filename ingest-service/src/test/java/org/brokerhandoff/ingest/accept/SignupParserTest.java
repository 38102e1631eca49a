package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.ingest.domain.ConsentMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignupParserTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final String PERSON = "{'fullName':'Kari','email':'kari@example.no','country':'NO'}";
    private static final String CONSENT =
            "{'policyVersion':'v1','purposes':['broker-handoff'],'recipients':['a'],'givenAt':'2026-11-22T12:59:00Z',"
                    + "'method':'registration-form'}";

    @Test
    void the_least_signup_there_is() {
        ParsedSignup.Valid valid = valid(signup(PERSON, CONSENT));

        assertThat(clear(valid)).isEqualTo("{\"fullName\":\"Kari\",\"email\":\"kari@example.no\",\"country\":\"NO\"}");
        assertThat(valid.signup().language()).isEmpty();
        assertThat(valid.signup().supplementary()).isFalse();
        assertThat(valid.signup().consent().method()).isEqualTo(ConsentMethod.REGISTRATION_FORM);
        assertThat(valid.signup().consent().recipients()).containsExactly("a");
    }

    @Test
    void the_canonical_form_does_not_depend_on_the_order_or_spelling_of_the_request() {
        String other = "{'extra':{'b':'2','a':'\u00e5'},'language':'NB-no','phone':'912 34 567','country':'NO',"
                + "'email':'kari@example.no','fullName':'  A\u030Ase '}";

        ParsedSignup.Valid valid = valid(signup(other, CONSENT));

        assertThat(clear(valid))
                .isEqualTo("{\"fullName\":\"Åse\",\"email\":\"kari@example.no\",\"country\":\"NO\","
                        + "\"phone\":\"+4791234567\",\"language\":\"nb-NO\",\"extra\":{\"b\":\"2\",\"a\":\"å\"}}");
        assertThat(valid.signup().language()).isEqualTo(Optional.of("nb-NO"));
        assertThat(valid.signup().supplementary()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'fullName':'Kari'|'fullName':7|/person/fullName|not-a-string",
                "'fullName':'Kari'|'fullName':'7'|/person/fullName|full-name-invalid",
                "'fullName':'Kari',||/person/fullName|required",
                "'email':'kari@example.no'|'email':'kari'|/person/email|email-invalid",
                "'email':'kari@example.no',||/person/email|required",
                "'country':'NO'|'country':'no'|/person/country|country-unknown",
                "'country':'NO'|'country':'NO','country':'SE'|/person|duplicate-member",
                "'country':'NO'|'country':'NO','age':7|/person|unknown-member",
                "'country':'NO'|'country':'NO','phone':'12'|/person/phone|phone-invalid",
                "'country':'NO'|'country':'NO','phone':null|/person/phone|not-a-string",
                "'country':'NO'|'country':'NO','language':'?'|/person/language|language-invalid",
                "'country':'NO'|'country':'NO','extra':[]|/person/extra|not-an-object",
                "'country':'NO'|'country':'NO','extra':{'a b':''}|/person/extra|member-name-invalid",
                "'country':'NO'|'country':'NO','extra':{'a':'\\u0001'}|/person/extra|member-value-invalid",
                "'country':'NO'|'country':'NO','extra':{'a':{'b':[1]}}|/person/extra|not-a-string",
                "'policyVersion':'v1'|'policyVersion':''|/consent/policyVersion|policy-version-invalid",
                "'policyVersion':'v1',||/consent/policyVersion|required",
                "['broker-handoff']|[]|/consent/purposes|purpose-missing",
                "['broker-handoff']|'broker-handoff'|/consent/purposes|not-an-array",
                "['broker-handoff']|['broker-handoff','x']|/consent/purposes/1|purpose-unknown",
                "['broker-handoff']|['broker-handoff','broker-handoff']|/consent/purposes/1|duplicate",
                "['a']|[]|/consent/recipients|recipients-count",
                "['a']|['A']|/consent/recipients/0|broker-id-invalid",
                "['a']|['a','a']|/consent/recipients/1|duplicate",
                "['a']|['a',1]|/consent/recipients/1|not-a-string",
                "12:59:00Z|12:59Z|/consent/givenAt|time-invalid",
                "12:59:00Z|13:05:01Z|/consent/givenAt|time-in-future",
                "11-22T12:59:00Z|11-21T12:59:59Z|/consent/givenAt|consent-too-old",
                "registration-form|phone|/consent/method|method-unknown",
                "'method'|'formSha256':'ab','method'|/consent/formSha256|digest-invalid"
            })
    void each_rule_has_its_pointer_and_code(String good, String bad, String pointer, String code) {
        String body =
                signup(PERSON, CONSENT).replace(good.replace('\'', '"'), bad == null ? "" : bad.replace('\'', '"'));

        ParsedSignup parsed = parse(body);

        assertThat(parsed).isInstanceOf(ParsedSignup.Invalid.class);
        assertThat(((ParsedSignup.Invalid) parsed).faults())
                .extracting(Fault::pointer, Fault::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(pointer, code));
    }

    @Test
    void limits_are_where_they_are_said_to_be() {
        String twenty = extra(20);
        assertThat(parse(signup(PERSON.replace("'NO'", "'NO','extra':{" + twenty + "}"), CONSENT)))
                .isInstanceOf(ParsedSignup.Valid.class);
        assertThat(codes(parse(signup(PERSON.replace("'NO'", "'NO','extra':{" + extra(21) + "}"), CONSENT))))
                .containsExactly("too-many-members");
        assertThat(codes(parse(
                        signup(PERSON.replace("'NO'", "'NO','extra':{'a':'" + "v".repeat(201) + "'}"), CONSENT))))
                .containsExactly("member-value-invalid");
        assertThat(codes(parse(signup(PERSON, "7"))))
                .containsExactly("not-an-object", "required", "required", "required", "required", "required");
        assertThat(codes(parse("{}"))).containsExactly("required", "required");
        assertThat(codes(parse("[]"))).contains("not-an-object");
        assertThat(codes(parse("{" + "\"x\":0,".repeat(2000) + "\"y\":0}"))).hasSizeLessThanOrEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``", "{", "{}x", "{\"a\" 1}", "nope", "{\"a\":1}{}", "{'a':1}"})
    void what_is_not_json_is_malformed(String body) {
        assertThat(parse(body)).isInstanceOf(ParsedSignup.Malformed.class);
    }

    @Test
    void deep_nesting_and_half_characters_are_refused() {
        assertThat(parse("{\"person\":" + "[".repeat(5000) + "}")).isInstanceOf(ParsedSignup.Malformed.class);
        assertThat(parse(signup(PERSON.replace("Kari", "\\ud800"), CONSENT))).isInstanceOf(ParsedSignup.Invalid.class);
        byte[] cut = {'{', '"', (byte) 0xC3, '"', '}'};
        assertThat(SignupParser.parse(cut, cut.length, NOW)).isInstanceOf(ParsedSignup.Malformed.class);
    }

    @Test
    void only_the_free_members_that_the_installation_lists_are_taken_and_no_name_is_repeated() {
        byte[] body = signup(PERSON.replace("}", ",'extra':{'city':'Bergen','shoeSize':'44'}}"), CONSENT)
                .getBytes(StandardCharsets.UTF_8);

        for (Set<String> allowed : List.of(Set.<String>of(), Set.of("city"))) {
            ParsedSignup parsed = SignupParser.parse(body, body.length, NOW, taking(allowed));
            List<Fault> faults = ((ParsedSignup.Invalid) parsed).faults();
            assertThat(faults).hasSize(2 - allowed.size()).allSatisfy(fault -> {
                assertThat(fault.code()).isEqualTo("member-not-allowed");
                assertThat(fault.pointer() + fault.detail()).doesNotContain("shoeSize", "city", "44", "Bergen");
            });
        }
        assertThat(SignupParser.parse(body, body.length, NOW, taking(Set.of("city", "shoeSize"))))
                .isInstanceOf(ParsedSignup.Valid.class);
        assertThat(SignupParser.parse(body, body.length, NOW)).isInstanceOf(ParsedSignup.Valid.class);
    }

    @ParameterizedTest
    @CsvSource({
        "fjord-markets,             false, ''",
        "canary-one,                false, 0",
        "fjord-markets canary-one,  false, 1",
        "canary-one canary-two,     true,  ''",
        "fjord-markets,             true,  0",
        "canary-one fjord-markets,  true,  1"
    })
    void a_canarys_key_names_canary_brokers_and_every_other_key_names_none(
            String recipients, boolean canary, String fault) {
        byte[] body = signup(PERSON, CONSENT.replace("'a'", "'" + recipients.replace(" ", "','") + "'"))
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);

        ParsedSignup parsed = SignupParser.parse(body, body.length, NOW, SignupTerms.ANY.forKeyOf(canary));

        if (fault.isEmpty()) {
            assertThat(parsed).isInstanceOf(ParsedSignup.Valid.class);
        } else {
            assertThat(((ParsedSignup.Invalid) parsed).faults()).singleElement().satisfies(only -> {
                assertThat(only.code()).isEqualTo("recipient-not-for-key");
                assertThat(only.pointer()).isEqualTo("/consent/recipients/" + fault);
            });
        }
    }

    private static SignupTerms taking(Set<String> extraMembers) {
        return new SignupTerms(new ExtraMembers(Optional.of(extraMembers)), CountryRules.NONE);
    }

    private static String extra(int members) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < members; i++) {
            text.append(i == 0 ? "" : ",").append("'m").append(i).append("':'v'");
        }
        return text.toString();
    }

    private static String signup(String person, String consent) {
        return ("{'person':" + person + ",'consent':" + consent + "}").replace('\'', '"');
    }

    private static ParsedSignup parse(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return SignupParser.parse(bytes, bytes.length, NOW);
    }

    private static ParsedSignup.Valid valid(String body) {
        ParsedSignup parsed = parse(body);
        assertThat(parsed).isInstanceOf(ParsedSignup.Valid.class);
        return (ParsedSignup.Valid) parsed;
    }

    private static List<String> codes(ParsedSignup parsed) {
        return ((ParsedSignup.Invalid) parsed)
                .faults().stream().map(Fault::code).toList();
    }

    private static String clear(ParsedSignup.Valid valid) {
        return valid.person().expose(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
