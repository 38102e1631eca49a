package org.brokerhandoff.ingest.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.ingest.publish.OperatorEvents;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorFileTest {
    private static final Path FILE = Path.of("operator.yaml");
    private static final String VALID = """
            name: Portal AS
            address: Storgata 1, 0155 Oslo
            contact: privacy@portal.example
            dataProtectionOfficer: https://portal.example/dpo
            jurisdiction: NO
            processors:
              - {name: Hosting AB, purpose: servers, country: SE}
              - {name: Desk OY, purpose: answers to messages, country: FI}
            notices: {privacy: https://portal.example/privacy, cookies: https://portal.example/cookies}
            extraMembers: [city, referral_code]
            """;

    private static Operator parse(String yaml) {
        return OperatorFile.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_operator_is_read() {
        Operator operator = parse(VALID);
        assertThat(operator.name()).isEqualTo("Portal AS");
        assertThat(operator.jurisdiction()).isEqualTo("NO");
        assertThat(operator.storageCountries()).containsExactly("FI", "NO", "SE");
        assertThat(operator.website().notices())
                .isEqualTo(Map.of(
                        DocumentKind.PRIVACY,
                        "https://portal.example/privacy",
                        DocumentKind.COOKIES,
                        "https://portal.example/cookies"));
    }

    @Test
    void without_a_list_any_free_member_is_taken_and_with_an_empty_one_none() {
        assertThat(parse(VALID).website().extraMembers()).hasValue(Set.of("city", "referral_code"));
        assertThat(parse(VALID.replace("[city, referral_code]", "[]")).website().extraMembers())
                .hasValue(Set.of());
        assertThat(parse(VALID.replace("extraMembers: [city, referral_code]\n", ""))
                        .website()
                        .extraMembers())
                .isEmpty();
    }

    @Test
    void a_version_is_named_by_its_content_alone() {
        EventCodec codec = new EventCodec();
        OperatorPublished one = OperatorEvents.published(parse(VALID), java.time.Instant.EPOCH, codec);
        OperatorPublished again = OperatorEvents.published(parse(VALID), java.time.Instant.EPOCH.plusSeconds(1), codec);
        OperatorPublished other =
                OperatorEvents.published(parse(VALID.replace("servers", "backups")), java.time.Instant.EPOCH, codec);

        assertThat(again.getDigest()).isEqualTo(one.getDigest());
        assertThat(other.getDigest()).isNotEqualTo(one.getDigest());
        assertThat(codec.encode(one)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "Portal AS; '\" \"'; /name",
                "name: Portal AS; named: Portal AS; /named",
                "name: Portal AS; named: Portal AS; /name",
                "privacy@portal.example; ask at the desk; /contact",
                "privacy@portal.example; http://portal.example/; /contact",
                "https://portal.example/dpo; Kari Nordmann; /dataProtectionOfficer",
                "jurisdiction: NO; jurisdiction: Norway; /jurisdiction",
                "country: SE; country: XX; /processors/0/country",
                "purpose: servers; purposes: servers; /processors/0/purpose",
                "'{name: Hosting AB, purpose: servers, country: SE}'; hosting; /processors/0",
                "'notices: {'; 'notices: {imprint: https://x.example, '; /notices/imprint",
                "referral_code; referral-code; /extraMembers/1",
                "referral_code; city; /extraMembers/1",
                "'[city, referral_code]'; city; /extraMembers",
                "https://portal.example/cookies; ftp://portal.example/; /notices/cookies",
                "https://portal.example/cookies; https://u:p@portal.example/; /notices/cookies",
            })
    void what_is_wrong_is_named_by_its_place_and_never_quoted(String right, String wrong, String place) {
        assertThatThrownBy(() -> parse(VALID.replace(right, wrong)))
                .isInstanceOf(InvalidOperator.class)
                .hasMessageContaining(place + ": ")
                .message()
                .doesNotContain("Kari", "u:p");
    }

    @Test
    void all_problems_are_told_at_once() {
        assertThatThrownBy(() -> parse("name: ''\ncontact: x\njurisdiction: ZZ\ncolour: blue\n"))
                .isInstanceOf(InvalidOperator.class)
                .hasMessageContainingAll("/name", "/address", "/contact", "/jurisdiction", "/colour");
        assertThatThrownBy(() -> parse("- a\n")).isInstanceOf(InvalidOperator.class);
        assertThatThrownBy(() -> parse("")).isInstanceOf(InvalidOperator.class);
        assertThatThrownBy(() -> OperatorFile.read(Path.of("not-there.yaml"))).isInstanceOf(InvalidOperator.class);
    }
}
