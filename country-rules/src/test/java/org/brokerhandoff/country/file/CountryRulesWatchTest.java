package org.brokerhandoff.country.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.operations.health.Health;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountryRulesWatchTest {
    private static final Optional<String> NORWAY = Optional.of("NO");

    @TempDir
    Path directory;

    private Path file;
    private final List<CountryRules> published = new ArrayList<>();
    private CompletionStage<?> acknowledgement = CompletableFuture.completedStage(null);

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("countries.yaml");
        write(18);
    }

    private void write(int age) throws IOException {
        Files.writeString(file, "countries: {NO: {minimumAge: " + age + "}}\n");
    }

    private CountryRulesWatch watch() {
        return watch(Optional.of(file));
    }

    private CountryRulesWatch watch(Optional<Path> watched) {
        return new CountryRulesWatch(watched, rules -> {
            published.add(rules);
            return acknowledgement;
        });
    }

    private static Optional<Integer> age(CountryRulesWatch watch) {
        return watch.inForce().orElseThrow().of(NORWAY).minimumAge();
    }

    private static Health health(CountryRulesWatch watch) {
        return watch.health().check();
    }

    @Test
    void no_version_is_in_force_before_its_publication_is_acknowledged_not_even_the_first() throws IOException {
        CompletableFuture<Void> pending = new CompletableFuture<>();
        acknowledgement = pending;
        CountryRulesWatch watch = watch();
        assertThat(watch.inForce()).isEmpty();
        watch.look();
        watch.look();
        assertThat(watch.inForce()).isEmpty();
        assertThat(published).hasSize(1);
        pending.complete(null);
        assertThat(age(watch)).contains(18);

        CompletableFuture<Void> second = new CompletableFuture<>();
        acknowledgement = second;
        write(21);
        watch.look();
        assertThat(age(watch)).contains(18);
        second.complete(null);
        assertThat(age(watch)).contains(21);
        assertThat(published).hasSize(2);
    }

    @Test
    void a_publication_that_fails_is_made_again() {
        acknowledgement = CompletableFuture.failedStage(new IllegalStateException("Kafka is away"));
        CountryRulesWatch watch = watch();
        watch.look();
        assertThat(watch.inForce()).isEmpty();
        acknowledgement = CompletableFuture.completedStage(null);
        watch.look();
        assertThat(age(watch)).contains(18);
    }

    @Test
    void a_publisher_that_throws_stops_nothing() {
        CountryRulesWatch watch = new CountryRulesWatch(Optional.of(file), rules -> {
            published.add(rules);
            throw new IllegalStateException("closed");
        });
        watch.look();
        watch.look();
        assertThat(published).hasSize(2);
    }

    @Test
    void a_version_with_problems_leaves_the_one_before_in_force_and_health_says_so_until_it_is_mended()
            throws IOException {
        CountryRulesWatch watch = watch();
        watch.look();
        for (String wrong : List.of("countries: {NO: {minimumAge: 99}}\n", "", "countries: [")) {
            Files.writeString(file, wrong);
            watch.look();
            assertThat(age(watch)).contains(18);
            assertThat(health(watch)).isInstanceOf(Health.Impaired.class);
        }
        Files.delete(file);
        watch.look();
        assertThat(health(watch)).isInstanceOf(Health.Impaired.class);
        write(18);
        watch.look();
        assertThat(health(watch)).isInstanceOf(Health.Healthy.class);
        assertThat(published).hasSize(1);
    }

    @Test
    void a_version_that_comes_back_is_published_anew() throws IOException {
        CountryRulesWatch watch = watch();
        for (int age : new int[] {18, 21, 18}) {
            write(age);
            watch.look();
            assertThat(age(watch)).contains(age);
        }
        assertThat(published).hasSize(3);
    }

    @Test
    void without_a_file_the_service_says_that_there_are_no_rules() {
        CountryRulesWatch watch = watch(Optional.empty());
        watch.look();
        watch.look();
        assertThat(watch.inForce()).contains(CountryRules.NONE);
        assertThat(published).containsExactly(CountryRules.NONE);
    }

    @Test
    void a_start_with_a_wrong_file_fails() throws IOException {
        Files.writeString(file, "countries: {NO: {minimumAge: 99}}\n");
        assertThatThrownBy(this::watch).isInstanceOf(InvalidCountryRules.class).hasMessageContaining("minimumAge");
    }
}
