package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.TransferBasis;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.PrivateFiles;
import org.brokerhandoff.routing.BrokerFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryParserTest {
    private static final String VALID = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                countries: [NO, SE, DK]
                languages: [nb, en]
                transferBasis: {default: EEA, CH: ADEQUACY}
                privacyPolicy: https://fjord-markets.example/privacy
                endpoint: https://fjord-markets.example/handoffs
                notices: https://fjord-markets.example/notices
                secretFiles: [fjord.current, fjord.previous]
                priority: 1
                weight: 3
                local: false
                status: active
            """;
    private static final Map<String, String> SECRETS = Map.of(
            "fjord.current", Examples.SECRET + "\n",
            "fjord.previous", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvH",
            "not-a-secret", "hunter2");

    private static ParsedDirectory parse(String yaml) {
        return DirectoryParser.parse(
                yaml.getBytes(StandardCharsets.UTF_8), name -> Optional.ofNullable(SECRETS.get(name)), Examples.CODEC);
    }

    private static List<DirectoryProblem> problems(String yaml) {
        assertThat(parse(yaml)).isInstanceOf(ParsedDirectory.Invalid.class);
        return ((ParsedDirectory.Invalid) parse(yaml)).problems();
    }

    private static BrokerDirectory valid(String yaml) {
        assertThat(parse(yaml)).isInstanceOf(ParsedDirectory.Valid.class);
        return ((ParsedDirectory.Valid) parse(yaml)).directory();
    }

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

    @Test
    void a_secret_that_stands_for_a_name_is_not_shown() {
        String key = Examples.SECRET.substring("whsec_".length());
        assertThat(problems(VALID + "    " + Examples.SECRET + ": true\n").toString())
                .doesNotContain(key);
        assertThat(problems(VALID + Examples.SECRET + ": true\n").toString()).doesNotContain(key);
        assertThat(problems(VALID + "    caps: {hourly: 1, " + Examples.SECRET + ": 2}\n")
                        .toString())
                .doesNotContain(key);
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

    private static final String TERMS = """
                legalEntity: Fjord Markets AS, org. 912345678
                kind: broker
                caps: {hourly: 100, daily: 1000}
                hours: {zone: Europe/Oslo, open: ["Mon-Fri 08:00-18:00", "Sat,Sun 22:00-02:00"]}
                ping: true
            """;

    @Test
    void terms_are_read_and_published() {
        BrokerDirectory directory = valid(VALID + TERMS);
        Terms terms = directory.brokers().get(0).terms();
        assertThat(terms)
                .isEqualTo(new Terms(
                        Optional.of("Fjord Markets AS, org. 912345678"),
                        RecipientKind.BROKER,
                        OptionalInt.of(100),
                        OptionalInt.of(1000),
                        Optional.of("Europe/Oslo"),
                        List.of("Mon-Fri 08:00-18:00", "Sat,Sun 22:00-02:00"),
                        true));
        PublishedBroker published =
                directory.published(Examples.RECEIVED).getBrokers().get(0);
        assertThat(published.getLegalEntity()).isEqualTo("Fjord Markets AS, org. 912345678");
        assertThat(published.getHourlyCap()).isEqualTo(100);
        assertThat(published.getDailyCap()).isEqualTo(1000);
        assertThat(published.getZone()).isEqualTo("Europe/Oslo");
        assertThat(published.getHours())
                .isEqualTo(new OpeningHours("Europe/Oslo", List.of("Mon-Fri 08:00-18:00", "Sat,Sun 22:00-02:00")));
        assertThat(published.getPing()).isTrue();
        assertThat(published.getTransferBases()).containsExactly(new TransferBasis("CH", "ADEQUACY"));
        assertThat(published.getEndpoint()).isEqualTo("https://fjord-markets.example");
        assertThat(published.getNoticesEndpoint()).isEqualTo("https://fjord-markets.example");
        assertThat(BrokerFacts.of(directory.published(Examples.RECEIVED))).isEqualTo(directory.facts());
        assertThat(valid(VALID).brokers().get(0).terms()).isEqualTo(Terms.PLAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "Fjord Markets AS, org. 912345678; ' '; /brokers/0/legalEntity",
                "kind: broker; kind: bank; /brokers/0/kind",
                "hourly: 100; hourly: 0; /brokers/0/caps/hourly",
                "hourly: 100; hourly: 1.5; /brokers/0/caps/hourly",
                "daily: 1000; daily: many; /brokers/0/caps/daily",
                "hourly: 100; weekly: 100; /brokers/0/caps/weekly",
                "'{hourly: 100, daily: 1000}'; 100; /brokers/0/caps",
                "'{hourly: 100, daily: 1000}'; '{}'; /brokers/0/caps",
                "hourly: 100; zone: Europe/Paris; /brokers/0/caps/zone",
                "hourly: 100; zone: Nowhere; /brokers/0/caps/zone",
                "Europe/Oslo; Europe/Nowhere; /brokers/0/hours/zone",
                "'zone: Europe/Oslo, '; ''; /brokers/0/hours/zone",
                "Mon-Fri 08:00-18:00; Weekdays; /brokers/0/hours/open/0",
                "Mon-Fri 08:00-18:00; Mon-Fri 08:00-08:00; /brokers/0/hours/open/0",
                "Mon-Fri 08:00-18:00; Mon-Fri 8-18; /brokers/0/hours/open/0",
                "'[\"Mon-Fri 08:00-18:00\", \"Sat,Sun 22:00-02:00\"]'; '[]'; /brokers/0/hours/open",
                "ping: true; ping: sometimes; /brokers/0/ping",
            })
    void each_broken_term_is_reported_where_it_is_broken(String right, String wrong, String place) {
        assertThat(problems(VALID + TERMS.replace(right, wrong)))
                .extracting(DirectoryProblem::place)
                .contains(place);
    }

    @Test
    void the_zone_of_caps_is_that_of_the_hours_or_its_own_or_utc() {
        assertThat(zone("    caps: {hourly: 1, zone: Asia/Kolkata}\n")).isEqualTo("Asia/Kolkata");
        assertThat(zone("    caps: {hourly: 1}\n")).isEqualTo("Z");
        assertThat(zone("    caps: {hourly: 1}\n    hours: {zone: Europe/Oslo, open: [\"Mon 08:00-09:00\"]}\n"))
                .isEqualTo("Europe/Oslo");
    }

    private static String zone(String terms) {
        return valid(VALID + terms).facts().get(0).zone().getId();
    }

    @Test
    void a_secret_is_in_no_message_wherever_it_was_pasted() {
        String key = Examples.SECRET.substring("whsec_".length());
        Set<String> lines = new HashSet<>(List.of(
                "id: fjord-markets",
                "name: Fjord Markets AS",
                "[NO, SE, DK]",
                "[nb, en]",
                "default: EEA",
                "https://fjord-markets.example/privacy",
                "https://fjord-markets.example/handoffs",
                "fjord.current",
                "priority: 1",
                "local: false",
                "status: active"));
        for (String line : lines) {
            int colon = line.contains("://") ? -1 : line.indexOf(": ");
            String pasted = line.startsWith("[")
                    ? "[" + Examples.SECRET + "]"
                    : (colon < 0 ? "" : line.substring(0, colon + 2)) + Examples.SECRET;
            ParsedDirectory parsed = parse(VALID.replace(line, pasted));
            if (parsed instanceof ParsedDirectory.Invalid invalid) {
                assertThat(new InvalidDirectory(invalid.problems()).getMessage())
                        .doesNotContain(key);
            } else {
                assertThat(line).as("free text").startsWith("name");
            }
        }
        for (String yaml : List.of(
                VALID.replace("https://fjord-markets.example/handoffs", "https://user:hunter2@a.example/"),
                VALID.replace("fjord.previous", "not-a-secret"))) {
            assertThat(new InvalidDirectory(problems(yaml)).getMessage()).doesNotContain("hunter2");
        }
        assertThat(parse(VALID).toString()).doesNotContain(key);
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

    @Test
    void files_stand_relative_to_the_directory_file_and_what_is_no_path_is_a_problem(@TempDir Path directory)
            throws IOException {
        Files.createDirectory(directory.resolve("secrets"));
        PrivateFiles.write(directory.resolve("secrets/one"), Examples.SECRET);
        Path file = directory.resolve("brokers.yaml");
        Files.writeString(
                file, VALID.replace("[fjord.current, fjord.previous]", "[secrets/one]"), StandardCharsets.UTF_8);
        assertThat(DirectoryFile.read(file, Examples.CODEC)).isInstanceOf(ParsedDirectory.Valid.class);
        Files.writeString(file, VALID.replace("[fjord.current, fjord.previous]", "[\"a\\0b\"]"));
        assertThat(DirectoryFile.read(file, Examples.CODEC)).isInstanceOf(ParsedDirectory.Invalid.class);
        assertThat(DirectoryFile.read(directory.resolve("none"), Examples.CODEC))
                .isInstanceOf(ParsedDirectory.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw--w----", "rw-----w-", "rwx---r-x"})
    void a_secret_file_that_others_may_reach_is_refused_and_taken_as_soon_as_it_is_private(
            String mode, @TempDir Path directory) throws IOException {
        Path secret = PrivateFiles.write(directory.resolve("one"), Examples.SECRET);
        Path file = directory.resolve("brokers.yaml");
        Files.writeString(file, VALID.replace("[fjord.current, fjord.previous]", "[one]"));
        DirectoryFile.Reading before = DirectoryFile.reading(file, Examples.CODEC);
        assertThat(before.parsed()).isInstanceOf(ParsedDirectory.Valid.class);

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
        DirectoryFile.Reading exposed = DirectoryFile.reading(file, Examples.CODEC);
        assertThat(((ParsedDirectory.Invalid) exposed.parsed()).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo("/brokers/0/secretFiles/0");
                    assertThat(problem.line()).isEqualTo(10);
                    assertThat(problem.toString())
                            .contains("only this service can read", mode)
                            .doesNotContain(Examples.SECRET);
                });
        assertThat(exposed.contents()).as("a change of mode is a change").isNotEqualTo(before.contents());

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
        assertThat(DirectoryFile.reading(file, Examples.CODEC).contents()).isEqualTo(before.contents());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://fjord-markets.example/hooks/hunter2?t=hunter2",
                "ftp://fjord-markets.example/hooks/hunter2",
                "https://fjord-markets.example/hooks/hunter2#hunter2",
                "https://fjord-markets.example/hunter2 x",
                "https://user:hunter2@fjord-markets.example/",
                "https://fjord-markets.example:0/hunter2",
                "//fjord-markets.example/hunter2",
                "hunter2",
            })
    void no_problem_of_an_address_shows_its_path_or_query(String address) {
        assertThat(problems(VALID.replace("https://fjord-markets.example/handoffs", "\"" + address + "\"")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo("/brokers/0/endpoint");
                    assertThat(problem.toString()).doesNotContain("hunter2");
                });
    }
}
