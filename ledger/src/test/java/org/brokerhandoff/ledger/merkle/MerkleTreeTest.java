package org.brokerhandoff.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final List<Hash> LEAVES = Naive.leaves(1000);

    @Test
    void theEmptyTreeAndOneEmptyLeafHaveTheHashesOfTheRfc() {
        assertThat(HexFormat.of().formatHex(MerkleTree.emptyRoot().bytes()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(HexFormat.of().formatHex(MerkleTree.leafHash(new byte[0]).bytes()))
                .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    @Test
    void everyRootUpToAThousandLeavesIsThatOfTheDefinition() {
        Frontier frontier = new Frontier();
        for (int size = 0; size <= LEAVES.size(); size++) {
            Hash root = Naive.root(LEAVES.subList(0, size));
            assertThat(MerkleTree.root(LEAVES.subList(0, size))).isEqualTo(root);
            assertThat(frontier.root()).isEqualTo(root);
            assertThat(new Frontier(frontier.size(), frontier.subtrees()).root())
                    .isEqualTo(root);
            if (size < LEAVES.size()) {
                frontier.append(LEAVES.get(size));
            }
        }
    }

    @Test
    void everyInclusionProofUpTo130LeavesHoldsForItsPlaceOnly() {
        for (int size = 1; size <= 130; size++) {
            List<Hash> tree = LEAVES.subList(0, size);
            Hash root = Naive.root(tree);
            for (int index = 0; index < size; index++) {
                List<Hash> proof = MerkleTree.inclusionProof(index, tree);
                assertThat(MerkleProofs.includes(index, size, tree.get(index), proof, root))
                        .isTrue();
                // One assertion for all places: with one for each, most of the time would go into assertions.
                List<Integer> places = new ArrayList<>();
                for (int other = 0; other <= size; other++) {
                    if (MerkleProofs.includes(other, size, tree.get(index), proof, root)) {
                        places.add(other);
                    }
                }
                assertThat(places).as("%d of %d", index, size).containsExactly(index);
            }
        }
    }

    @Test
    void everyConsistencyProofUpTo130LeavesHoldsForItsRootsOnly() {
        for (int size = 0; size <= 130; size++) {
            Hash root = Naive.root(LEAVES.subList(0, size));
            for (int old = 0; old <= size; old++) {
                Hash oldRoot = Naive.root(LEAVES.subList(0, old));
                List<Hash> proof = MerkleTree.consistencyProof(old, LEAVES.subList(0, size));
                assertThat(MerkleProofs.consistent(old, oldRoot, size, root, proof))
                        .as("%d to %d", old, size)
                        .isTrue();
                if (old > 0) {
                    Hash forged = LEAVES.get(999);
                    assertThat(MerkleProofs.consistent(old, forged, size, root, proof))
                            .isFalse();
                    assertThat(MerkleProofs.consistent(old, oldRoot, size, forged, proof))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void aProofInLargeTreesFailsForEverySingleBitThatIsChanged() {
        Random random = new Random(6962);
        for (int round = 0; round < 20; round++) {
            int size = 2 + random.nextInt(LEAVES.size() - 1);
            int index = random.nextInt(size);
            int old = 1 + random.nextInt(size - 1);
            List<Hash> tree = LEAVES.subList(0, size);
            Hash root = Naive.root(tree);
            Hash oldRoot = Naive.root(tree.subList(0, old));
            List<Hash> inclusion = MerkleTree.inclusionProof(index, tree);
            List<Hash> consistency = MerkleTree.consistencyProof(old, tree);
            assertThat(MerkleProofs.includes(index, size, tree.get(index), inclusion, root))
                    .isTrue();
            assertThat(MerkleProofs.consistent(old, oldRoot, size, root, consistency))
                    .isTrue();
            for (List<Hash> mutated : mutations(inclusion)) {
                assertThat(MerkleProofs.includes(index, size, tree.get(index), mutated, root))
                        .isFalse();
            }
            for (List<Hash> mutated : mutations(consistency)) {
                assertThat(MerkleProofs.consistent(old, oldRoot, size, root, mutated))
                        .isFalse();
            }
        }
    }

    /** Each bit flipped, each hash dropped or duplicated, and one more at either end. */
    private static List<List<Hash>> mutations(List<Hash> proof) {
        List<List<Hash>> mutations = new ArrayList<>();
        for (int i = 0; i < proof.size(); i++) {
            for (int bit = 0; bit < 8 * Hash.BYTES; bit++) {
                byte[] bytes = proof.get(i).bytes();
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                List<Hash> flipped = new ArrayList<>(proof);
                flipped.set(i, Hash.of(bytes));
                mutations.add(flipped);
            }
            List<Hash> dropped = new ArrayList<>(proof);
            Hash hash = dropped.remove(i);
            mutations.add(dropped);
            List<Hash> doubled = new ArrayList<>(proof);
            doubled.add(i, hash);
            mutations.add(doubled);
        }
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(Hash.ZERO);
        mutations.add(longer);
        List<Hash> shifted = new ArrayList<>(proof);
        shifted.add(0, Hash.ZERO);
        mutations.add(shifted);
        return mutations;
    }

    @Test
    void aPlaceOutsideTheTreeHasNoProof() {
        assertThatThrownBy(() -> MerkleTree.inclusionProof(3, LEAVES.subList(0, 3)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MerkleTree.consistencyProof(4, LEAVES.subList(0, 3)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(MerkleProofs.rootFromInclusion(-1, 3, LEAVES.get(0), List.of()))
                .isEmpty();
        assertThat(MerkleProofs.rootFromInclusion(0, 0, LEAVES.get(0), List.of()))
                .isEmpty();
        assertThat(MerkleProofs.rootFromInclusion(Long.MAX_VALUE, Long.MAX_VALUE, LEAVES.get(0), List.of()))
                .isEmpty();
    }
}
