package org.brokerhandoff.custody.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedTimeTest {
    @TempDir
    private Path directory;

    private Path slotFile;
    private volatile Duration wallError = Duration.ZERO;
    private volatile UUID boot = new UUID(7, 7);
    private final HostClock clock = () -> {
        ClockReading real = HostClock.system().read();
        return new ClockReading(real.wall().plus(wallError), boot, real.sinceBoot());
    };

    @BeforeEach
    void name() {
        slotFile = directory.resolve("new/custody.slots");
    }

    @Test
    void the_first_start_is_confirmed_by_kafka_and_the_next_by_the_boot_clock() {
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            assertThat(time.state().confirmed()).isFalse();
            assertThat(time.expiryBound()).isEqualTo(Instant.EPOCH);
            agree(time);
            assertThat(time.expiryBound()).isCloseTo(now(), within(1, ChronoUnit.SECONDS));
        }
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            assertThat(time.state().agrees()).isTrue();
        }
    }

    @Test
    void time_runs_on_through_jumps_and_says_what_it_thinks_of_them() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            agree(time);
            time.onChange(state -> heard.add(state.verdict().code()));
            for (Duration jump : List.of(Duration.ofMinutes(40), Duration.ofMinutes(-40), Duration.ofDays(2))) {
                wallError = jump;
                await().until(() -> !time.state().agrees());
                assertThat(time.instant()).isCloseTo(now(), within(1, ChronoUnit.SECONDS));
                wallError = Duration.ZERO;
                await().until(() -> time.state().agrees());
                assertThat(time.instant()).isCloseTo(now(), within(1, ChronoUnit.SECONDS));
            }
        }
        assertThat(heard)
                .containsExactly(
                        "clock-stepped-ahead",
                        "clock-agrees",
                        "clock-stepped-back",
                        "clock-agrees",
                        "clock-stepped-ahead",
                        "clock-agrees");
    }

    @Test
    void a_jump_while_nothing_runs_is_found_at_the_start_and_an_operator_may_confirm_it() {
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            agree(time);
        }
        wallError = Duration.ofDays(2);
        assertThat(TrustedTime.look(slotFile, clock).verdict().code()).isEqualTo("clock-stepped-ahead");
        try (TrustedTime time = TrustedTime.start(slotFile, clock);
                TrustedTime other = TrustedTime.start(slotFile, clock)) {
            assertThat(time.state().agrees()).isFalse();
            assertThat(time.instant()).isCloseTo(now(), within(1, ChronoUnit.SECONDS));
            TrustedTime.confirm(slotFile, clock, 1007);
            await().until(() -> time.state().agrees() && other.state().agrees());
            assertThat(time.instant()).isCloseTo(now().plus(wallError), within(1, ChronoUnit.SECONDS));
            assertThat(other.instant()).isCloseTo(now().plus(wallError), within(1, ChronoUnit.SECONDS));
        }
        assertThat(TrustedTime.look(slotFile, clock).agrees()).isTrue();
    }

    @Test
    void after_a_reboot_nothing_is_believed_that_lies_days_ahead() {
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            agree(time);
        }
        boot = new UUID(8, 8);
        wallError = Duration.ofDays(2);
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            observe(time, now().plus(wallError));
            observe(time, now().plus(wallError));
            assertThat(time.state().confirmed()).isFalse();
            assertThat(time.expiryBound()).isBefore(now().plusSeconds(1));
        }
    }

    @Test
    void the_file_is_its_owners_and_what_does_not_read_as_a_mark_counts_as_none() throws IOException {
        try (TrustedTime time = TrustedTime.start(slotFile, clock)) {
            agree(time);
        }
        Path file = TimeFile.of(slotFile);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] damaged = good.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThat(TrustedTime.look(slotFile, clock).verdict())
                    .as("byte %d", i)
                    .isInstanceOfSatisfying(
                            ClockVerdict.Unconfirmed.class,
                            verdict -> assertThat(verdict.reason()).isEqualTo(ClockVerdict.Reason.NO_MARK));
        }
        Files.write(file, java.util.Arrays.copyOf(good, 20));
        assertThat(TrustedTime.look(slotFile, clock).confirmed()).isFalse();
    }

    @Test
    void this_host_has_a_boot_clock_that_runs_as_the_wall_clock_does() {
        HostClock system = HostClock.system();
        ClockReading first = system.read();
        await().until(() -> system.read().wall().isAfter(first.wall().plusMillis(300)));
        ClockReading second = system.read();
        assertThat(second.boot()).isEqualTo(first.boot());
        assertThat(second.since(first.sinceBoot()))
                .isCloseTo(Duration.between(first.wall(), second.wall()), Duration.ofMillis(200));
    }

    private static Instant now() {
        return Instant.now();
    }

    private void agree(TrustedTime time) {
        observe(time, now().plus(wallError));
        await().until(() -> time.state().agrees());
    }

    /** As soon as an append time is wanted. */
    private static void observe(TrustedTime time, Instant appendedAt) {
        await().until(() -> {
            TrustedTime.Sending sending = time.sending();
            sending.appended(appendedAt);
            return sending.observed();
        });
    }
}
