package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealBindingTest {
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID ID = new UUID(1, 2);

    @Test
    void every_value_changes_the_binding() {
        Set<List<Byte>> bindings = new HashSet<>();
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", "nb", "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(new UUID(1, 3), 1, "NO", "nb", "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 2, "NO", "nb", "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "SE", "nb", "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", null, "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", "", "v1", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", "nb", "v2", List.of("a", "b"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", "nb", "v1", List.of("ab"), AT)));
        bindings.add(list(SealBinding.associatedData(ID, 1, "NO", "nb", "v1", List.of("a", "b"), AT.plusMillis(1))));
        assertThat(bindings).hasSize(9);
    }

    @Test
    void the_key_expires_a_quarter_of_the_hold_but_at_most_ten_minutes_before_the_promise() {
        assertThat(HoldTimes.of(AT, Duration.ofHours(24)))
                .isEqualTo(new HoldTimes(
                        AT.plus(Duration.ofHours(24)).minus(Duration.ofMinutes(10)), AT.plus(Duration.ofHours(24))));
        assertThat(HoldTimes.of(AT, Duration.ofSeconds(40)))
                .isEqualTo(new HoldTimes(AT.plusSeconds(30), AT.plusSeconds(40)));
    }

    private static List<Byte> list(byte[] bytes) {
        return java.util.stream.IntStream.range(0, bytes.length)
                .mapToObj(i -> bytes[i])
                .toList();
    }
}
