package org.brokerhandoff.ledger.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The index of one partition, in memory. A key stands at the shortest prefix of its path that no other key shares; nodes are numbers
 * into arrays, some 130 bytes for each key. Hashes are computed when the root is asked for, each changed node once. Not for several
 * threads.
 *
 * <p>A child is 0 for an empty subtree, positive for an inner node, negative for a leaf.
 */
public final class PrefixIndex {
    private static final int NONE = 0;

    private int[] children = new int[128];
    private byte[] nodeHashes = new byte[64 * Hash.BYTES];
    private boolean[] changed = new boolean[64];
    private int nodes;

    private byte[] paths = new byte[64 * Hash.BYTES];
    private byte[] chains = new byte[64 * Hash.BYTES];
    private long[] counts = new long[64];
    private int leaves;

    private int root = NONE;

    /** What leads back to the mark, the newest change first; kept only after {@link #mark}. */
    private final Deque<Runnable> changes = new ArrayDeque<>();

    private boolean marked;
    private int markedNodes;
    private int markedLeaves;

    /** Keys so far. */
    public long keys() {
        return leaves;
    }

    /** Marks the present state: {@link #undo} leads back to it, until the next mark. */
    public void mark() {
        // With every hash computed, a node that changes from here on is one that undo has to mark as changed.
        Hash unused = root();
        changes.clear();
        marked = true;
        markedNodes = nodes;
        markedLeaves = leaves;
    }

    /**
     * Goes back to the last mark.
     *
     * @throws IllegalStateException if there was none
     */
    public void undo() {
        if (!marked) {
            throw new IllegalStateException("nothing was marked");
        }
        while (!changes.isEmpty()) {
            changes.pop().run();
        }
        nodes = markedNodes;
        leaves = markedLeaves;
    }

    private void undoWith(Runnable change) {
        if (marked) {
            changes.push(change);
        }
    }

    /** Appends a leaf to the history of the key at {@code path}. */
    public void append(Hash path, Hash leafHash) {
        int parent = NONE;
        int node = root;
        int depth = 0;
        while (node > NONE) {
            touch(node);
            parent = node;
            node = child(node, path.bit(depth));
            depth++;
        }
        if (node == NONE) {
            link(parent, depth, path, newLeaf(path, leafHash));
            return;
        }
        Hash other = hash(paths, -node);
        if (other.equals(path)) {
            int leaf = -node;
            History before = history(leaf);
            undoWith(() -> put(leaf, before));
            put(leaf, before.append(leafHash));
            return;
        }
        split(parent, depth, path, node, other.commonPrefixBits(path), newLeaf(path, leafHash));
    }

    /** Puts inner nodes between {@code parent} and the leaf {@code node}, down to the bit where the two paths part. */
    private void split(int parent, int depth, Hash path, int node, int parting, int leaf) {
        int above = parent;
        for (int at = depth; at <= parting; at++) {
            int inner = newNode();
            link(above, at, path, inner);
            above = inner;
        }
        setChild(above, path.bit(parting), leaf);
        setChild(above, !path.bit(parting), node);
    }

    private void link(int parent, int depth, Hash path, int node) {
        if (parent == NONE) {
            int before = root;
            undoWith(() -> root = before);
            root = node;
        } else {
            setChild(parent, path.bit(depth - 1), node);
        }
    }

    /** Root over all keys: 32 zero bytes if there is none. */
    public Hash root() {
        return hashOf(root);
    }

    private Hash hashOf(int node) {
        if (node == NONE) {
            return Hash.ZERO;
        }
        if (node < NONE) {
            return history(-node).leafNode(hash(paths, -node));
        }
        if (changed[node]) {
            Hash hash = History.node(hashOf(child(node, false)), hashOf(child(node, true)));
            System.arraycopy(hash.bytes(), 0, nodeHashes, node * Hash.BYTES, Hash.BYTES);
            changed[node] = false;
            return hash;
        }
        return hash(nodeHashes, node);
    }

    /** What the index says of the key at {@code path}. */
    public IndexProof prove(Hash path) {
        List<Hash> siblings = new ArrayList<>();
        int node = root;
        for (int depth = 0; node > NONE; depth++) {
            siblings.add(0, hashOf(child(node, !path.bit(depth))));
            node = child(node, path.bit(depth));
        }
        if (node == NONE) {
            return new IndexProof(new IndexProof.End.Empty(), siblings);
        }
        Hash found = hash(paths, -node);
        return new IndexProof(
                found.equals(path)
                        ? new IndexProof.End.Present(history(-node))
                        : new IndexProof.End.Other(found, history(-node)),
                siblings);
    }

    private int child(int node, boolean one) {
        return children[2 * node + (one ? 1 : 0)];
    }

    private void setChild(int node, boolean one, int child) {
        int at = 2 * node + (one ? 1 : 0);
        int before = children[at];
        undoWith(() -> children[at] = before);
        children[at] = child;
    }

    private int newNode() {
        nodes++;
        if (nodes == changed.length) {
            changed = Arrays.copyOf(changed, 2 * nodes);
            children = Arrays.copyOf(children, 4 * nodes);
            nodeHashes = Arrays.copyOf(nodeHashes, 2 * nodes * Hash.BYTES);
        }
        // The number may have been given before and been undone.
        children[2 * nodes] = NONE;
        children[2 * nodes + 1] = NONE;
        changed[nodes] = true;
        return nodes;
    }

    private void touch(int node) {
        if (!changed[node]) {
            undoWith(() -> changed[node] = true);
            changed[node] = true;
        }
    }

    /** The leaf's number, negated. */
    private int newLeaf(Hash path, Hash leafHash) {
        leaves++;
        if (leaves == counts.length) {
            counts = Arrays.copyOf(counts, 2 * leaves);
            paths = Arrays.copyOf(paths, 2 * leaves * Hash.BYTES);
            chains = Arrays.copyOf(chains, 2 * leaves * Hash.BYTES);
        }
        System.arraycopy(path.bytes(), 0, paths, leaves * Hash.BYTES, Hash.BYTES);
        put(leaves, History.NONE.append(leafHash));
        return -leaves;
    }

    private History history(int leaf) {
        return new History(counts[leaf], hash(chains, leaf));
    }

    private void put(int leaf, History history) {
        counts[leaf] = history.count();
        System.arraycopy(history.chain().bytes(), 0, chains, leaf * Hash.BYTES, Hash.BYTES);
    }

    private static Hash hash(byte[] hashes, int index) {
        return Hash.of(Arrays.copyOfRange(hashes, index * Hash.BYTES, (index + 1) * Hash.BYTES));
    }
}
