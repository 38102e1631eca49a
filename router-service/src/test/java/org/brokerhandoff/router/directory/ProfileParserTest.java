package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a broker is, on which ground it gets data, and the header that its endpoints want. */
class ProfileParserTest {
    private static final String VALID = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                countries: [NO]
                transferBasis: {default: EEA}
                privacyPolicy: https://fjord-markets.example/privacy
                cookiePolicy: https://fjord-markets.example/cookies
                contact: help@fjord-markets.example
                establishedIn: NO
                agreement: {reference: Data sharing 2026-17, validUntil: "2027-01-31"}
                role: joint-controller
                hours: {zone: Europe/Oslo, open: ["Mon-Fri 08:00-18:00"]}
                endpoint: https://fjord-markets.example/handoffs
                authorization: {header: Authorization, secretFile: header}
                secretFiles: [secret]
            """;
    private static final String TOKEN = "Bearer s3cret-t0ken";
    private static final Map<String, String> FILES = Map.of(
            "secret",
            Examples.SECRET,
            "header",
            TOKEN + "\n",
            "other-header",
            "Bearer other",
            "two-lines",
            "Bearer a\r\nX-Injected: b",
            "empty",
            " \n",
            "not-ascii",
            "Bearer \u00e5");

    private static ParsedDirectory parse(String yaml) {
        return DirectoryParser.parse(
                yaml.getBytes(StandardCharsets.UTF_8), name -> Optional.ofNullable(FILES.get(name)), Examples.CODEC);
    }

    private static BrokerDirectory valid(String yaml) {
        ParsedDirectory parsed = parse(yaml);
        assertThat(parsed).describedAs("%s", parsed).isInstanceOf(ParsedDirectory.Valid.class);
        return ((ParsedDirectory.Valid) parsed).directory();
    }

    @Test
    void a_profile_is_read_and_published() {
        BrokerDirectory directory = valid(VALID);
        PublishedBroker published =
                directory.published(Examples.RECEIVED).getBrokers().get(0);

        assertThat(published.getCookiePolicy()).isEqualTo("https://fjord-markets.example/cookies");
        assertThat(published.getContact()).isEqualTo("help@fjord-markets.example");
        assertThat(published.getEstablishedIn()).isEqualTo("NO");
        assertThat(published.getAgreementTitle()).isEqualTo("Data sharing 2026-17");
        assertThat(published.getAgreementValidUntil()).isEqualTo(LocalDate.of(2027, 1, 31));
        assertThat(published.getRole()).isEqualTo(RecipientRole.JOINT_CONTROLLER);
    }

    @Test
    void a_broker_is_a_controller_and_a_helpdesk_a_processor_unless_said_otherwise() {
        String plain = VALID.replace("    role: joint-controller\n", "");
        assertThat(valid(plain).brokers().get(0).profile().role()).isEqualTo(RecipientRole.CONTROLLER);
        assertThat(valid(plain + "    kind: helpdesk\n")
                        .brokers()
                        .get(0)
                        .profile()
                        .role())
                .isEqualTo(RecipientRole.PROCESSOR);
        assertThat(parse(VALID + "    kind: helpdesk\n")).isInstanceOf(ParsedDirectory.Invalid.class);
    }

    /** The last day is a whole one where the broker is. */
    @Test
    void an_agreement_ends_with_its_last_day_by_the_clocks_of_the_brokers_zone() {
        BrokerDirectory directory = valid(VALID);
        Instant ends = Instant.parse("2027-01-31T23:00:00Z");

        assertThat(directory.facts().get(0).agreementEnds()).hasValue(ends);
        assertThat(directory.facts().get(0).agreementEnded(ends.minusMillis(1))).isFalse();
        assertThat(directory.facts().get(0).agreementEnded(ends)).isTrue();
        assertThat(directory.agreementsEnding(ends.minus(Duration.ofDays(30)).minusMillis(1)))
                .isEmpty();
        assertThat(directory.agreementsEnding(ends.minus(Duration.ofDays(30))))
                .containsExactly(Map.entry("fjord-markets", ends));
        assertThat(directory.agreementsEnding(ends.plus(Duration.ofDays(400)))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "https://fjord-markets.example/cookies; http://fjord-markets.example/cookies; /brokers/0/cookiePolicy",
                "https://fjord-markets.example/cookies; https://me:pw@fjord.example/; /brokers/0/cookiePolicy",
                "help@fjord-markets.example; call us; /brokers/0/contact",
                "help@fjord-markets.example; http://fjord-markets.example/; /brokers/0/contact",
                "establishedIn: NO; establishedIn: XX; /brokers/0/establishedIn",
                "establishedIn: NO; establishedIn: [NO]; /brokers/0/establishedIn",
                "Data sharing 2026-17; '\" \"'; /brokers/0/agreement/reference",
                "2027-01-31; 2027-02-30; /brokers/0/agreement/validUntil",
                "'\"2027-01-31\"'; 20270131; /brokers/0/agreement/validUntil",
                "2027-01-31; +122027-01-31; /brokers/0/agreement/validUntil",
                "'{reference: Data sharing 2026-17, validUntil: \"2027-01-31\"}'; none; /brokers/0/agreement",
                "validUntil; until; /brokers/0/agreement/until",
                "joint-controller; Controller; /brokers/0/role",
                "header: Authorization; header: Host; /brokers/0/authorization/header",
                "header: Authorization; header: Content-Length; /brokers/0/authorization/header",
                "header: Authorization; header: Webhook-Signature; /brokers/0/authorization/header",
                "header: Authorization; header: Idempotency-Key; /brokers/0/authorization/header",
                "header: Authorization; 'header: \"A\\nB\"'; /brokers/0/authorization/header",
                "secretFile: header; secretFile: missing; /brokers/0/authorization/secretFile",
                "secretFile: header; secretFile: two-lines; /brokers/0/authorization/secretFile",
                "secretFile: header; secretFile: empty; /brokers/0/authorization/secretFile",
                "secretFile: header; secretFile: not-ascii; /brokers/0/authorization/secretFile",
                "secretFile: header; value: abc; /brokers/0/authorization/value",
            })
    void what_is_wrong_is_named_with_its_place(String right, String wrong, String place) {
        ParsedDirectory parsed = parse(VALID.replace(right, wrong));
        assertThat(parsed).isInstanceOf(ParsedDirectory.Invalid.class);
        assertThat(((ParsedDirectory.Invalid) parsed).problems())
                .extracting(DirectoryProblem::place)
                .contains(place);
    }

    @Test
    void the_value_of_the_header_is_in_nothing_that_is_published_or_printed() {
        BrokerDirectory directory = valid(VALID);
        Broker broker = directory.brokers().get(0);

        assertThat(broker.connection().authorization().orElseThrow().value()).isEqualTo(TOKEN);
        assertThat(List.of(
                        broker.toString(),
                        broker.connection().toString(),
                        directory.toString(),
                        directory.published(Examples.RECEIVED).toString()))
                .noneMatch(text -> text.contains("s3cret"));
        assertThat(directory.published(Examples.RECEIVED).toString()).doesNotContain("secretFile", "header");
    }

    /** As a signing secret: used at once, published never. */
    @Test
    void another_value_leaves_the_digest_as_it_is_and_makes_another_connection() {
        BrokerDirectory before = valid(VALID);
        BrokerDirectory after = valid(VALID.replace("secretFile: header", "secretFile: other-header"));

        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(after.brokers().get(0).connection())
                .isNotEqualTo(before.brokers().get(0).connection());
    }

    @ParameterizedTest
    @ValueSource(strings = {"group readable", "owned by another user"})
    void a_header_file_that_others_may_read_is_refused(String reason) {
        ParsedDirectory parsed = DirectoryParser.parse(
                VALID.getBytes(StandardCharsets.UTF_8),
                new NamedFiles() {
                    @Override
                    public Optional<String> text(String name) {
                        return Optional.ofNullable(FILES.get(name));
                    }

                    @Override
                    public Optional<String> exposure(String name) {
                        return name.equals("header") ? Optional.of(reason) : Optional.empty();
                    }
                },
                Examples.CODEC);
        assertThat(((ParsedDirectory.Invalid) parsed).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo("/brokers/0/authorization/secretFile");
                    assertThat(problem.found()).isEqualTo(reason);
                });
    }
}
