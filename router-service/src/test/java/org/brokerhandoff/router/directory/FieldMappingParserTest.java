package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldMappingParserTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final List<DirectoryProblem> problems = new ArrayList<>();

    private FieldMapping parse(String yaml) throws IOException {
        return FieldMappingParser.parse(YAML.readTree(yaml), "/fields", problems);
    }

    @Test
    void a_mapping_becomes_the_tree_of_the_body_in_the_order_of_the_directory() throws IOException {
        FieldMapping mapping = parse("""
                        lead.id: signupId
                        source: {constant: broker-handoff}
                        lead.phone: {from: phone, as: double-zero, otherwise: "none"}
                        lead.address.city: extra.city
                        version: {constant: 2}
                        """);
        assertThat(problems).isEmpty();
        assertThat(mapping.canonical()).isEqualTo("""
                        lead.id\tsignupId\tas-is\t\s
                        lead.phone\tphone\tdouble-zero\t"none"
                        lead.address.city\textra.city\tas-is\t\s
                        source\tconstant\t\t"broker-handoff"
                        version\tconstant\t\t2
                        """.replace("\t ", "\t"));
    }

    @Test
    void no_mapping_has_no_digest_and_every_change_of_one_changes_it() throws IOException {
        assertThat(FieldMappingParser.parse(null, "/fields", problems)).isEqualTo(FieldMapping.NONE);
        assertThat(FieldMapping.NONE.digest()).isEmpty();
        assertThat(List.of(
                                parse("{id: signupId}"),
                                parse("{Id: signupId}"),
                                parse("{id: signupId, p: phone}"),
                                parse("{p: phone, id: signupId}"),
                                parse("{id: signupId, p: {from: phone, as: digits}}"),
                                parse("{id: signupId, p: {from: phone, otherwise: \"0\"}}"),
                                parse("{id: signupId, p: {constant: phone}}"),
                                parse("{id: signupId, p: {constant: \"0\"}}"),
                                parse("{id: signupId, p: {constant: 0}}"))
                        .stream()
                        .map(mapping -> mapping.digest().orElseThrow())
                        .distinct())
                .hasSize(9);
        assertThat(problems).isEmpty();
    }

    @Test
    void all_problems_are_reported_at_once_each_with_its_place() throws IOException {
        parse("""
                id: signupId
                a: surname
                b: extra
                c: {from: phone, as: roman}
                d: {from: email, as: digits}
                e: {from: phone, constant: x}
                f: {as: digits}
                g: {from: phone, otherwise: 7}
                h: {constant: {deep: 1}}
                i: {constant: 1e999}
                j: {from: phone, format: digits}
                k: 3
                "l..m": email
                id.more: email
                n.o: email
                n: email
                """);
        assertThat(problems.stream().map(DirectoryProblem::place))
                .containsExactlyInAnyOrder(
                        "/fields/a",
                        "/fields/b",
                        "/fields/c/as",
                        "/fields/d/as",
                        "/fields/e",
                        "/fields/f",
                        "/fields/g/otherwise",
                        "/fields/h/constant",
                        "/fields/i/constant",
                        "/fields/j/format",
                        "/fields/k",
                        "/fields/l..m",
                        "/fields/id.more",
                        "/fields/n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                              | must be 1 to 100 targets
                    []                                              | must be 1 to 100 targets
                    {mail: email}                                   | must send signupId to some target
                    {a.b.c.d.e.f.g.h.i: signupId}                   | a target must be 1 to 8 names
                    {id: signupId, x: whsec_MfKQ9r8GKYqrTwjUPD8}    | a secret
                    {id: signupId, x: {constant: ["a"]}}            | must be a text
                    """)
    void what_cannot_be_a_mapping_is_refused(String yaml, String said) throws IOException {
        assertThat(parse(yaml)).isEqualTo(FieldMapping.NONE);
        assertThat(problems).singleElement().asString().contains(said).doesNotContain("MfKQ");
    }

    @Test
    void the_digest_is_published_with_the_directory_and_makes_another_version_of_it() throws IOException {
        Broker plain = Examples.broker("fjord");
        Broker mapped = Examples.mapped(plain, parse("{id: signupId}"));
        assertThat(Examples.directory(mapped).digest())
                .isNotEqualTo(Examples.directory(plain).digest());
        assertThat(Examples.directory(mapped)
                        .published(Examples.RECEIVED)
                        .getBrokers()
                        .get(0)
                        .getMappingDigest())
                .isEqualTo(mapped.fields().digest().orElseThrow());
    }

    @Test
    void a_directory_is_read_with_its_mapping_and_with_the_mappings_problems() {
        String yaml = """
                brokers:
                  - id: fjord
                    name: Fjord
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://fjord.example/privacy
                    endpoint: https://fjord.example/handoffs
                    secretFiles: [s]
                    fields: {id: signupId, tel: {from: phone, as: FORM}}
                """;
        assertThat(DirectoryParser.parse(
                        yaml.replace("FORM", "national").getBytes(StandardCharsets.UTF_8),
                        name -> java.util.Optional.of(Examples.SECRET),
                        Examples.CODEC))
                .isInstanceOfSatisfying(
                        ParsedDirectory.Valid.class,
                        valid -> assertThat(valid.directory()
                                        .brokers()
                                        .get(0)
                                        .fields()
                                        .members())
                                .hasSize(2));
        assertThat(DirectoryParser.parse(
                        yaml.replace("FORM", "none").getBytes(StandardCharsets.UTF_8),
                        name -> java.util.Optional.empty(),
                        Examples.CODEC))
                .isInstanceOfSatisfying(
                        ParsedDirectory.Invalid.class,
                        invalid -> assertThat(invalid.problems().stream().map(DirectoryProblem::place))
                                .containsExactlyInAnyOrder("/brokers/0/secretFiles/0", "/brokers/0/fields/tel/as"));
    }
}
