package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.directory.DirectoryTexts.VALID;
import static org.brokerhandoff.router.directory.DirectoryTexts.problems;
import static org.brokerhandoff.router.directory.DirectoryTexts.valid;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.TransferBasis;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.routing.BrokerFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryTermsTest {
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
}
