package org.brokerhandoff.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.ingest.idempotency.JournalRecord.Kind;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DayFileTest {
    private static final long DAY = 20_000;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final byte[] CHECK = new byte[DayKeys.DIGEST_BYTES];
    private static final int BYTES = JournalRecord.BYTES;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final Random random = new Random(4);

    @Test
    void a_record_that_was_cut_anywhere_is_passed_over_and_written_again() throws IOException {
        Path whole = directory.resolve("whole");
        List<Reservation> written = List.of(reservation(1), reservation(2), reservation(3));
        try (DayFile file = open(whole)) {
            for (Reservation each : written) {
                file.append(Kind.RESERVED, each);
            }
        }
        byte[] content = Files.readAllBytes(whole);
        for (int cut = 0; cut < BYTES; cut++) {
            for (boolean garbage : new boolean[] {false, true}) {
                Path torn = directory.resolve("torn-" + cut + garbage);
                byte[] copy = content.clone();
                byte[] rest = new byte[BYTES - cut];
                if (garbage) {
                    random.nextBytes(rest);
                }
                System.arraycopy(rest, 0, copy, 3 * BYTES + cut, rest.length);
                // Directly after it there may be zeros of the file's growth, or the end of the file.
                Files.write(torn, garbage ? Arrays.copyOf(copy, 3 * BYTES + cut + rest.length / 2) : copy);
                Reservation again = reservation(4);
                try (DayFile file = open(torn)) {
                    assertThat(file.damaged()).isZero();
                    assertFound(file, written.get(0), written.get(1));
                    // The last 8 bytes of this record are a time below 2^40: without its last bytes it may still be
                    // complete.
                    assertThat(file.find(again.id().digest()).reservation()).isEmpty();
                    again = file.append(Kind.RESERVED, again);
                    file.sync();
                    assertThat(file.isDurable(again.id().record())).isTrue();
                }
                try (DayFile file = open(torn)) {
                    assertThat(file.damaged()).isZero();
                    assertFound(file, written.get(0), written.get(1), again);
                }
            }
        }
    }

    @Test
    void records_that_a_power_cut_left_unwritten_before_others_are_made_void() throws IOException {
        Path path = directory.resolve("day");
        Reservation durable;
        Reservation behind;
        try (DayFile file = open(path)) {
            durable = file.append(Kind.RESERVED, reservation(1));
            file.sync();
            for (int number = 2; number < 40; number++) {
                file.append(Kind.RESERVED, reservation(number));
            }
            behind = file.append(Kind.RESERVED, reservation(40));
        }
        // A page that the kernel had not written when it wrote the next one.
        byte[] content = Files.readAllBytes(path);
        Arrays.fill(content, 5 * BYTES + 17, 30 * BYTES, (byte) 0);
        Files.write(path, content);
        for (int start = 0; start < 3; start++) {
            try (DayFile file = open(path)) {
                assertThat(file.damaged()).isZero();
                assertFound(file, durable, behind);
                assertThat(file.find(reservation(9).id().digest()).reservation())
                        .isEmpty();
                file.sync();
                file.append(Kind.RESERVED, reservation(100 + start));
                file.sync();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 8, 12, 16, 20, 24, 31, 32, 47, 48, 64, 72, 80, 88, 120, 127})
    void a_changed_byte_of_a_durable_record_is_damage(int offset) throws IOException {
        Path path = directory.resolve("day");
        try (DayFile file = open(path)) {
            file.append(Kind.RESERVED, reservation(1));
            file.append(Kind.RESERVED, reservation(2));
            file.sync();
            file.append(Kind.RESERVED, reservation(3));
        }
        for (int number : new int[] {0, 1}) {
            byte[] content = Files.readAllBytes(path);
            content[number * BYTES + offset] ^= 0x40;
            Path changed = Files.write(directory.resolve("changed-" + number), content);
            try (DayFile file = open(changed)) {
                assertThat(file.damaged()).isEqualTo(1);
                assertThat(file.find(reservation(2).id().digest()).reservation())
                        .isPresent();
            }
        }
    }

    @Test
    void damage_that_a_later_record_replaces_does_no_harm_and_the_newest_record_holds() throws IOException {
        Path path = directory.resolve("day");
        Reservation accepted;
        try (DayFile file = open(path)) {
            Reservation first = file.append(Kind.RESERVED, reservation(1));
            Reservation noted = file.append(Kind.RESERVED, first.at(new SlotReference(5, 2)));
            // With the earlier read, like a request that was overtaken by another note.
            accepted = file.append(Kind.ACCEPTED, first.at(new SlotReference(6, 1)));
            file.sync();
            file.append(Kind.RESERVED, reservation(2));
            assertThat(noted.id().record()).isEqualTo(2);
        }
        byte[] content = Files.readAllBytes(path);
        content[2 * BYTES + 50] ^= 1;
        Files.write(path, content);
        for (int start = 0; start < 2; start++) {
            try (DayFile file = open(path)) {
                assertThat(file.damaged()).isZero();
                Reservation found =
                        file.find(accepted.id().digest()).reservation().orElseThrow();
                assertThat(found.slot()).hasValue(new SlotReference(6, 1));
                assertThat(found.state()).isEqualTo(Reservation.State.ACCEPTED);
                assertThat(file.index().size()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_record_that_becomes_unreadable_while_the_file_is_open_is_damage() throws IOException {
        Path path = directory.resolve("day");
        try (DayFile file = open(path)) {
            Reservation first = file.append(Kind.RESERVED, reservation(1));
            byte[] content = Files.readAllBytes(path);
            content[BYTES + 40] ^= 1;
            try (var channel = Files.newByteChannel(path, java.nio.file.StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(content));
            }
            assertThatThrownBy(() -> file.find(first.id().digest())).isInstanceOf(IdempotencyFailed.class);
            assertThat(file.damaged()).isEqualTo(1);
        }
    }

    @Test
    void a_file_of_something_else_is_damage_and_one_of_another_key_is_refused() throws IOException {
        byte[] noise = new byte[40 * BYTES + 5];
        random.nextBytes(noise);
        try (DayFile file = open(Files.write(directory.resolve("noise"), noise))) {
            assertThat(file.damaged()).isPositive();
        }
        Path path = directory.resolve("day");
        open(path).close();
        byte[] other = CHECK.clone();
        other[3] = 1;
        assertThatThrownBy(() -> DayFile.open(path, DAY, other)).isInstanceOf(IdempotencyFailed.class);
    }

    @Test
    void whatever_is_done_the_newest_record_of_each_key_is_found_now_and_after_a_restart() throws IOException {
        Path path = directory.resolve("day");
        Map<Integer, Reservation> expected = new HashMap<>();
        Map<Integer, Reservation> stale = new HashMap<>();
        for (int start = 0; start < 5; start++) {
            try (DayFile file = open(path)) {
                expected.forEach((key, reservation) -> assertThat(
                                said(file.find(reservation(key).id().digest()).reservation()))
                        .isEqualTo(said(Optional.of(reservation))));
                for (int step = 0; step < 4000; step++) {
                    int key = random.nextInt(3000);
                    DayFile.Found found = file.find(reservation(key).id().digest());
                    assertThat(said(found.reservation())).isEqualTo(said(Optional.ofNullable(expected.get(key))));
                    if (found.reservation().isEmpty()) {
                        Reservation fresh = reservation(key);
                        Reservation reserved = file.append(
                                Kind.RESERVED,
                                fresh.with(new ReservationId(DAY, fresh.id().digest(), found.record())));
                        expected.put(key, reserved);
                        stale.putIfAbsent(key, reserved);
                    } else if (random.nextInt(4) == 0) {
                        file.append(Kind.RELEASED, found.reservation().get());
                        expected.remove(key);
                    } else {
                        Reservation from = random.nextBoolean()
                                ? found.reservation().get()
                                : stale.getOrDefault(key, found.reservation().get());
                        expected.put(key, file.append(Kind.RESERVED, from.at(new SlotReference(step, start))));
                    }
                    if (random.nextInt(50) == 0) {
                        file.sync();
                    }
                }
                stale.clear();
            }
        }
    }

    private void assertFound(DayFile file, Reservation... reservations) {
        for (Reservation each : reservations) {
            assertThat(file.find(each.id().digest()).reservation().map(Reservation::signupId))
                    .hasValue(each.signupId());
        }
    }

    /** Digests are arrays, which records do not compare. */
    private static String said(Optional<Reservation> reservation) {
        return reservation
                .map(each -> each.id().record() + " " + each.state() + each.signupId() + each.slot() + each.request())
                .orElse("nothing");
    }

    private static DayFile open(Path path) throws IOException {
        return DayFile.open(path, DAY, CHECK);
    }

    /** Many digests have the same prefix. */
    private static Reservation reservation(int key) {
        byte[] digest = Digests.sha256("key " + key).bytes();
        digest[0] = 0;
        digest[1] = 0;
        digest[2] = 0;
        digest[3] = (byte) key;
        return new Reservation(
                new ReservationId(DAY, Arrays.copyOf(digest, DayKeys.DIGEST_BYTES), 0),
                Reservation.State.RESERVED,
                new UUID(7, key),
                NOON,
                NOON.plusSeconds(60),
                Optional.empty(),
                Optional.of(new RequestMark(Digests.sha256("request"), NOON)));
    }
}
