package org.brokerhandoff.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokerhandoff.ledger.merkle.Tiles.Tile;
import org.junit.jupiter.api.Test;

class TilesTest {
    private static final int SIZE = 70_000;
    private static final List<Hash> LEAVES = Naive.leaves(SIZE);

    /** The tiles of {@code tlog-tiles} by their definition. */
    private static List<Hash> defined(Tile tile) {
        int span = 1 << (8 * tile.level());
        return LongStream.range(0, tile.width())
                .mapToObj(i -> (int) ((tile.index() * Tiles.WIDTH + i) * span))
                .map(start -> Naive.root(LEAVES.subList(start, start + span)))
                .toList();
    }

    @Test
    void pathsAreThoseOfTheSpecification() {
        assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(new Tile(1, 0, 17).path()).isEqualTo("tile/1/000.p/17");
        assertThat(new Tile(0, 273, 112).entriesPath()).isEqualTo("tile/entries/273.p/112");
        assertThat(new Tile(0, 1000, 256).path()).isEqualTo("tile/0/x001/000");
    }

    @Test
    void aTreeOf70000LeavesHasTheTilesThatTheSpecificationCounts() {
        List<Tile> tiles = Tiles.added(0, SIZE);
        assertThat(tiles.stream().filter(t -> t.level() == 0 && t.width() == 256))
                .hasSize(273);
        assertThat(tiles).contains(new Tile(0, 273, 112), new Tile(1, 0, 256), new Tile(1, 1, 17), new Tile(2, 0, 1));
        assertThat(tiles).hasSize(273 + 1 + 1 + 1 + 1);
        assertThat(Tiles.added(0, 256)).containsExactly(new Tile(0, 0, 256), new Tile(1, 0, 1));
        assertThat(Tiles.added(0, 0)).isEmpty();
    }

    @Test
    void growingWritesOnlyTheTilesThatChange() {
        assertThat(Tiles.added(300, 300)).isEmpty();
        assertThat(Tiles.added(300, 301)).containsExactly(new Tile(0, 1, 45));
        assertThat(Tiles.added(511, 513)).containsExactly(new Tile(0, 1, 256), new Tile(0, 2, 1), new Tile(1, 0, 2));
    }

    @Test
    void rootsAndProofsReadFromTilesAreThoseOfTheTree() {
        Map<Tile, List<Hash>> written = new HashMap<>();
        Tiles.added(0, SIZE).forEach(tile -> written.put(tile, defined(tile)));
        Tiles.Source source = tile -> {
            List<Hash> hashes = written.get(tile);
            if (hashes == null) {
                throw new AssertionError("read, but not published: " + tile);
            }
            return hashes;
        };
        Random random = new Random(70_000);
        for (int round = 0; round < 60; round++) {
            int size = 1 + random.nextInt(round % 2 == 0 ? SIZE : 1000);
            Hash root = Naive.root(LEAVES.subList(0, size));
            assertThat(Tiles.root(0, size, SIZE, source)).isEqualTo(root);
            int index = random.nextInt(size);
            List<Hash> inclusion = Tiles.inclusionProof(index, size, SIZE, source);
            assertThat(inclusion).isEqualTo(MerkleTree.inclusionProof(index, LEAVES.subList(0, size)));
            int old = random.nextInt(size + 1);
            List<Hash> consistency = Tiles.consistencyProof(old, size, SIZE, source);
            assertThat(consistency).isEqualTo(MerkleTree.consistencyProof(old, LEAVES.subList(0, size)));
        }
    }
}
