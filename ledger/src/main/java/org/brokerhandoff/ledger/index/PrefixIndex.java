package org.brokerhandoff.ledger.index;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The index of one partition, in memory. A key is at the shortest prefix of its path that no other key shares; nodes are indices into arrays,
 * some 130 bytes per key. Hashes are computed when the root is requested, once per changed node. Not thread-safe.
 *
 * <p>A child is 0 for an empty subtree, positive for an inner node, negative for a leaf.
 */
public final class PrefixIndex {
    private static final int NONE = 0;

    /** Of an inner node: both children, its hash, and whether that has changed since. */
    private static final int ONE_AT = 4;

    private static final int HASH_AT = 8;
    private static final int CHANGED_AT = HASH_AT + Hash.BYTES;
    private static final int NODE_BYTES = CHANGED_AT + 1;
    /** Of a leaf: its path, chain and count. */
    private static final int CHAIN_AT = Hash.BYTES;

    private static final int COUNT_AT = CHAIN_AT + Hash.BYTES;
    private static final int LEAF_BYTES = COUNT_AT + Long.BYTES;

    private final Rows nodeRows;
    private final Rows leafRows;
    private int nodes;
    private int leaves;

    private int root = NONE;

    /** The undo log back to the mark, the newest change first; kept only after {@link #mark}. */
    private final Deque<Runnable> changes = new ArrayDeque<>();

    private boolean marked;
    private int markedNodes;
    private int markedLeaves;

    /** An empty index on the heap. */
    public PrefixIndex() {
        this(ByteBuffer::allocate);
    }

    /** An empty index in memory allocated by {@code memory}, which returns zeroed pieces of the requested size. */
    public PrefixIndex(IntFunction<ByteBuffer> memory) {
        this.nodeRows = new Rows(NODE_BYTES, memory);
        this.leafRows = new Rows(LEAF_BYTES, memory);
    }

    /** Number of keys. */
    public long keys() {
        return leaves;
    }

    /** Marks the current state: {@link #undo} restores it, until the next mark. */
    public void mark() {
        // With every hash computed, undo has to mark every node that changes from here on.
        Hash unused = root();
        changes.clear();
        marked = true;
        markedNodes = nodes;
        markedLeaves = leaves;
    }

    /**
     * Restores the last mark.
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
        change(path, before -> before.append(leafHash));
    }

    /** Gives the key at {@code path}, which must be new, the history that it had in another index. */
    public void add(Hash path, History history) {
        change(path, before -> history);
    }

    /** Passes each key's path and history. */
    public void forEach(BiConsumer<Hash, History> keys) {
        for (int leaf = 1; leaf <= leaves; leaf++) {
            keys.accept(path(leaf), history(leaf));
        }
    }

    private void change(Hash path, UnaryOperator<History> change) {
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
            link(parent, depth, path, newLeaf(path, change.apply(History.NONE)));
            return;
        }
        Hash other = path(-node);
        if (other.equals(path)) {
            int leaf = -node;
            History before = history(leaf);
            undoWith(() -> put(leaf, before));
            put(leaf, change.apply(before));
            return;
        }
        split(parent, depth, path, node, other.commonPrefixBits(path), newLeaf(path, change.apply(History.NONE)));
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
            return history(-node).leafNode(path(-node));
        }
        if (changed(node)) {
            Hash hash = History.node(hashOf(child(node, false)), hashOf(child(node, true)));
            nodeRows.put(node, HASH_AT, hash.bytes());
            setChanged(node, false);
            return hash;
        }
        return hash(nodeRows, node, HASH_AT);
    }

    /** The index proof of the key at {@code path}. */
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
        Hash found = path(-node);
        return new IndexProof(
                found.equals(path)
                        ? new IndexProof.End.Present(history(-node))
                        : new IndexProof.End.Other(found, history(-node)),
                siblings);
    }

    private int child(int node, boolean one) {
        return nodeRows.intAt(node, one ? ONE_AT : 0);
    }

    private void setChild(int node, boolean one, int child) {
        int before = child(node, one);
        undoWith(() -> nodeRows.putInt(node, one ? ONE_AT : 0, before));
        nodeRows.putInt(node, one ? ONE_AT : 0, child);
    }

    private int newNode() {
        nodes++;
        // The number may have been assigned before and been undone.
        nodeRows.putInt(nodes, 0, NONE);
        nodeRows.putInt(nodes, ONE_AT, NONE);
        setChanged(nodes, true);
        return nodes;
    }

    private boolean changed(int node) {
        return nodeRows.byteAt(node, CHANGED_AT) != 0;
    }

    private void setChanged(int node, boolean changed) {
        nodeRows.putByte(node, CHANGED_AT, (byte) (changed ? 1 : 0));
    }

    private void touch(int node) {
        if (!changed(node)) {
            undoWith(() -> setChanged(node, true));
            setChanged(node, true);
        }
    }

    /** The leaf's number, negated. */
    private int newLeaf(Hash path, History history) {
        leaves++;
        leafRows.put(leaves, 0, path.bytes());
        put(leaves, history);
        return -leaves;
    }

    private Hash path(int leaf) {
        return hash(leafRows, leaf, 0);
    }

    private History history(int leaf) {
        return new History(leafRows.longAt(leaf, COUNT_AT), hash(leafRows, leaf, CHAIN_AT));
    }

    private void put(int leaf, History history) {
        leafRows.putLong(leaf, COUNT_AT, history.count());
        leafRows.put(leaf, CHAIN_AT, history.chain().bytes());
    }

    private static Hash hash(Rows rows, int row, int at) {
        return Hash.of(rows.bytesAt(row, at, Hash.BYTES));
    }
}
