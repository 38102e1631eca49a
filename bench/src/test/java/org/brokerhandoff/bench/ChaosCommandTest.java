package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ChaosCommandTest {
    private final ChaosPace pace = new ChaosPace(Duration.ofSeconds(30), Duration.ofSeconds(40));

    @Test
    void times_stay_within_their_bounds_and_some_stops_outlast_a_session() {
        Random random = new Random(1);
        int outlasting = 0;
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.pause(random)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(30));
            assertThat(pace.absence(random)).isBetween(Duration.ofMillis(100), Duration.ofSeconds(20));
            Duration stop = pace.stop(random);
            assertThat(stop).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(40));
            outlasting += stop.compareTo(Duration.ofSeconds(10)) > 0 ? 1 : 0;
        }
        assertThat(outlasting).isGreaterThan(500);
    }

    @Test
    void the_same_seed_draws_the_same_times() {
        assertThat(pace.stop(new Random(7))).isEqualTo(pace.stop(new Random(7)));
    }

    @Test
    void a_stepped_clock_tells_services_by_how_many_milliseconds(@TempDir Path directory) throws Exception {
        SteppedClock clock = new SteppedClock(directory.resolve("clock"));
        Path file = Path.of(clock.javaOption().substring(clock.javaOption().indexOf('=') + 1));
        assertThat(Files.readString(file)).isEqualTo("0");
        clock.step(Duration.ofMinutes(-40));
        assertThat(Files.readString(file)).isEqualTo("-2400000");
    }

    @Test
    void impossible_options_are_refused_before_anything_starts() {
        CommandLine command = new CommandLine(new ChaosCommand());
        assertThat(command.execute("--brokers", "2")).isEqualTo(2);
        assertThat(command.execute("--minutes", "0")).isEqualTo(2);
        assertThat(command.execute("--rate", "-1")).isEqualTo(2);
    }
}
