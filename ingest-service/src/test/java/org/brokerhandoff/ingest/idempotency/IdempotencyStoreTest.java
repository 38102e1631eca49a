package org.brokerhandoff.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyStoreTest {
    private static final RequestMark MARK =
            new RequestMark(Digests.sha256("request"), Instant.parse("2026-11-22T11:59:00Z"));
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private volatile Instant now = NOON;

    @Test
    void a_key_is_reserved_once_and_found_again_after_a_restart() {
        UUID first = UUID.randomUUID();
        try (IdempotencyStore store = open()) {
            Reservation reservation = reserve(store, "key", first);
            assertThat(reservation.state()).isEqualTo(Reservation.State.NEW);
            Reservation repeated = reserve(store, "key", UUID.randomUUID());
            assertThat(repeated.state()).isEqualTo(Reservation.State.RESERVED);
            assertThat(repeated.signupId()).isEqualTo(first);
            store.noteSlot(reservation.id(), new SlotReference(7, 3));
            assertThat(reserve(store, "key", UUID.randomUUID()).slot()).hasValue(new SlotReference(7, 3));
            store.noteAccepted(reservation.id(), new SlotReference(7, 3));
        }
        try (IdempotencyStore store = open()) {
            Reservation later = reserve(store, "key", UUID.randomUUID());
            assertThat(later.state()).isEqualTo(Reservation.State.ACCEPTED);
            assertThat(later.signupId()).isEqualTo(first);
            assertThat(later.receivedAt()).isEqualTo(NOON);
            assertThat(later.eraseBy()).isEqualTo(NOON.plus(DAY));
        }
    }

    @Test
    void a_key_is_known_the_next_day_and_forgotten_the_day_after() {
        UUID first = UUID.randomUUID();
        try (IdempotencyStore store = open()) {
            reserve(store, "key", first);
            now = NOON.plus(DAY).plusSeconds(11 * 3600 + 3599);
            assertThat(reserve(store, "key", UUID.randomUUID()).signupId()).isEqualTo(first);
            now = NOON.plus(DAY.multipliedBy(2));
            assertThat(reserve(store, "key", UUID.randomUUID()).state()).isEqualTo(Reservation.State.NEW);
            Awaitility.await().untilAsserted(() -> assertThat(rows()).isEqualTo(1));
        }
    }

    @Test
    void the_day_key_of_the_day_before_yesterday_is_overwritten_in_place() throws IOException {
        byte[] first;
        try (IdempotencyStore store = open()) {
            reserve(store, "key", UUID.randomUUID());
            first = dayKeyFile();
        }
        now = NOON.plus(DAY.multipliedBy(2));
        try (IdempotencyStore store = open()) {
            reserve(store, "key", UUID.randomUUID());
        }
        byte[] second = dayKeyFile();
        assertThat(second).hasSameSizeAs(first);
        assertThat(contains(second, nonZeroRun(first))).isFalse();
        now = NOON.plus(DAY.multipliedBy(30));
        byte[] third;
        try (IdempotencyStore store = open()) {
            reserve(store, "key", UUID.randomUUID());
            third = dayKeyFile();
        }
        assertThat(contains(third, nonZeroRun(second))).isFalse();
    }

    @Test
    void neither_key_nor_client_is_stored() throws IOException {
        try (IdempotencyStore store = open()) {
            reserve(store, "a-recognisable-key", UUID.randomUUID());
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(content).doesNotContain("a-recognisable-key", "client");
            }
        }
    }

    @Test
    void many_reservations_are_served_together() {
        try (IdempotencyStore store = open()) {
            List<CompletableFuture<Reservation>> waiting = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                waiting.add(store.reserve("client", "key-" + i, UUID.randomUUID(), NOON, NOON.plus(DAY), MARK)
                        .toCompletableFuture());
            }
            assertThat(waiting)
                    .allSatisfy(each -> assertThat(each.join().state()).isEqualTo(Reservation.State.NEW));
        }
    }

    @Test
    void a_released_key_starts_afresh_and_a_renewed_one_keeps_its_signup() {
        try (IdempotencyStore store = open()) {
            Reservation first = reserve(store, "key", UUID.randomUUID());
            store.release(first.id());
            UUID second = UUID.randomUUID();
            Reservation again = reserve(store, "key", second);
            assertThat(again.state()).isEqualTo(Reservation.State.NEW);
            RequestMark other = new RequestMark(Digests.sha256("other"), NOON.plusSeconds(9));
            Reservation renewed = join(store.renew(again, NOON.plusSeconds(9), NOON.plusSeconds(99), other));
            assertThat(renewed.signupId()).isEqualTo(second);
            assertThat(again.request()).hasValue(MARK);
            Reservation later = reserve(store, "key", UUID.randomUUID());
            assertThat(later.receivedAt()).isEqualTo(NOON.plusSeconds(9));
            assertThat(later.request()).hasValue(other);
        }
    }

    @Test
    void a_file_of_the_version_before_is_taken_over() throws SQLException {
        UUID first = UUID.randomUUID();
        try (IdempotencyStore store = open()) {
            reserve(store, "key", first);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("idempotency.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE reservation DROP COLUMN request");
            statement.execute("ALTER TABLE reservation DROP COLUMN given_at");
        }
        try (IdempotencyStore store = open()) {
            Reservation found = reserve(store, "key", UUID.randomUUID());
            assertThat(found.signupId()).isEqualTo(first);
            assertThat(found.request()).isEmpty();
            assertThat(reserve(store, "another", UUID.randomUUID()).request()).hasValue(MARK);
        }
    }

    @Test
    void a_start_at_a_time_that_is_not_known_or_lies_back_neither_forgets_a_key_nor_makes_a_second_signup() {
        UUID yesterdays = UUID.randomUUID();
        UUID todays = UUID.randomUUID();
        try (IdempotencyStore store = open()) {
            reserve(store, "yesterday's", yesterdays);
            now = NOON.plus(DAY);
            reserve(store, "today's", todays);
        }
        for (Instant start : List.of(Instant.EPOCH, NOON.minus(DAY.multipliedBy(9)), NOON, NOON.plus(DAY))) {
            now = start;
            try (IdempotencyStore store = open()) {
                assertThat(join(store.find("client", "yesterday's")).map(Reservation::signupId))
                        .as("start at %s", start)
                        .hasValue(yesterdays);
                assertThat(reserve(store, "today's", UUID.randomUUID()).signupId())
                        .isEqualTo(todays);
                now = NOON.plus(DAY);
                assertThat(reserve(store, "yesterday's", UUID.randomUUID()).signupId())
                        .isEqualTo(yesterdays);
            }
        }
    }

    @Test
    void a_new_file_at_a_time_that_is_not_known_knows_nothing_and_goes_on_when_it_is() {
        now = Instant.EPOCH;
        try (IdempotencyStore store = open()) {
            assertThat(join(store.find("client", "key"))).isEmpty();
            now = NOON;
            UUID first = UUID.randomUUID();
            assertThat(reserve(store, "key", first).state()).isEqualTo(Reservation.State.NEW);
            assertThat(reserve(store, "key", UUID.randomUUID()).signupId()).isEqualTo(first);
        }
    }

    @Test
    void a_file_in_use_is_refused() {
        try (IdempotencyStore store = open()) {
            reserve(store, "key", UUID.randomUUID());
            assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
        }
    }

    private IdempotencyStore open() {
        return IdempotencyStore.open(directory.resolve("idempotency.db"), () -> now);
    }

    private Reservation reserve(IdempotencyStore store, String key, UUID id) {
        return join(store.reserve("client", key, id, NOON, NOON.plus(DAY), MARK));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private int rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("idempotency.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM reservation")) {
            return row.getInt(1);
        }
    }

    private byte[] dayKeyFile() throws IOException {
        return Files.readAllBytes(directory.resolve("idempotency.db.day-keys"));
    }

    /** The key bytes of whichever place holds one. */
    private static byte[] nonZeroRun(byte[] file) {
        for (int place = 0; place + 44 <= file.length; place += 44) {
            byte[] key = Arrays.copyOfRange(file, place + 8, place + 40);
            if (!Arrays.equals(key, new byte[32])) {
                return key;
            }
        }
        throw new IllegalStateException("no key");
    }

    private static boolean contains(byte[] file, byte[] part) {
        return new String(file, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }
}
