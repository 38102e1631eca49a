package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.brokerhandoff.router.directory.DirectoryTexts.VALID;
import static org.brokerhandoff.router.directory.DirectoryTexts.problems;
import static org.brokerhandoff.router.directory.DirectoryTexts.valid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What YAML allows and a directory does not. */
class DirectoryYamlTest {
    @Test
    void a_member_twice_is_a_problem_with_its_line() {
        assertThat(problems(VALID + "    weight: 5\n")).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(15);
            assertThat(problem.place()).isEqualTo("/brokers/0/weight");
            assertThat(problem.found()).contains("line 12");
        });
    }

    @Test
    void norway_is_a_country_and_its_old_tag_a_language_without_quotes() {
        String yaml = VALID.replace("[NO, SE, DK]", "[NO]")
                .replace("[nb, en]", "[no]")
                .replace("CH: ADEQUACY", "NO: EEA");
        Broker broker = valid(yaml).brokers().get(0);
        assertThat(broker.countries()).containsExactly("NO");
        assertThat(broker.languages()).hasSize(1);
        assertThat(broker.transferBasis()).containsKey("NO");
        assertThat(problems(VALID.replace("[NO, SE, DK]", "[false]")))
                .extracting(DirectoryProblem::place)
                .containsExactly("/brokers/0/countries/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "weight: 3; weight: &w 3; 12; /brokers/0/weight",
                "weight: 3; weight: *w; 12; /brokers/0/weight",
                "name: Fjord Markets AS; name: *legal; 3; /brokers/0/name",
                "countries: [NO, SE, DK]; countries: *nordic; 4; /brokers/0/countries",
                "weight: 3; weight: 010; 12; /brokers/0/weight",
                "weight: 3; weight: 0x3; 12; /brokers/0/weight",
                "weight: 3; weight: 1_0; 12; /brokers/0/weight",
                "weight: 3; weight: 3.0; 12; /brokers/0/weight",
                "weight: 3; weight: \"3\"; 12; /brokers/0/weight",
                "weight: 3; weight: !!int \"3\"; 12; /brokers/0/weight",
                "weight: 3; weight: 99999999999; 12; /brokers/0/weight",
                "weight: 3; weight:; 12; /brokers/0/weight",
                "notices: https://fjord-markets.example/notices; notices: ~; 9; /brokers/0/notices",
                "local: false; local: no; 13; /brokers/0/local",
                "local: false; local: \"false\"; 13; /brokers/0/local",
                "local: false; local: FALSE; 13; /brokers/0/local",
                "id: fjord-markets; id: 2026; 2; /brokers/0/id",
                "id: fjord-markets; id: 2026-11-28; 2; /brokers/0/id",
                "name: Fjord Markets AS; name: 42; 3; /brokers/0/name",
                "name: Fjord Markets AS; name: true; 3; /brokers/0/name",
                "[nb, en]; [nb, 1]; 5; /brokers/0/languages/1",
                "[nb, en]; [nb, ~]; 5; /brokers/0/languages/1",
                "CH: ADEQUACY; 41: ADEQUACY; 6; /brokers/0/transferBasis",
                "CH: ADEQUACY; CH: 1; 6; /brokers/0/transferBasis/CH",
                "status: active; status: true; 14; /brokers/0/status",
                "status: active; colour: blue; 14; /brokers/0/colour",
                "[fjord.current, fjord.previous]; [fjord.current, 1]; 10; /brokers/0/secretFiles/1",
            })
    void what_yaml_readers_take_differently_is_refused_with_line_and_place(
            String right, String wrong, int line, String place) {
        assertThat(problems(VALID.replace(right, wrong)))
                .extracting(DirectoryProblem::line, DirectoryProblem::place)
                .contains(tuple(line, place));
    }

    @Test
    void a_second_document_is_not_dropped() {
        assertThat(problems(VALID + "---\n" + VALID.replace("fjord-markets", "nordlys")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(15));
    }

    @Test
    void what_yaml_and_what_the_directory_refuses_is_reported_together_and_each_once() {
        String yaml = VALID.replace("weight: 3", "weight: 010")
                .replace("[NO, SE, DK]", "*nordic")
                .replace("status: active", "status: resting")
                .replace("[nb, en]", "[nb, n]");
        assertThat(problems(yaml)).extracting(DirectoryProblem::line).containsExactly(4, 5, 12, 14);
    }
}
