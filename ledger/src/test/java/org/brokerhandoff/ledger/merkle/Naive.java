package org.brokerhandoff.ledger.merkle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The definitions of RFC 6962 section 2.1, literally: slow, and independent of the tested code. */
final class Naive {
    private Naive() {}

    static List<Hash> leaves(int count) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(MerkleTree.leafHash(("leaf " + i).getBytes(StandardCharsets.US_ASCII)));
        }
        return leaves;
    }

    /** MTH by levels, pairing from the left; a node without a sibling moves up. The same tree, built bottom-up. */
    static Hash root(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return Hash.sha256();
        }
        List<Hash> level = leaves;
        while (level.size() > 1) {
            List<Hash> above = new ArrayList<>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                above.add(Hash.sha256(
                        new byte[] {1}, level.get(i).bytes(), level.get(i + 1).bytes()));
            }
            if (level.size() % 2 == 1) {
                above.add(level.get(level.size() - 1));
            }
            level = above;
        }
        return level.get(0);
    }
}
