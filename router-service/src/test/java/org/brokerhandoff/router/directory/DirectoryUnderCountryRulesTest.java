package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.PrivateFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory and the rules per country that it is used under: two files, one version. */
class DirectoryUnderCountryRulesTest {
    private static final String BROKERS = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                countries: ["*"]
                transferBasis: {default: EEA}
                privacyPolicy: https://fjord-markets.example/privacy
                endpoint: https://fjord-markets.example/handoffs
                secretFiles: [fjord.secret]
            """;
    private static final String RULES =
            "countries: {NO: {excludedRecipients: [fjord-markets]}, DE: {minimumAge: 16}}\n";

    @TempDir
    Path directory;

    private Path brokers;
    private Path countries;
    private final List<BrokerDirectory> published = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        brokers = Files.writeString(directory.resolve("brokers.yaml"), BROKERS);
        countries = Files.writeString(directory.resolve("countries.yaml"), RULES);
        PrivateFiles.write(directory.resolve("fjord.secret"), Examples.SECRET);
    }

    private DirectoryFile.Reading reading() {
        return DirectoryFile.reading(brokers, Optional.of(countries), Examples.CODEC);
    }

    private DirectoryWatch watch() {
        return new DirectoryWatch(this::reading, reading(), next -> {
            published.add(next);
            return CompletableFuture.completedFuture(null);
        });
    }

    private static List<String> excludedIn(BrokerDirectory version) {
        return version.published(java.time.Instant.EPOCH).getBrokers().stream()
                .map(PublishedBroker::getExcludedIn)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_is_published_says_which_countries_exclude_a_broker_and_decisions_go_by_that() {
        BrokerDirectory version = watch().get();
        assertThat(excludedIn(version)).containsExactly("NO");
        assertThat(version.facts("fjord-markets").orElseThrow().excludedIn()).containsExactly("NO");
        assertThat(version.digest())
                .isNotEqualTo(((ParsedDirectory.Valid) DirectoryFile.read(brokers, Examples.CODEC))
                        .directory()
                        .digest());
    }

    @Test
    void a_change_of_who_is_excluded_is_a_new_version_and_one_of_the_age_is_not() throws IOException {
        DirectoryWatch watch = watch();
        Files.writeString(countries, RULES.replace("16", "18"));
        watch.look();
        assertThat(published).isEmpty();
        assertThat(watch.get().countries().of(Optional.of("DE")).minimumAge()).contains(18);

        Files.writeString(countries, RULES.replace("NO", "SE"));
        watch.look();
        assertThat(published).hasSize(1);
        assertThat(excludedIn(watch.get())).containsExactly("SE");
        assertThat(DirectoryChanges.between(watch.get(), published.get(0))).isEmpty();
        assertThat(DirectoryChanges.between(
                        ((ParsedDirectory.Valid) DirectoryFile.read(brokers, Examples.CODEC)).directory(), watch.get()))
                .containsExactly("fjord-markets: excluded in");
    }

    @Test
    void the_problems_of_both_files_are_told_together_and_the_version_before_stays() throws IOException {
        DirectoryWatch watch = watch();
        Files.writeString(brokers, BROKERS.replace("EEA", "e e a"));
        Files.writeString(countries, RULES.replace("16", "99"));
        watch.look();
        assertThat(watch.problems())
                .extracting(DirectoryProblem::place)
                .containsExactly("/brokers/0/transferBasis/default", "countries.yaml /countries/DE/minimumAge");
        assertThat(excludedIn(watch.get())).containsExactly("NO");

        Files.writeString(brokers, BROKERS);
        watch.look();
        assertThat(watch.problems())
                .singleElement()
                .extracting(DirectoryProblem::found)
                .isEqualTo("99");

        Files.delete(countries);
        watch.look();
        assertThat(watch.problems())
                .singleElement()
                .extracting(DirectoryProblem::place)
                .isEqualTo("countries.yaml /");

        Files.writeString(countries, RULES);
        watch.look();
        assertThat(watch.problems()).isEmpty();
        assertThat(watch.warning()).isEmpty();
    }

    @Test
    void an_excluded_id_that_no_broker_has_is_told_since_it_excludes_nobody() throws IOException {
        DirectoryWatch watch = watch();
        Files.writeString(countries, RULES.replace("fjord-markets", "fjord-market"));
        watch.look();
        assertThat(watch.warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("fjord-market,"));
        assertThat(excludedIn(watch.get())).isEmpty();
    }
}
