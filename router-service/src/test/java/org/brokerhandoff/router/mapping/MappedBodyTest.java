package org.brokerhandoff.router.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.FieldMapping.Form;
import org.brokerhandoff.router.directory.FieldMapping.Group;
import org.brokerhandoff.router.directory.FieldMapping.Member;
import org.brokerhandoff.router.directory.FieldMapping.Source;
import org.brokerhandoff.router.directory.FieldMapping.Value;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedBodyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final Assignment ASSIGNMENT = new Assignment("fjord", 0, Examples.RECEIVED.plusMillis(1_234));
    private static final String KARI =
            "{\"fullName\":\"Kari Anne Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\","
                    + "\"phone\":\"+4791234567\",\"language\":\"nb-NO\",\"extra\":{\"city\":\"Bergen\",\"note\":\"a \\\"b\\\\\"}}";

    private static Member member(String name, Source source, Form form) {
        return new Member(name, new Value(source, "", form, Optional.empty()));
    }

    private static Member member(String name, Source source) {
        return member(name, source, source.usual());
    }

    private static Member extra(String name, String extra) {
        return new Member(name, new Value(Source.EXTRA, extra, Form.AS_IS, Optional.empty()));
    }

    private static String body(FieldMapping mapping, PendingSignup signup, String person) {
        // The lent array may be longer than the person.
        byte[] json = Arrays.copyOf(
                person.getBytes(StandardCharsets.UTF_8), person.getBytes(StandardCharsets.UTF_8).length + 7);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        MappedBody.write(mapping, signup, ASSIGNMENT, json, json.length - 7, body);
        return body.toString(StandardCharsets.UTF_8);
    }

    private static String one(Member member, String person) {
        return body(new FieldMapping(List.of(member)), Examples.signup(ID, "fjord"), person);
    }

    @Test
    void a_body_has_what_the_mapping_names_in_its_order_and_nothing_else() {
        FieldMapping mapping = new FieldMapping(List.of(
                new Member(
                        "lead",
                        new Group(List.of(
                                member("id", Source.SIGNUP_ID),
                                member("first", Source.FIRST_NAME),
                                member("last", Source.LAST_NAME),
                                new Member(
                                        "contact",
                                        new Group(List.of(
                                                member("mail", Source.EMAIL),
                                                member("tel", Source.PHONE, Form.DOUBLE_ZERO))))))),
                new Member("source", new FieldMapping.Constant("\"hand\\\"off\"")),
                extra("note", "note"),
                member("consent", Source.CONSENT_GIVEN_AT, Form.EPOCH_SECONDS),
                member("policy", Source.POLICY_VERSION),
                member("purposes", Source.PURPOSES),
                member("at", Source.ASSIGNED_AT, Form.EPOCH_MILLIS)));
        PendingSignup signup = Examples.signup(ID, "fjord");
        assertThat(body(mapping, signup, KARI))
                .isEqualTo("{\"lead\":{\"id\":\"" + ID + "\",\"first\":\"Kari Anne\",\"last\":\"Nordmann\","
                        + "\"contact\":{\"mail\":\"kari@example.no\",\"tel\":\"004791234567\"}},"
                        + "\"source\":\"hand\\\"off\",\"note\":\"a \\\"b\\\\\","
                        + "\"consent\":" + signup.consentGivenAt().getEpochSecond() + ",\"policy\":\"2026-11-01\","
                        + "\"purposes\":[\"broker-handoff\"],\"at\":"
                        + ASSIGNMENT.decidedAt().toEpochMilli() + "}")
                .isEqualTo(body(mapping, signup, KARI));
    }

    @Test
    void what_the_person_did_not_give_is_left_out_or_replaced_and_an_empty_object_with_it() {
        FieldMapping mapping = new FieldMapping(List.of(
                member("id", Source.SIGNUP_ID),
                new Member("contact", new Group(List.of(member("tel", Source.PHONE), extra("city", "city")))),
                new Member("tel", new Value(Source.PHONE, "", Form.DIGITS, Optional.of("\"none\"")))));
        assertThat(body(
                        mapping,
                        Examples.signup(ID, "fjord"),
                        "{\"fullName\":\"Kari\",\"email\":\"k@example.no\",\"country\":\"NO\"}"))
                .isEqualTo("{\"id\":\"" + ID + "\",\"tel\":\"none\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    Kari Nordmann             | Kari                | Nordmann
                    Kari Anne  Nordmann       | Kari Anne           | Nordmann
                    Gabriel García Márquez    | Gabriel García      | Márquez
                    Vincent van der Berg      | Vincent van der     | Berg
                    Åse\u00A0Ødegård          | Åse                 | Ødegård
                    山田\u3000太郎             | 山田                 | 太郎
                    毛泽东                     | -                   | 毛泽东
                    Madonna                   | -                   | Madonna
                    J\\"r Quote\\\\           | J\\"r               | Quote\\\\
                    """)
    void a_name_is_split_before_its_last_word(String name, String first, String last) {
        String person = "{\"fullName\":\"" + name + "\"}";
        assertThat(one(member("f", Source.FIRST_NAME), person))
                .isEqualTo(first == null ? "{}" : "{\"f\":\"" + first + "\"}");
        assertThat(one(member("l", Source.LAST_NAME), person)).isEqualTo("{\"l\":\"" + last + "\"}");
        assertThat(one(member("n", Source.FULL_NAME), person)).isEqualTo("{\"n\":\"" + name + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "+4791234567,   4791234567,   004791234567,   91234567",
        "+12025550123,  12025550123,  0012025550123,  2025550123",
        "+79161234567,  79161234567,  0079161234567,  9161234567",
        "+442079460958, 442079460958, 00442079460958, 2079460958",
        "+390612345678, 390612345678, 00390612345678, 0612345678",
        "+358401234567, 358401234567, 00358401234567, 401234567",
        "+8613812345678,8613812345678,008613812345678,13812345678"
    })
    void a_telephone_number_is_written_in_four_forms(String e164, String digits, String doubleZero, String national) {
        String person = "{\"phone\":\"" + e164 + "\"}";
        Map.of(Form.E164, e164, Form.DIGITS, digits, Form.DOUBLE_ZERO, doubleZero, Form.NATIONAL, national)
                .forEach((form, expected) -> assertThat(one(member("p", Source.PHONE, form), person))
                        .isEqualTo("{\"p\":\"" + expected + "\"}"));
    }

    @Test
    void every_country_has_its_codes_and_an_english_name() {
        assertThat(Countries.all().keySet()).isEqualTo(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
        Countries.all().values().forEach(country -> {
            assertThat(country.alpha3()).isEqualTo(new Locale("", country.alpha2()).getISO3Country());
            assertThat(country.numeric()).matches("[0-9]{3}");
            assertThat(country.name()).isNotBlank().doesNotContain("\"", "\\");
        });
        assertThat(Countries.all().values().stream()
                        .map(Countries.Country::numeric)
                        .distinct())
                .hasSameSizeAs(Countries.all().keySet());
        Map.of(Form.ALPHA_2, "NO", Form.ALPHA_3, "NOR", Form.NUMERIC, "578", Form.NAME, "Norway")
                .forEach((form, expected) -> assertThat(one(member("c", Source.COUNTRY, form), "{}"))
                        .isEqualTo("{\"c\":\"" + expected + "\"}"));
    }

    @Test
    void any_text_arrives_as_it_was_sealed() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            ObjectNode person = JSON.createObjectNode();
            for (String name : List.of("fullName", "email", "phone")) {
                StringBuilder text = new StringBuilder("x");
                for (int length = random.nextInt(40); length > 0; length--) {
                    text.appendCodePoint(1 + random.nextInt(random.nextBoolean() ? 0x7f : 0x1f000));
                }
                person.put(name, text.append('x').toString().replaceAll("[\\ud800-\\udfff]", "\"\\\\"));
            }
            person.putObject("extra").put("e", person.get("email").asText()).put("number", i);
            String json = person.toString();
            JsonNode got = JSON.readTree(body(
                    new FieldMapping(List.of(
                            member("n", Source.FULL_NAME),
                            new Member("m", new Group(List.of(member("m", Source.EMAIL), extra("e", "e")))),
                            member("p", Source.PHONE))),
                    Examples.signup(ID, "fjord"),
                    json));
            assertThat(got.get("n")).isEqualTo(person.get("fullName"));
            assertThat(got.get("m").get("m")).isEqualTo(person.get("email"));
            assertThat(got.get("m").get("e")).isEqualTo(person.get("email"));
            assertThat(got.get("p")).isEqualTo(person.get("phone"));
        }
    }

    @Test
    void what_is_no_person_is_refused_without_being_quoted() {
        for (String broken : List.of("", "[]", "\"Kari\"", "{\"fullName\":\"Kari", "{\"fullName\":\"Kari\" Kari}")) {
            assertThatThrownBy(() -> one(member("n", Source.FULL_NAME), broken))
                    .isInstanceOf(IllegalStateException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("Kari");
        }
    }

    @Test
    void each_field_has_a_reason_for_what_became_of_it() {
        byte[] json = KARI.getBytes(StandardCharsets.UTF_8);
        assertThat(MappedBody.fates(
                        new FieldMapping(List.of(
                                new Member("a", new Group(List.of(member("tel", Source.PHONE)))),
                                extra("b", "street"),
                                new Member("c", new Value(Source.EXTRA, "street", Form.AS_IS, Optional.of("\"-\""))))),
                        Examples.signup(ID, "fjord"),
                        ASSIGNMENT,
                        json,
                        json.length))
                .extracting(MappedBody.FieldFate::target, MappedBody.FieldFate::presence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a.tel", MappedBody.Presence.SENT),
                        org.assertj.core.groups.Tuple.tuple("b", MappedBody.Presence.LEFT_OUT),
                        org.assertj.core.groups.Tuple.tuple("c", MappedBody.Presence.OTHERWISE));
    }
}
