package org.brokerhandoff.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyJournalTest {
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
        try (IdempotencyJournal journal = open()) {
            Reservation reservation = reserve(journal, "key", first);
            assertThat(reservation.state()).isEqualTo(Reservation.State.NEW);
            Reservation repeated = reserve(journal, "key", UUID.randomUUID());
            assertThat(repeated.state()).isEqualTo(Reservation.State.RESERVED);
            assertThat(repeated.signupId()).isEqualTo(first);
            journal.noteSlot(reservation, new SlotReference(7, 3));
            assertThat(reserve(journal, "key", UUID.randomUUID()).slot()).hasValue(new SlotReference(7, 3));
            journal.noteAccepted(reservation, Optional.of(new SlotReference(7, 3)));
        }
        try (IdempotencyJournal journal = open()) {
            Reservation later = reserve(journal, "key", UUID.randomUUID());
            assertThat(later.state()).isEqualTo(Reservation.State.ACCEPTED);
            assertThat(later.signupId()).isEqualTo(first);
            assertThat(later.receivedAt()).isEqualTo(NOON);
            assertThat(later.eraseBy()).isEqualTo(NOON.plus(DAY));
        }
    }

    @Test
    void a_key_is_known_the_next_day_and_forgotten_the_day_after() {
        UUID first = UUID.randomUUID();
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", first);
            now = NOON.plus(DAY).plusSeconds(11 * 3600 + 3599);
            assertThat(reserve(journal, "key", UUID.randomUUID()).signupId()).isEqualTo(first);
            now = NOON.plus(DAY.multipliedBy(2));
            assertThat(reserve(journal, "key", UUID.randomUUID()).state()).isEqualTo(Reservation.State.NEW);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(dayFiles())
                            .containsExactly("idempotency.db.2026-11-23", "idempotency.db.2026-11-24"));
        }
    }

    @Test
    void the_day_key_of_the_day_before_yesterday_is_overwritten_in_place() throws IOException {
        byte[] first;
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", UUID.randomUUID());
            first = dayKeyFile();
        }
        now = NOON.plus(DAY.multipliedBy(2));
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", UUID.randomUUID());
        }
        byte[] second = dayKeyFile();
        assertThat(second).hasSameSizeAs(first);
        assertThat(contains(second, nonZeroRun(first))).isFalse();
        now = NOON.plus(DAY.multipliedBy(30));
        byte[] third;
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", UUID.randomUUID());
            third = dayKeyFile();
        }
        assertThat(contains(third, nonZeroRun(second))).isFalse();
    }

    @Test
    void neither_key_nor_client_is_stored() throws IOException {
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "a-recognisable-key", UUID.randomUUID());
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(content).doesNotContain("a-recognisable-key", "client");
            }
        }
    }

    @Test
    void a_released_key_starts_afresh_and_a_renewed_one_keeps_its_signup() {
        try (IdempotencyJournal journal = open()) {
            Reservation first = reserve(journal, "key", UUID.randomUUID());
            journal.release(first);
            UUID second = UUID.randomUUID();
            Reservation again = reserve(journal, "key", second);
            assertThat(again.state()).isEqualTo(Reservation.State.NEW);
            RequestMark other = new RequestMark(Digests.sha256("other"), NOON.plusSeconds(9));
            Reservation renewed = journal.renew(again, NOON.plusSeconds(9), NOON.plusSeconds(99), other);
            assertThat(renewed.signupId()).isEqualTo(second);
            assertThat(again.request()).hasValue(MARK);
            Reservation later = reserve(journal, "key", UUID.randomUUID());
            assertThat(later.receivedAt()).isEqualTo(NOON.plusSeconds(9));
            assertThat(later.request()).hasValue(other);
        }
    }

    @Test
    void a_reservation_is_durable_after_a_sync_that_began_after_it() {
        try (IdempotencyJournal journal = open()) {
            Reservation first = reserve(journal, "first", UUID.randomUUID());
            assertThatThrownBy(() -> journal.requireDurable(first)).isInstanceOf(IdempotencyFailed.class);
            journal.sync();
            Reservation second = reserve(journal, "second", UUID.randomUUID());
            journal.requireDurable(first);
            assertThatThrownBy(() -> journal.requireDurable(second)).isInstanceOf(IdempotencyFailed.class);
            now = NOON.plus(DAY);
            reserve(journal, "third", UUID.randomUUID());
            journal.sync();
            journal.requireDurable(second);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_the_version_before_left_is_taken_over_once(boolean killedOnTheWay) throws Exception {
        UUID accepted = UUID.randomUUID();
        UUID reserved = UUID.randomUUID();
        UUID yesterdays = UUID.randomUUID();
        UUID old = UUID.randomUUID();
        Path file = directory.resolve("idempotency.db");
        try (DayKeys keys = DayKeys.open(directory.resolve("idempotency.db.day-keys"), new SecureRandom())) {
            FormerFile former = new FormerFile(file);
            long today = LocalDate.ofInstant(NOON, ZoneOffset.UTC).toEpochDay();
            keys.turnTo(today - 2);
            former.insert(today - 2, keys.today("client", "old"), old, 0, false);
            keys.turnTo(today - 1);
            former.insert(today - 1, keys.today("client", "yesterday's"), yesterdays, 1, true);
            keys.turnTo(today);
            former.insert(today, keys.today("client", "accepted"), accepted, 1, true);
            former.insert(today, keys.today("client", "reserved"), reserved, 0, false);
        }
        byte[] before = Files.readAllBytes(file);
        for (int start = 0; start < 2; start++) {
            try (IdempotencyJournal journal = open()) {
                Reservation found = reserve(journal, "accepted", UUID.randomUUID());
                assertThat(found.state()).isEqualTo(Reservation.State.ACCEPTED);
                assertThat(found.signupId()).isEqualTo(accepted);
                assertThat(found.slot()).hasValue(new SlotReference(7, 3));
                assertThat(found.request()).hasValue(MARK);
                assertThat(found.eraseBy()).isEqualTo(NOON.plus(DAY));
                assertThat(reserve(journal, "yesterday's", UUID.randomUUID()).signupId())
                        .isEqualTo(yesterdays);
                Reservation open = reserve(journal, "reserved", UUID.randomUUID());
                assertThat(open.signupId()).isEqualTo(reserved);
                assertThat(open.state()).isEqualTo(Reservation.State.RESERVED);
                assertThat(open.slot()).isEmpty();
                assertThat(open.request()).isEmpty();
                assertThat(journal.find("client", "old")).isEmpty();
                assertThat(file).isNotEmptyFile().content().startsWith("The idempotency journal");
                assertThat(directory.resolve("idempotency.db-wal")).doesNotExist();
            }
            if (killedOnTheWay) {
                Files.write(file, before);
            }
        }
    }

    @Test
    void a_file_that_is_neither_of_this_version_nor_of_the_one_before_is_refused_and_kept() throws IOException {
        Path file = directory.resolve("idempotency.db");
        Files.writeString(
                file, "an unrelated file, longer than the header of a database, which has a hundred bytes at least");
        assertThatThrownBy(this::open).isInstanceOf(IdempotencyFailed.class).hasMessageContaining("move it away");
        assertThat(file).exists();
    }

    @Test
    void a_day_file_whose_day_key_is_gone_is_refused() throws IOException {
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", UUID.randomUUID());
        }
        Files.delete(directory.resolve("idempotency.db.day-keys"));
        assertThatThrownBy(this::open).isInstanceOf(IdempotencyFailed.class).hasMessageContaining("day key");
        now = NOON.minus(DAY.multipliedBy(3));
        Files.delete(directory.resolve("idempotency.db.day-keys"));
        assertThatThrownBy(this::open).isInstanceOf(IdempotencyFailed.class).hasMessageContaining("2026-11-22");
    }

    @Test
    void a_directory_that_takes_no_new_file_refuses_the_first_signup_of_a_day_and_goes_on_when_it_does()
            throws IOException {
        UUID first = UUID.randomUUID();
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", first);
            Path inTheWay = Files.createDirectory(directory.resolve("idempotency.db.2026-11-23"));
            now = NOON.plus(DAY);
            assertThatThrownBy(() -> reserve(journal, "other", UUID.randomUUID()))
                    .isInstanceOf(IdempotencyFailed.class);
            Files.delete(inTheWay);
            assertThat(reserve(journal, "other", UUID.randomUUID()).state()).isEqualTo(Reservation.State.NEW);
            assertThat(reserve(journal, "key", UUID.randomUUID()).signupId()).isEqualTo(first);
        }
    }

    @Test
    void a_start_at_a_time_that_is_not_known_or_lies_back_neither_forgets_a_key_nor_makes_a_second_signup() {
        UUID yesterdays = UUID.randomUUID();
        UUID todays = UUID.randomUUID();
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "yesterday's", yesterdays);
            now = NOON.plus(DAY);
            reserve(journal, "today's", todays);
        }
        for (Instant start : List.of(Instant.EPOCH, NOON.minus(DAY.multipliedBy(9)), NOON, NOON.plus(DAY))) {
            now = start;
            try (IdempotencyJournal journal = open()) {
                assertThat(journal.find("client", "yesterday's").map(Reservation::signupId))
                        .as("start at %s", start)
                        .hasValue(yesterdays);
                assertThat(reserve(journal, "today's", UUID.randomUUID()).signupId())
                        .isEqualTo(todays);
                now = NOON.plus(DAY);
                assertThat(reserve(journal, "yesterday's", UUID.randomUUID()).signupId())
                        .isEqualTo(yesterdays);
            }
        }
    }

    @Test
    void a_new_file_at_a_time_that_is_not_known_knows_nothing_and_goes_on_when_it_is() {
        now = Instant.EPOCH;
        try (IdempotencyJournal journal = open()) {
            assertThat(journal.find("client", "key")).isEmpty();
            now = NOON;
            UUID first = UUID.randomUUID();
            assertThat(reserve(journal, "key", first).state()).isEqualTo(Reservation.State.NEW);
            assertThat(reserve(journal, "key", UUID.randomUUID()).signupId()).isEqualTo(first);
        }
    }

    @Test
    void a_file_in_use_is_refused() {
        try (IdempotencyJournal journal = open()) {
            reserve(journal, "key", UUID.randomUUID());
            assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
        }
    }

    private IdempotencyJournal open() {
        return IdempotencyJournal.open(directory.resolve("idempotency.db"), () -> now);
    }

    private Reservation reserve(IdempotencyJournal journal, String key, UUID id) {
        return journal.reserve("client", key, id, NOON, NOON.plus(DAY), MARK);
    }

    private List<String> dayFiles() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("idempotency\\.db\\.\\d{4}-\\d\\d-\\d\\d"))
                    .sorted()
                    .toList();
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
