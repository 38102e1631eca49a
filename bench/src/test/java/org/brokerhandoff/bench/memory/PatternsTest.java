package org.brokerhandoff.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.junit.jupiter.api.Test;

class PatternsTest {
    private static final Subject KEY = new Subject(Subject.Kind.KEY, 7);
    private final Random random = new Random(1);

    private static List<String> find(Patterns patterns, byte[] data, int starts) {
        List<String> found = new ArrayList<>();
        patterns.find(
                data,
                data.length,
                starts,
                (offset, subject, form) -> found.add(offset + " " + subject.kind() + " " + subject.number()));
        return found;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void a_pattern_is_found_at_every_offset_and_only_if_it_begins_where_it_is_looked_for() {
        Patterns patterns = new Patterns();
        byte[] pattern = noise(20);
        patterns.add(KEY, "bytes", pattern);
        for (int at = 0; at <= 80; at++) {
            byte[] data = noise(100);
            System.arraycopy(pattern, 0, data, at, 20);
            assertThat(find(patterns, data, 100)).containsExactly(at + " KEY 7");
            assertThat(find(patterns, data, at)).isEmpty();
            assertThat(find(patterns, data, at + 1)).hasSize(1);
        }
        assertThat(find(patterns, noise(100_000), 100_000)).isEmpty();
        assertThat(find(patterns, new byte[4], 4)).isEmpty();
    }

    @Test
    void patterns_that_begin_alike_are_told_apart() {
        Patterns patterns = new Patterns();
        patterns.add(new Subject(Subject.Kind.PERSON, 1), "plain", "Nordmann-Hansen".getBytes(StandardCharsets.UTF_8));
        patterns.add(new Subject(Subject.Kind.PERSON, 2), "plain", "Nordmann".getBytes(StandardCharsets.UTF_8));
        assertThat(find(patterns, "Nordmann-Olsen".getBytes(StandardCharsets.UTF_8), 14))
                .containsExactly("0 PERSON 2");
        assertThat(find(patterns, "Nordmann-Hansen".getBytes(StandardCharsets.UTF_8), 15))
                .containsExactlyInAnyOrder("0 PERSON 1", "0 PERSON 2");
        assertThatThrownBy(() -> patterns.add(KEY, "bytes", new byte[7])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_is_found_as_bytes_half_as_numbers_of_a_key_schedule_and_as_text() {
        Patterns patterns = new Patterns();
        byte[] key = noise(32);
        KeyForms.addTo(patterns, KEY, key);
        byte[] schedule = new byte[32];
        ByteBuffer numbers = ByteBuffer.wrap(schedule).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            numbers.putInt(ByteBuffer.wrap(key).getInt(4 * i));
        }
        byte[] half = new byte[40];
        System.arraycopy(key, 16, half, 9, 16);

        assertThat(find(patterns, key, 32)).isNotEmpty();
        assertThat(find(patterns, half, 40)).containsExactly("9 KEY 7");
        assertThat(find(patterns, schedule, 32)).isNotEmpty();
        assertThat(find(patterns, HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII), 64))
                .isNotEmpty();
        assertThat(find(patterns, Base64.getEncoder().encode(key), 44)).isNotEmpty();
    }

    @Test
    void a_part_of_a_key_is_found_by_any_quarter_as_it_is_and_as_a_number() {
        Patterns patterns = new Patterns();
        byte[] part = noise(32);
        KeyForms.addPartTo(patterns, Subject.part(Subject.Kind.PART, 2, 1), part);
        for (int at = 0; at < 32; at += 8) {
            byte[] quarter = new byte[20];
            System.arraycopy(part, at, quarter, 5, 8);
            assertThat(find(patterns, quarter, 20)).containsExactly("5 PART 7");
            ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            number.putLong(ByteBuffer.wrap(part).getLong(at));
            assertThat(find(patterns, number.array(), 8)).containsExactly("0 PART 7");
        }
        assertThat(find(patterns, HexFormat.of().formatHex(part).getBytes(StandardCharsets.US_ASCII), 64))
                .isNotEmpty();
        assertThat(find(patterns, Base64.getEncoder().encode(part), 44)).isNotEmpty();
    }

    @Test
    void a_person_is_found_by_any_part_as_a_jvm_keeps_it() {
        TellingPeople people = new TellingPeople(random);
        Patterns patterns = new Patterns();
        List<SamplePerson> several = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SamplePerson person = people.next();
            several.add(person);
            TellingPeople.addTo(patterns, i, person);
        }
        for (int i = 0; i < several.size(); i++) {
            SamplePerson person = several.get(i);
            String family = person.fullName().split(" ", -1)[1];
            for (String text : List.of(
                    person.fullName(),
                    family,
                    person.email(),
                    person.phone(),
                    person.city(),
                    person.email().split("@", -1)[1])) {
                String expected = "PERSON " + i;
                assertThat(find(patterns, text.getBytes(StandardCharsets.UTF_8), 1))
                        .anyMatch(found -> found.endsWith(expected));
                assertThat(find(patterns, text.getBytes(StandardCharsets.UTF_16LE), 1))
                        .anyMatch(found -> found.endsWith(expected));
            }
        }
        assertThat(find(patterns, "?????????????????????".getBytes(StandardCharsets.UTF_8), 21))
                .isEmpty();
    }
}
