package org.brokerhandoff.quickstart.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.ingest.accept.ParsedSignup;
import org.brokerhandoff.ingest.accept.SignupParser;
import org.junit.jupiter.api.Test;

class SamplePeopleTest {
    private static final List<SamplePerson> PEOPLE = SamplePeople.first(20_000).toList();

    @Test
    void names_addresses_and_numbers_are_unique() {
        assertThat(PEOPLE).extracting(SamplePerson::fullName).doesNotHaveDuplicates();
        assertThat(PEOPLE).extracting(SamplePerson::email).doesNotHaveDuplicates();
        assertThat(PEOPLE).extracting(SamplePerson::phone).doesNotHaveDuplicates();
    }

    @Test
    void they_stay_unique_where_names_get_a_number() {
        // From about 83,000 on.
        List<SamplePerson> many = SamplePeople.first(90_000).toList();
        assertThat(many.get(89_999).fullName()).endsWith(" 2");
        for (Function<SamplePerson, String> fact : List.<Function<SamplePerson, String>>of(
                SamplePerson::fullName, SamplePerson::email, SamplePerson::phone)) {
            assertThat(many.stream().map(fact).distinct().count()).isEqualTo(90_000);
        }
    }

    @Test
    void phone_numbers_are_valid_mobile_numbers_of_their_country() throws NumberParseException {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        for (SamplePerson person : PEOPLE) {
            PhoneNumber number = numbers.parse(person.phone(), null);
            assertThat(numbers.isValidNumberForRegion(number, person.country()))
                    .as(person.country())
                    .isTrue();
            assertThat(numbers.format(number, PhoneNumberUtil.PhoneNumberFormat.E164))
                    .isEqualTo(person.phone());
        }
    }

    @Test
    void addresses_are_in_example_domains_and_unlikely_to_occur_by_accident() {
        assertThat(PEOPLE)
                .extracting(SamplePerson::email)
                .allMatch(email -> email.matches("[a-z0-9]+(\\.[a-z0-9]+){1,2}@example\\.(com|org|net|no)"))
                .allMatch(email -> email.indexOf('@') >= 8);
    }

    @Test
    void the_first_400_cover_countries_scripts_and_shapes_of_names() {
        List<SamplePerson> first = PEOPLE.subList(0, 400);
        assertThat(first.stream().map(SamplePerson::country).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("NO", "SE", "DK", "FI", "IS", "DE", "PL", "FR", "ES", "IE", "GR", "NL");
        assertThat(first).extracting(SamplePerson::fullName).anyMatch(name -> !name.contains(" "));
        assertThat(first).extracting(SamplePerson::fullName).anyMatch(name -> name.matches("\\p{IsGreek}+ .*"));
        assertThat(first).extracting(SamplePerson::fullName).anyMatch(name -> name.matches("\\p{IsCyrillic}+ .*"));
        assertThat(first).extracting(SamplePerson::fullName).anyMatch(name -> name.contains("'"));
        assertThat(first).extracting(SamplePerson::fullName).anyMatch(name -> name.contains("-"));
        assertThat(first).extracting(SamplePerson::fullName).noneMatch(name -> name.matches(".*[0-9].*"));
        assertThat(first)
                .extracting(SamplePerson::language)
                .allMatch(tag -> !new Locale.Builder()
                        .setLanguageTag(tag)
                        .build()
                        .getLanguage()
                        .isEmpty());
        assertThat(first).allMatch(person -> !person.city().isBlank());
    }

    @Test
    void a_number_gives_the_same_person_every_time() {
        assertThat(SamplePeople.person(4321)).isEqualTo(PEOPLE.get(4321));
        assertThat(SamplePeople.person(0).fullName()).isEqualTo("Kari Nordmann");
        assertThatThrownBy(() -> SamplePeople.first(SamplePeople.MOST + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SamplePeople.person(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_person_is_not_printed() {
        assertThat(PEOPLE.get(0).toString()).doesNotContain("Kari", "@", "+47", "NO");
    }

    @Test
    void a_signup_request_is_what_the_interface_says() throws IOException {
        SamplePerson person = PEOPLE.get(10);
        JsonNode request = new ObjectMapper()
                .readTree(SamplePeople.signupRequest(
                        person,
                        "2026-11-01",
                        List.of("fjord-markets", "nordlys"),
                        Instant.parse("2026-11-22T13:00:00Z")));
        assertThat(request.path("person").path("fullName").asText()).isEqualTo(person.fullName());
        assertThat(request.path("person").path("email").asText()).isEqualTo(person.email());
        assertThat(request.path("person").path("country").asText()).isEqualTo(person.country());
        assertThat(request.path("person").path("phone").asText()).isEqualTo(person.phone());
        assertThat(request.path("person").path("language").asText()).isEqualTo(person.language());
        assertThat(request.path("person").path("extra").path("city").asText()).isEqualTo(person.city());
        JsonNode consent = request.path("consent");
        assertThat(consent.path("policyVersion").asText()).isEqualTo("2026-11-01");
        assertThat(consent.path("purposes").toString()).isEqualTo("[\"broker-handoff\"]");
        assertThat(consent.path("recipients").toString()).isEqualTo("[\"fjord-markets\",\"nordlys\"]");
        assertThat(consent.path("givenAt").asText()).isEqualTo("2026-11-22T13:00:00Z");
        assertThat(consent.path("method").asText()).isEqualTo("registration-form");
        assertThat(consent.path("formSha256").asText()).matches("[0-9a-f]{64}");
    }

    @Test
    void ingest_takes_every_one_of_them() {
        Instant now = Instant.parse("2026-11-22T13:00:00Z");
        SamplePeople.first(20_000).forEach(person -> {
            byte[] request = SamplePeople.signupRequest(person, "2026-11-01", List.of("fjord-markets"), now);
            // Without the person, which a failure must not print.
            assertThat(SignupParser.parse(request, request.length, now).getClass())
                    .as("%s, %s", person.country(), person.language())
                    .isEqualTo(ParsedSignup.Valid.class);
        });
    }
}
