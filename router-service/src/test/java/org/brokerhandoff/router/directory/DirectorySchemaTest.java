package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema and the parser, over the same directories. */
class DirectorySchemaTest {
    private static final String VALID = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                legalEntity: Fjord Markets AS, org. 912345678
                kind: broker
                countries: [NO, SE, DK]
                languages: [nb, en]
                transferBasis: {default: EEA, CH: ADEQUACY}
                privacyPolicy: https://fjord-markets.example/privacy
                cookiePolicy: https://fjord-markets.example/cookies
                contact: help@fjord-markets.example
                establishedIn: NO
                agreement: {reference: DPA 2026-17, validUntil: "2027-12-31"}
                role: controller
                authorization: {header: X-Api-Key, secretFile: fjord.header}
                endpoint: https://fjord-markets.example/handoffs
                notices: https://fjord-markets.example/notices
                secretFiles: [fjord.current]
                priority: 1
                weight: 3
                caps: {hourly: 100, daily: 1000}
                hours: {zone: Europe/Oslo, open: ["Mon-Fri 08:00-18:00"]}
                ping: true
                fields:
                  id: signupId
                  applicant.phone: {from: phone, as: digits, otherwise: none}
                  applicant.city: extra.city
                  source: {constant: website}
                local: false
                status: active
            """;
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(DirectorySchema.text(), InputFormat.JSON);
    private static final YAMLMapper YAML = new YAMLMapper();

    private static boolean schemaTakes(String yaml) throws IOException {
        JsonNode tree = YAML.readTree(yaml);
        return SCHEMA.validate(tree.toString(), InputFormat.JSON).isEmpty();
    }

    private static boolean parserTakes(String yaml) {
        return DirectoryParser.parse(
                        yaml.getBytes(StandardCharsets.UTF_8), name -> Optional.of(Examples.SECRET), Examples.CODEC)
                instanceof ParsedDirectory.Valid;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "weight: 3; weight: 3",
                "'[NO, SE, DK]'; '[\"*\"]'",
                "'    languages: [nb, en]\n'; ''",
                "constant: website; constant: 17",
                "as: digits, otherwise: none; as: e164",
                "'{hourly: 100, daily: 1000}'; '{daily: 1000000}'",
                "Mon-Fri 08:00-18:00; 'Mon-Wed,Sat 22:00-02:00'",
                "local: false; local: true",
                "status: active; status: paused",
                "priority: 1; priority: 0",
                "help@fjord-markets.example; https://fjord-markets.example/contact",
                "role: controller; role: joint-controller",
                "'    role: controller\n'; ''",
                "X-Api-Key; Authorization",
                "establishedIn: NO; establishedIn: SE",
            })
    void both_take_what_is_right(String some, String other) throws IOException {
        String yaml = VALID.replace(some, other);
        assertThat(parserTakes(yaml)).isTrue();
        assertThat(schemaTakes(yaml)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "id: fjord-markets; id: Fjord Markets",
                "name: Fjord Markets AS; name: ' '",
                "Fjord Markets AS, org. 912345678; ' '",
                "kind: broker; kind: bank",
                "'[NO, SE, DK]'; '[]'",
                "'[NO, SE, DK]'; '[Norway]'",
                "'[NO, SE, DK]'; NO",
                "'[nb, en]'; '[n]'",
                "'{default: EEA, CH: ADEQUACY}'; '{}'",
                "'{default: EEA, CH: ADEQUACY}'; '{Norway: EEA}'",
                "'{default: EEA, CH: ADEQUACY}'; '{default: because}'",
                "https://fjord-markets.example/privacy; http://fjord-markets.example/privacy",
                "https://fjord-markets.example/handoffs; http://fjord-markets.example/handoffs",
                "https://fjord-markets.example/notices; ftp://fjord-markets.example/notices",
                "'[fjord.current]'; '[]'",
                "priority: 1; priority: -1",
                "weight: 3; weight: 0",
                "weight: 3; weight: 2.5",
                "'{hourly: 100, daily: 1000}'; '{}'",
                "hourly: 100; hourly: 0",
                "hourly: 100; weekly: 100",
                "'zone: Europe/Oslo, '; ''",
                "'[\"Mon-Fri 08:00-18:00\"]'; '[]'",
                "Mon-Fri 08:00-18:00; Mon-Fri 8-18",
                "ping: true; ping: sometimes",
                "id: signupId; id: someId",
                "applicant.phone; applicant..phone",
                "extra.city; extra",
                "from: phone; form: phone",
                "constant: website; constant: [website]",
                "'constant: website'; 'constant: website, from: email'",
                "local: false; local: perhaps",
                "cookiePolicy: https; cookiePolicy: http",
                "help@fjord-markets.example; ask at the desk",
                "help@fjord-markets.example; help@localhost",
                "establishedIn: NO; establishedIn: Norway",
                "'reference: DPA 2026-17, '; ''",
                "DPA 2026-17; ' '",
                "', validUntil: \"2027-12-31\"'; ''",
                "2027-12-31; in a year",
                "2027-12-31; +12027-12-31",
                "validUntil; until",
                "role: controller; role: owner",
                "role: controller; role: CONTROLLER",
                "'header: X-Api-Key, '; ''",
                "X-Api-Key; X Api Key",
                "', secretFile: fjord.header'; ''",
                "'secretFile: fjord.header'; 'secret: abc'",
                "status: active; status: resting",
                "status: active; colour: blue",
                "'brokers:'; 'colour: blue\nbrokers:'",
            })
    void neither_takes_what_is_wrong(String right, String wrong) throws IOException {
        String yaml = VALID.replace(right, wrong.replace("\\n", "\n"));
        assertThat(parserTakes(yaml)).isFalse();
        assertThat(schemaTakes(yaml)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "brokers: []", "[]", "42", "brokers: [1]"})
    void neither_takes_what_has_no_brokers(String yaml) throws IOException {
        assertThat(parserTakes(yaml)).isFalse();
        assertThat(schemaTakes(yaml)).isFalse();
    }

    /** What only the router can know: the description of the schema says so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'SE, '; XQ, ",
                "Europe/Oslo; Europe/Nowhere",
                "Mon-Fri 08:00-18:00; Mon-Fri 08:00-08:00",
                "daily: 1000; zone: Europe/Paris",
                "kind: broker; kind: helpdesk",
                "'id: signupId'; 'id: email'",
                "applicant.city; applicant.phone.city",
                "as: digits; as: alpha-3",
            })
    void what_a_schema_cannot_know_the_parser_finds(String right, String wrong) throws IOException {
        String yaml = VALID.replace(right, wrong);
        assertThat(schemaTakes(yaml)).isTrue();
        assertThat(parserTakes(yaml)).isFalse();
    }

    @Test
    void the_schema_knows_every_member_that_the_parser_knows() throws IOException {
        JsonNode members = YAML.readTree(DirectorySchema.text()).at("/$defs/broker/properties");
        assertThat(TermsParser.MEMBERS).allMatch(members::has);
        assertThat(ProfileParser.MEMBERS).allMatch(members::has);
        assertThat(ConnectionParser.MEMBERS).allMatch(members::has);
    }
}
