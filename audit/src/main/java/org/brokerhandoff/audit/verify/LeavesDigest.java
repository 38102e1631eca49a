package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.merkle.Frontier;
import org.brokerhandoff.ledger.merkle.Hash;

/** The root, after RFC 6962, over the leaves of records in order; its state is a few hashes, however many leaves there were. */
public final class LeavesDigest {
    private Frontier tree = new Frontier();

    /** Takes the next record. */
    public void add(Leaf.Present record) {
        tree.append(record.hash());
    }

    /** Records so far. */
    public long records() {
        return tree.size();
    }

    /** The root, in hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(tree.root().bytes());
    }

    /** Writes the state, for {@link #restore}. */
    public void save(DataOutputStream out) throws IOException {
        out.writeLong(tree.size());
        for (Hash subtree : tree.subtrees()) {
            out.write(subtree.bytes());
        }
    }

    /** Continues from a state that {@link #save} wrote. */
    public void restore(DataInputStream in) throws IOException {
        long size = in.readLong();
        List<Hash> subtrees = new ArrayList<>();
        for (int left = Long.bitCount(size); left > 0; left--) {
            subtrees.add(Hash.of(in.readNBytes(Hash.BYTES)));
        }
        tree = new Frontier(size, subtrees);
    }
}
