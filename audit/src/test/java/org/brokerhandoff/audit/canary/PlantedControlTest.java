package org.brokerhandoff.audit.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.brokerhandoff.audit.search.PersonSearch;
import org.junit.jupiter.api.Test;

class PlantedControlTest {
    @Test
    void what_is_planted_is_found_in_every_form() {
        assertThat(PlantedControl.run()).isGreaterThan(50);
    }

    @Test
    void a_search_that_does_not_find_what_is_planted_is_no_search() {
        List<String> planted;
        List<String> sought;
        try (InventedPerson one = InventedPerson.random(new Random(3));
                InventedPerson other = InventedPerson.random(new Random(4))) {
            planted = one.exposeAsTexts();
            sought = other.exposeAsTexts();
        }
        assertThatThrownBy(() -> PlantedControl.run(planted, new PersonSearch(List.of(sought))))
                .isInstanceOf(CannotCheck.class)
                .hasMessage("the search does not find what was planted, as plain");
    }

    @Test
    void an_invented_person_is_found_as_a_program_may_have_written_them() {
        InventedPerson person = InventedPerson.random(new Random(5));
        List<String> texts = person.exposeAsTexts();
        PersonSearch search = new PersonSearch(List.of(texts));
        String fullName = texts.get(0);
        String email = texts.get(3);
        String family = fullName.substring(fullName.indexOf(' ') + 1);
        for (byte[] written : List.of(
                bytes("{\"name\":\"" + fullName + "\"}"),
                bytes(email.toUpperCase(Locale.ROOT)),
                bytes("lastName=" + family.toLowerCase(Locale.ROOT)),
                fullName.getBytes(StandardCharsets.UTF_16LE),
                bytes(Base64.getEncoder().encodeToString(bytes("x" + email))),
                person.exposeAsJson("NO", "nb", "{}"))) {
            assertThat(search.find("here", written)).isNotEmpty();
        }
        assertThat(search.find(
                        "here",
                        bytes(InventedPerson.random(new Random(6))
                                .exposeAsTexts()
                                .get(0))))
                .isEmpty();
    }

    @Test
    void an_invented_person_is_not_printed_and_is_gone_once_wiped() {
        InventedPerson person = InventedPerson.random(new Random(5));
        List<String> texts = person.exposeAsTexts();
        assertThat(texts).noneMatch(text -> person.toString().contains(text));
        person.close();
        assertThat(new String(person.exposeAsJson("NO", "nb", "{}"), StandardCharsets.UTF_8))
                .doesNotContain(texts);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
