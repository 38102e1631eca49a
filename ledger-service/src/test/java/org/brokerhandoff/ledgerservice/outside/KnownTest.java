package org.brokerhandoff.ledgerservice.outside;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.junit.jupiter.api.Test;

class KnownTest {
    private final List<Hash> leaves = IntStream.range(0, 5)
            .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
            .toList();

    private static SignedNote note(int size, Hash root) {
        return new SignedNote(
                new Checkpoint("handoff.example.org/test/ledger/1", size, root).text(),
                List.of(new NoteSignature("log", 1, new byte[64])));
    }

    @Test
    void a_witness_that_has_seen_the_beginning_of_this_ledger_does_not_stop_it() {
        SignedNote beginning = note(3, MerkleTree.root(leaves.subList(0, 3)));

        assertThatCode(() -> new Known("witness w", 3, Optional.of(beginning)).compare(leaves, signed -> true))
                .doesNotThrowAnyException();
        assertThatCode(() -> new Known("witness w", 5, Optional.empty()).compare(leaves, signed -> true))
                .doesNotThrowAnyException();
        assertThatCode(() -> new Known("witness w", 0, Optional.empty()).compare(List.of(), signed -> true))
                .doesNotThrowAnyException();
    }

    @Test
    void a_witness_that_knows_a_larger_size_stops_the_builder_whatever_it_shows() {
        assertThatThrownBy(() -> new Known("witness w", 6, Optional.empty()).compare(leaves, signed -> true))
                .isInstanceOf(Halt.class)
                .hasMessage("LEDGER_RESTORED: witness w has a checkpoint of size 6, but there are 5 entries");
    }

    @Test
    void another_tree_that_our_key_has_signed_stops_the_builder_and_a_forged_one_does_not() {
        Known other = new Known("witness w", 3, Optional.of(note(3, Hash.ZERO)));

        assertThatThrownBy(() -> other.compare(leaves, signed -> true))
                .isInstanceOf(Halt.class)
                .hasMessage("LEDGER_RESTORED: witness w has a checkpoint of size 3 over another tree");
        assertThatCode(() -> other.compare(leaves, signed -> false)).doesNotThrowAnyException();
    }
}
