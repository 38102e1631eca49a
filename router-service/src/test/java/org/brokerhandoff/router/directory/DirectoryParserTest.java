package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.directory.DirectoryTexts.VALID;
import static org.brokerhandoff.router.directory.DirectoryTexts.parse;
import static org.brokerhandoff.router.directory.DirectoryTexts.problems;
import static org.brokerhandoff.router.directory.DirectoryTexts.valid;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryParserTest {
    @Test
    void the_directory_of_the_design_is_read() {
        Broker broker = valid(VALID).find("fjord-markets").orElseThrow();
        assertThat(broker.name()).isEqualTo("Fjord Markets AS");
        assertThat(broker.countries()).containsExactly("NO", "SE", "DK");
        assertThat(broker.languages()).containsExactly("nb", "en");
        assertThat(broker.transferBasis()).containsOnly(Map.entry("default", "EEA"), Map.entry("CH", "ADEQUACY"));
        assertThat(broker.secrets()).hasSize(2);
        assertThat(broker.priority()).isEqualTo(1);
        assertThat(broker.weight()).isEqualTo(3);
        assertThat(broker.status()).isEqualTo(Broker.Status.ACTIVE);
        assertThat(broker.notices()).isPresent();
    }

    @Test
    void languages_are_named_as_websites_name_them() {
        assertThat(valid(VALID.replace("[nb, en]", "['no', iw, nb-x-kari, EN-gb, in]"))
                        .find("fjord-markets")
                        .orElseThrow()
                        .languages())
                .containsExactly("nb", "he", "en-GB", "id");
        assertThat(problems(VALID.replace("[nb, en]", "[x-kari, nb]"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id: fjord-markets; id: Fjord Markets; /brokers/0/id",
                "id: fjord-markets; ident: fjord-markets; /brokers/0/id",
                "name: Fjord Markets AS; name: ''; /brokers/0/name",
                "[NO, SE, DK]; [NO, Norway]; /brokers/0/countries/1",
                "[NO, SE, DK]; []; /brokers/0/countries",
                "[NO, SE, DK]; NO; /brokers/0/countries",
                "[nb, en]; [n]; /brokers/0/languages/0",
                "CH: ADEQUACY; XX: ADEQUACY; /brokers/0/transferBasis/XX",
                "CH: ADEQUACY; CH: we think it is fine; /brokers/0/transferBasis/CH",
                "'{default: EEA, CH: ADEQUACY}'; '{}'; /brokers/0/transferBasis",
                "https://fjord-markets.example/privacy; http://fjord-markets.example/; /brokers/0/privacyPolicy",
                "https://fjord-markets.example/handoffs; http://fjord-markets.example/; /brokers/0/endpoint",
                "https://fjord-markets.example/handoffs; ftp://fjord-markets.example/; /brokers/0/endpoint",
                "https://fjord-markets.example/handoffs; /handoffs; /brokers/0/endpoint",
                "https://fjord-markets.example/handoffs; 'https://a b/'; /brokers/0/endpoint",
                "https://fjord-markets.example/handoffs; 'https://a.example/#x'; /brokers/0/endpoint",
                "https://fjord-markets.example/notices; http://fjord-markets.example/; /brokers/0/notices",
                "fjord.previous; missing; /brokers/0/secretFiles/1",
                "fjord.previous; not-a-secret; /brokers/0/secretFiles/1",
                "'[fjord.current, fjord.previous]'; '[]'; /brokers/0/secretFiles",
                "priority: 1; priority: -1; /brokers/0/priority",
                "priority: 1; priority: first; /brokers/0/priority",
                "weight: 3; weight: 0; /brokers/0/weight",
                "weight: 3; weight: 2.5; /brokers/0/weight",
                "weight: 3; weight: 1001; /brokers/0/weight",
                "local: false; local: perhaps; /brokers/0/local",
                "status: active; status: resting; /brokers/0/status",
                "id: fjord-markets; id: canary-one; /brokers/0/status",
                "status: active; colour: blue; /brokers/0/colour",
            })
    void each_broken_rule_is_reported_where_it_is_broken(String right, String wrong, String place) {
        assertThat(problems(VALID.replace(right, wrong)))
                .extracting(DirectoryProblem::place)
                .contains(place);
    }

    @ParameterizedTest
    @CsvSource({"canary-one, test, true", "canary-one, paused, false", "fjord-markets, test, false"})
    void a_broker_under_test_is_given_nothing_unless_its_id_is_a_canary_brokers(
            String id, String status, boolean receives) {
        BrokerDirectory directory =
                valid(VALID.replace("id: fjord-markets", "id: " + id).replace("status: active", "status: " + status));
        assertThat(directory.find(id).orElseThrow().receives()).isEqualTo(receives);
    }

    @Test
    void all_problems_are_reported_at_once() {
        String yaml = VALID.replace("NO, SE, DK", "Norway")
                .replace("weight: 3", "weight: 0")
                .replace("status: active", "status: resting")
                .replace("fjord.previous", "missing");
        assertThat(problems(yaml))
                .extracting(DirectoryProblem::place)
                .containsExactlyInAnyOrder(
                        "/brokers/0/countries/0", "/brokers/0/weight", "/brokers/0/status", "/brokers/0/secretFiles/1");
        assertThat(new InvalidDirectory(problems(yaml))).hasMessageContaining("4 problem(s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "brokers:", "brokers: []", "[]", "brokers: {a: b}", "42", "brokers: [1]", "a: &a [*a]"})
    void what_has_no_brokers_is_no_directory(String yaml) {
        assertThat(problems(yaml)).isNotEmpty();
    }

    @Test
    void two_brokers_may_share_neither_id_nor_tag() {
        assertThat(problems(VALID + VALID.substring(VALID.indexOf("  - id"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).contains("distinct"));
        String[] colliding = colliding();
        String second = VALID.substring(VALID.indexOf("  - id")).replace("id: fjord-markets", "id: " + colliding[1]);
        assertThat(problems(VALID.replace("id: fjord-markets", "id: " + colliding[0]) + second))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.found()).contains(colliding[0]).contains(colliding[1]));
    }

    /** Two ids with the same 24 bits; a birthday among some thousands. */
    private static String[] colliding() {
        Map<BrokerTag, String> seen = new java.util.HashMap<>();
        for (int i = 0; ; i++) {
            String id = "broker-" + i;
            String other = seen.put(BrokerTag.of(id), id);
            if (other != null) {
                return new String[] {other, id};
            }
        }
    }

    @Test
    void plain_http_is_for_brokers_marked_local() {
        String local = VALID.replace("https://fjord-markets.example/handoffs", "http://127.0.0.1:9/handoffs")
                .replace("local: false", "local: true");
        assertThat(valid(local).brokers().get(0).endpoint()).hasScheme("http");
        assertThat(problems(local.replace("local: true", "local: false")))
                .extracting(DirectoryProblem::place)
                .containsExactly("/brokers/0/endpoint");
    }

    @Test
    void no_text_makes_it_throw() {
        Random random = new Random(11);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder(VALID);
            for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[]:,&*!|>'\"%@`\t\n- ~".charAt(random.nextInt(21)));
                    default -> text.setCharAt(at, (char) random.nextInt(0x100));
                }
            }
            assertThat(parse(text.toString())).isNotNull();
        }
    }

    @Test
    void a_directory_is_named_by_what_is_published_of_it() {
        BrokerDirectory directory = valid(VALID);
        assertThat(valid(VALID).digest()).isEqualTo(directory.digest());
        assertThat(valid(VALID.replace("weight: 3", "weight: 4")).digest()).isNotEqualTo(directory.digest());
        assertThat(valid(VALID.replace("fjord-markets.example/handoffs", "elsewhere.example/handoffs"))
                        .digest())
                .isNotEqualTo(directory.digest());
        for (String token : List.of("hooks/hunter2", "handoffs?token=hunter2", "hooks/hunter2/x?y=hunter2")) {
            BrokerDirectory tokens =
                    valid(VALID.replace("/handoffs", "/" + token).replace("/notices", "/" + token));
            assertThat(tokens.digest()).as("path and query may hold a secret").isEqualTo(directory.digest());
            assertThat(tokens.published(Examples.RECEIVED).toString()).doesNotContain("hunter2");
            assertThat(tokens.brokers().toString()).doesNotContain("hunter2");
        }
        DirectoryPublished published = directory.published(Examples.RECEIVED);
        assertThat(published.toString()).doesNotContain("whsec");
    }
}
