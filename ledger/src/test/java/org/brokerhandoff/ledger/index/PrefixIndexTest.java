package org.brokerhandoff.ledger.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.brokerhandoff.ledger.index.IndexProof.End;
import org.brokerhandoff.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
    private final Random random = new Random(1128);

    /** The definition, by recursion over sets of keys. */
    private static Hash defined(Map<Hash, List<Hash>> keys, int depth) {
        if (keys.isEmpty()) {
            return Hash.ZERO;
        }
        if (keys.size() == 1) {
            Map.Entry<Hash, List<Hash>> only = keys.entrySet().iterator().next();
            Hash chain = Hash.ZERO;
            for (Hash leaf : only.getValue()) {
                chain = Hash.sha256(new byte[] {2}, chain.bytes(), leaf.bytes());
            }
            byte[] count =
                    ByteBuffer.allocate(8).putLong(only.getValue().size()).array();
            return Hash.sha256(new byte[] {3}, only.getKey().bytes(), count, chain.bytes());
        }
        Map<Hash, List<Hash>> zero = new LinkedHashMap<>();
        Map<Hash, List<Hash>> one = new LinkedHashMap<>();
        keys.forEach((path, leaves) -> (path.bit(depth) ? one : zero).put(path, leaves));
        return Hash.sha256(
                new byte[] {4},
                defined(zero, depth + 1).bytes(),
                defined(one, depth + 1).bytes());
    }

    private Hash leaf() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return Hash.sha256(bytes);
    }

    private static Hash path(int key) {
        return History.path(("key " + key).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theRootIsThatOfTheDefinitionAtEveryStep() {
        PrefixIndex index = new PrefixIndex();
        Map<Hash, List<Hash>> keys = new LinkedHashMap<>();
        assertThat(index.root()).isEqualTo(Hash.ZERO);
        for (int step = 0; step < 600; step++) {
            Hash path = path(random.nextInt(200));
            Hash leaf = leaf();
            index.append(path, leaf);
            keys.computeIfAbsent(path, any -> new ArrayList<>()).add(leaf);
            // Requested only now and then, so that several changes are hashed together.
            if (random.nextInt(3) == 0) {
                assertThat(index.root()).isEqualTo(defined(keys, 0));
            }
        }
        assertThat(index.root()).isEqualTo(defined(keys, 0));
        assertThat(index.keys()).isEqualTo(keys.size());
    }

    @Test
    void keysThatShareAlmostAllBitsAreToldApart() {
        PrefixIndex index = new PrefixIndex();
        Map<Hash, List<Hash>> keys = new LinkedHashMap<>();
        byte[] bytes = path(0).bytes();
        for (int bit : new int[] {255, 254, 128, 1, 0}) {
            byte[] other = bytes.clone();
            other[bit / 8] ^= (byte) (0x80 >> (bit % 8));
            for (byte[] key : List.of(bytes, other)) {
                Hash leaf = leaf();
                index.append(Hash.of(key), leaf);
                keys.computeIfAbsent(Hash.of(key), any -> new ArrayList<>()).add(leaf);
            }
            assertThat(index.root()).isEqualTo(defined(keys, 0));
            assertThat(index.prove(Hash.of(other)).history(Hash.of(other), index.root()))
                    .isPresent();
        }
    }

    @Test
    void presentAndAbsentKeysAreProvenAndNothingElse() {
        PrefixIndex index = new PrefixIndex();
        for (int key = 0; key < 300; key++) {
            for (int i = 0; i <= key % 4; i++) {
                index.append(path(key), leaf());
            }
        }
        Hash root = index.root();
        int ends = 0;
        for (int key = 0; key < 600; key++) {
            IndexProof proof = index.prove(path(key));
            ends |= proof.end() instanceof End.Present ? 1 : proof.end() instanceof End.Empty ? 2 : 4;
            assertThat(proof.history(path(key), root).map(History::count)).contains(key < 300 ? key % 4 + 1L : 0L);
            assertThat(proof.history(path(key), leaf())).isEmpty();
            if (key < 300) {
                assertThat(proof.history(path(key + 1), root))
                        .as("the proof of another key")
                        .isEmpty();
            }
        }
        assertThat(ends).as("all three kinds of ends occur").isEqualTo(7);
    }

    @Test
    void aForgedProofIsRefused() {
        PrefixIndex index = new PrefixIndex();
        for (int key = 0; key < 100; key++) {
            index.append(path(key), leaf());
            index.append(path(key), leaf());
        }
        Hash root = index.root();
        for (int key = 0; key < 200; key++) {
            IndexProof proof = index.prove(path(key));
            for (IndexProof forged : forgeries(proof, index.prove(path(key / 2)))) {
                if (!forged.equals(proof)) {
                    assertThat(forged.history(path(key), root)).as("%s", forged).isEmpty();
                }
            }
        }
    }

    private List<IndexProof> forgeries(IndexProof proof, IndexProof other) {
        List<IndexProof> forged = new ArrayList<>();
        for (int i = 0; i < proof.siblings().size(); i++) {
            List<Hash> siblings = new ArrayList<>(proof.siblings());
            siblings.set(i, siblings.get(i).equals(Hash.ZERO) ? leaf() : Hash.ZERO);
            forged.add(new IndexProof(proof.end(), siblings));
            forged.add(new IndexProof(proof.end(), proof.siblings().subList(0, i)));
            forged.add(new IndexProof(
                    new End.Empty(),
                    proof.siblings().subList(i, proof.siblings().size())));
        }
        forged.add(new IndexProof(new End.Empty(), List.of()));
        forged.add(new IndexProof(new End.Empty(), proof.siblings()));
        forged.add(new IndexProof(other.end(), proof.siblings()));
        forged.add(new IndexProof(proof.end(), other.siblings()));
        if (proof.end() instanceof End.Present present) {
            History history = present.history();
            forged.add(new IndexProof(
                    new End.Present(new History(history.count() - 1, history.chain())), proof.siblings()));
            forged.add(new IndexProof(new End.Present(new History(history.count(), leaf())), proof.siblings()));
            forged.add(new IndexProof(new End.Present(History.NONE), proof.siblings()));
        } else if (proof.end() instanceof End.Other at) {
            forged.add(new IndexProof(new End.Present(at.history()), proof.siblings()));
        }
        return forged;
    }
}
