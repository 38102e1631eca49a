package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static final byte FORM = 2;
    private static final byte[] CONTEXT = "signup 1".getBytes(StandardCharsets.UTF_8);
    private final SecureRandom random = new SecureRandom();

    private static PersonalData kari() {
        return PersonalData.takeOver("kari@example.no".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void personal_data_does_not_print() {
        assertThat(kari().toString()).isEqualTo("PersonalData[redacted]");
    }

    @Test
    void personal_data_is_taken_over_and_wiped() {
        byte[] bytes = "kari@example.no".getBytes(StandardCharsets.UTF_8);
        try (PersonalData data = PersonalData.takeOver(bytes)) {
            assertThat(bytes).containsOnly(0);
            assertThat(data.<String>expose(clear -> new String(clear, StandardCharsets.UTF_8)))
                    .isEqualTo("kari@example.no");
        }
    }

    @Test
    void what_was_lent_is_zero_afterwards_also_when_the_reader_fails() {
        PersonalData data = kari();
        byte[] lent = data.expose(clear -> clear);
        assertThat(lent).hasSize(15).containsOnly(0);
        byte[][] kept = new byte[1][];
        assertThatThrownBy(() -> data.expose(clear -> {
                    kept[0] = clear;
                    throw new IllegalArgumentException("as a reader may");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(kept[0]).hasSize(15).containsOnly(0);
        assertThat(data.<String>expose(clear -> new String(clear, StandardCharsets.UTF_8)))
                .isEqualTo("kari@example.no");
    }

    @Test
    void wiped_data_cannot_be_read() {
        PersonalData data = kari();
        data.wipe();
        data.wipe();
        assertThat(data.wiped()).isTrue();
        assertThat(data.length()).isEqualTo(15);
        assertThatThrownBy(() -> data.expose(clear -> clear.length)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_data_key_does_not_print_is_not_written_and_can_be_destroyed() throws Exception {
        DataKey key = DataKey.random(random);
        String hex = HexFormat.of().formatHex(key.getEncoded());
        assertThat(key.toString()).isEqualTo("DataKey[redacted]").doesNotContain(hex);
        assertThat(new HoldOutcome.Held(new SlotReference(0, 1), key).toString())
                .doesNotContain(hex);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThatThrownBy(() -> out.writeObject(key)).isInstanceOf(NotSerializableException.class);
        }

        byte[] own = new byte[32];
        random.nextBytes(own);
        DataKey taken = DataKey.takeOver(own);
        assertThat(own).containsOnly(0);
        assertThat(taken.getEncoded()).isNotEqualTo(own);
        taken.destroy();
        taken.destroy();
        assertThat(taken.isDestroyed()).isTrue();
        assertThatThrownBy(taken::getEncoded).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Sealer.seal(taken, kari(), FORM, CONTEXT)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void two_keys_differ() {
        assertThat(DataKey.random(random).getEncoded())
                .isNotEqualTo(DataKey.random(random).getEncoded());
    }

    @Test
    void what_was_sealed_opens_with_the_same_key_and_context() {
        DataKey key = DataKey.random(random);
        byte[] sealed = Sealer.seal(key, kari(), FORM, CONTEXT);
        assertThat(sealed).hasSize(15 + Sealer.OVERHEAD_BYTES).startsWith(FORM);
        String opened = Sealer.open(key, sealed, SecretsTest::context)
                .orElseThrow()
                .expose(clear -> new String(clear, StandardCharsets.UTF_8));
        assertThat(opened).isEqualTo("kari@example.no");
        assertThat(Sealer.seal(key, kari(), FORM, CONTEXT)).isNotEqualTo(sealed);
    }

    @Test
    void nothing_else_opens_it() {
        DataKey key = DataKey.random(random);
        byte[] sealed = Sealer.seal(key, kari(), FORM, CONTEXT);
        assertThat(Sealer.open(key, sealed, form -> Optional.of("signup 2".getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
        assertThat(Sealer.open(DataKey.random(random), sealed, SecretsTest::context))
                .isEmpty();
        assertThat(Sealer.open(key, new byte[Sealer.OVERHEAD_BYTES - 1], SecretsTest::context))
                .isEmpty();
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(Sealer.open(key, changed, SecretsTest::context))
                    .as("byte %d", i)
                    .isEmpty();
        }
    }

    private static Optional<byte[]> context(byte form) {
        return form == FORM ? Optional.of(CONTEXT) : Optional.empty();
    }
}
