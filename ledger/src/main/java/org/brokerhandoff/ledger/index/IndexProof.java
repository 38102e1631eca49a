package org.brokerhandoff.ledger.index;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The index proof of one key: the node where the path from the root ends, and the siblings on the path back. A proof is untrusted until
 * {@link #history} has led it to a trusted root.
 *
 * @param siblings from the end up to the root's child, {@link Hash#ZERO} for an empty one
 */
public record IndexProof(End end, List<Hash> siblings) {
    public IndexProof {
        siblings = List.copyOf(siblings);
    }

    /** Where the path ends. */
    public sealed interface End {
        /** At the key itself. */
        record Present(History history) implements End {}

        /** At an empty node, so the key is absent. */
        record Empty() implements End {}

        /** At another key with the same first bits, so the key is absent. */
        record Other(Hash path, History history) implements End {}
    }

    /**
     * The history of the key at {@code path} under {@code root}, {@link History#NONE} for a key that is absent; empty if the proof is
     * invalid.
     */
    public Optional<History> history(Hash path, Hash root) {
        if (siblings.size() > 8 * Hash.BYTES) {
            return Optional.empty();
        }
        History history = History.NONE;
        Hash node = Hash.ZERO;
        if (end instanceof End.Present present) {
            history = present.history();
            node = history.leafNode(path);
            if (history.count() < 1) {
                return Optional.empty();
            }
        } else if (end instanceof End.Other other) {
            node = other.history().leafNode(other.path());
            if (other.path().equals(path) || other.path().commonPrefixBits(path) < siblings.size()) {
                return Optional.empty();
            }
        }
        int depth = siblings.size();
        for (Hash sibling : siblings) {
            depth--;
            node = path.bit(depth) ? History.node(sibling, node) : History.node(node, sibling);
        }
        return node.equals(root) ? Optional.of(history) : Optional.empty();
    }
}
