package org.brokerhandoff.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockRootsTest {
    private static List<Hash> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        MerkleTree.leafHash(ByteBuffer.allocate(4).putInt(i).array()))
                .toList();
    }

    private static List<Hash> block(int index, List<Hash> leaves) {
        int first = index / BlockRoots.BLOCK * BlockRoots.BLOCK;
        return leaves.subList(first, Math.min(first + BlockRoots.BLOCK, leaves.size()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 511, 512, 513, 768, 769, 1025, 1300})
    void every_audit_path_is_that_of_the_whole_tree(int size) {
        List<Hash> leaves = leaves(size);
        BlockRoots roots = BlockRoots.of(leaves);
        assertThat(MerkleTree.root(roots.roots())).isEqualTo(MerkleTree.root(leaves));
        // Each path of the definition hashes the whole tree: of large ones every seventh, in any place of a block.
        for (int index = 0; index < size; index += size > 600 ? 7 : 1) {
            assertThat(roots.inclusionProof(index, block(index, leaves)))
                    .isEqualTo(MerkleTree.inclusionProof(index, leaves));
        }
        assertThat(roots.inclusionProof(size - 1, block(size - 1, leaves)))
                .isEqualTo(MerkleTree.inclusionProof(size - 1, leaves));
    }

    @Test
    void a_leaf_that_is_not_there_has_no_path() {
        List<Hash> leaves = leaves(300);
        BlockRoots roots = BlockRoots.of(leaves);
        assertThatThrownBy(() -> roots.inclusionProof(300, block(299, leaves)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> roots.inclusionProof(512, leaves)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> roots.inclusionProof(-1, leaves)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(BlockRoots.of(List.of()).roots()).isEmpty();
    }
}
