package org.brokerhandoff.ledger.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ledger.entry.Leaf.Header;
import org.brokerhandoff.ledger.entry.Leaf.Nothing;
import org.brokerhandoff.ledger.entry.Leaf.Place;
import org.brokerhandoff.ledger.entry.Leaf.Present;
import org.brokerhandoff.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;

class LeafTest {
    private static final Place PLACE = new Place("consents", 3, 5120);
    private static final Instant TIME = Instant.ofEpochMilli(1_764_324_894_000L);

    private static Optional<byte[]> bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Optional.of(bytes);
    }

    private static Present record(Optional<byte[]> key, List<Header> headers, Optional<byte[]> value) {
        return new Present(PLACE, TIME, key, headers, value);
    }

    @Test
    void aRecordHasTheBytesOfTheFormat() {
        Leaf leaf = record(
                bytes(1, 2), List.of(new Header("ce_id", bytes(0x78)), new Header("n", Optional.empty())), bytes(9));

        assertThat(HexFormat.of().formatHex(leaf.encode()))
                .isEqualTo("01" + "08" + "636f6e73656e7473" + "00000003" + "0000000000001400" + "0000019ac9f56530"
                        + "00000002" + "0102" + "00000002" + "0005" + "63655f6964" + "00000001" + "78"
                        + "0001" + "6e" + "ffffffff" + "00000001" + "09");
    }

    @Test
    void anOffsetWithoutARecordHasItsPlaceOnly() {
        assertThat(HexFormat.of().formatHex(new Nothing(PLACE).encode()))
                .isEqualTo("02" + "08" + "636f6e73656e7473" + "00000003" + "0000000000001400");
    }

    @Test
    void whatever_is_changed_of_a_record_or_its_place_is_another_leaf() {
        Header one = new Header("a", bytes(1));
        Header two = new Header("b", bytes(2));
        Present record = record(bytes(1), List.of(one, two), bytes(7));
        Set<Hash> leaves = new HashSet<>();
        for (Leaf leaf : List.of(
                record,
                new Present(new Place("handoffs", 3, 5120), TIME, record.key(), record.headers(), record.value()),
                new Present(new Place("consents", 4, 5120), TIME, record.key(), record.headers(), record.value()),
                new Present(new Place("consents", 3, 5121), TIME, record.key(), record.headers(), record.value()),
                new Present(PLACE, TIME.plusMillis(1), record.key(), record.headers(), record.value()),
                record(bytes(2), record.headers(), record.value()),
                record(bytes(), record.headers(), record.value()),
                record(Optional.empty(), record.headers(), record.value()),
                record(record.key(), List.of(two, one), record.value()),
                record(record.key(), List.of(one), record.value()),
                record(record.key(), List.of(one, two, two), record.value()),
                record(record.key(), List.of(new Header("c", bytes(1)), two), record.value()),
                record(record.key(), List.of(new Header("a", bytes(3)), two), record.value()),
                record(record.key(), List.of(new Header("a", Optional.empty()), two), record.value()),
                record(record.key(), record.headers(), bytes(8)),
                record(record.key(), record.headers(), bytes()),
                record(record.key(), record.headers(), Optional.empty()),
                new Nothing(PLACE))) {
            assertThat(leaves.add(leaf.hash())).as("%s", leaves.size()).isTrue();
        }
    }

    @Test
    void whatIsDecodedEncodesToTheSameBytes() throws MalformedEntry {
        List<Leaf> leaves = List.of(
                record(Optional.empty(), List.of(), Optional.empty()),
                record(bytes(), List.of(new Header("", bytes()), new Header("", bytes())), bytes()),
                record(bytes(1), List.of(new Header("ce_\u00e6", Optional.empty())), bytes(1, 2, 3)),
                new Nothing(PLACE));
        Set<Hash> hashes = new HashSet<>();
        for (Leaf leaf : leaves) {
            Leaf decoded = Leaf.decode(leaf.encode());
            assertThat(decoded.encode()).isEqualTo(leaf.encode());
            assertThat(decoded.place()).isEqualTo(PLACE);
            assertThat(hashes.add(leaf.hash())).isTrue();
        }
    }

    @Test
    void absentAndEmptyAreDifferentLeaves() {
        assertThat(record(Optional.empty(), List.of(), bytes()).hash())
                .isNotEqualTo(record(bytes(), List.of(), bytes()).hash());
        assertThat(record(bytes(), List.of(), Optional.empty()).hash())
                .isNotEqualTo(record(bytes(), List.of(), bytes()).hash());
    }

    @Test
    void aLeafThatIsCutShortOrContinuedIsRefused() {
        byte[] whole = record(bytes(1, 2), List.of(new Header("ce_id", bytes(7))), bytes(9))
                .encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Leaf.decode(cut)).as("%d bytes", length).isInstanceOf(MalformedEntry.class);
        }
        assertThatThrownBy(() -> Leaf.decode(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(MalformedEntry.class);
    }

    @Test
    void aForgedLengthAsksForNoMemory() {
        byte[] leaf = record(bytes(1), List.of(), bytes(9)).encode();
        for (int at = 0; at + 4 <= leaf.length; at++) {
            for (byte high : new byte[] {(byte) 0x7f, (byte) 0x80, (byte) 0xff}) {
                byte[] forged = leaf.clone();
                forged[at] = high;
                forged[at + 1] = high;
                forged[at + 2] = high;
                try {
                    assertThat(Leaf.decode(forged).encode()).isEqualTo(forged);
                } catch (MalformedEntry e) {
                    assertThat(e).hasMessageNotContaining("heap");
                }
            }
        }
    }
}
