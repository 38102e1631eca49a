package org.brokerhandoff.ledgerservice.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeafPositionsTest {
    private static final UUID ID = new UUID(0x0199_0000_0000_7000L, 1);
    private static final UUID OTHER = new UUID(0x8199_0000_0000_7000L, -2);

    @TempDir
    Path folder;

    private static LeafDigest leaf(UUID id) {
        return new LeafDigest(Hash.ZERO, Optional.of(Hash.ZERO), Optional.of(id), Optional.empty(), Optional.empty());
    }

    private static LeafDigest withoutId() {
        return new LeafDigest(Hash.ZERO, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static LeafDigest about(UUID id) {
        return new LeafDigest(
                Hash.ZERO,
                Optional.of(Hash.ZERO),
                Optional.of(OTHER),
                Optional.empty(),
                Optional.of(id + "/place/fjord/1/requested"));
    }

    @Test
    void the_leaves_of_an_id_are_found_in_the_order_of_entries_topics_and_offsets() {
        try (LeafPositions positions = LeafPositions.begin(folder.resolve("positions.db"))) {
            positions.add(4, 1, true, new Run("handoffs", 2, 7, List.of(leaf(ID), withoutId(), leaf(OTHER), leaf(ID))));
            positions.add(4, 0, true, new Run("consents", 2, 30, List.of(leaf(OTHER), leaf(ID))));
            positions.add(3, 2, true, new Run("purges", 2, 0, List.of(leaf(ID))));

            assertThat(positions.of(ID))
                    .containsExactly(
                            new Position(3, 2, 2, 0),
                            new Position(4, 0, 2, 31),
                            new Position(4, 1, 2, 7),
                            new Position(4, 1, 2, 10));
            assertThat(positions.of(OTHER)).containsExactly(new Position(4, 0, 2, 30), new Position(4, 1, 2, 9));
            assertThat(positions.of(new UUID(1, 1))).isEmpty();
        }
    }

    @Test
    void a_leaf_of_a_topic_without_index_is_found_by_the_id_that_its_event_names_and_not_by_its_key() {
        try (LeafPositions positions = LeafPositions.begin(folder.resolve("positions.db"))) {
            positions.add(1, 3, false, new Run("places", 0, 5, List.of(about(ID), leaf(ID))));

            assertThat(positions.of(ID)).containsExactly(new Position(1, 3, 0, 5));
            assertThat(positions.of(OTHER)).isEmpty();
        }
    }

    @Test
    void what_an_earlier_process_left_is_not_taken_up_whatever_it_is() throws IOException {
        Path file = folder.resolve("a b?c%20#.db");
        Files.writeString(file, "no database");
        try (LeafPositions positions = LeafPositions.begin(file)) {
            positions.add(0, 0, true, new Run("consents", 0, 0, List.of(leaf(ID))));
        }
        try (LeafPositions positions = LeafPositions.begin(file)) {
            assertThat(positions.of(ID)).isEmpty();
        }
        assertThat(folder.toFile().list()).containsExactly("a b?c%20#.db");
    }

    /** Buckets of several blocks, full and half full, of ids that share a bucket and of others. */
    @Test
    void of_many_leaves_each_is_found_where_it_was_put() {
        Random random = new Random(7);
        List<UUID> ids = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                .limit(40)
                .flatMap(id -> Stream.of(id, new UUID(random.nextLong(), id.getLeastSignificantBits())))
                .toList();
        Map<UUID, List<Position>> put = new HashMap<>();
        try (LeafPositions positions = LeafPositions.begin(folder.resolve("positions.db"))) {
            for (int entry = 0; entry < 60; entry++) {
                List<LeafDigest> leaves = new ArrayList<>();
                for (int offset = 0; offset < 500; offset++) {
                    // Some ids have many leaves: their buckets have tens of blocks.
                    UUID id = ids.get(random.nextInt(1 + random.nextInt(ids.size())));
                    leaves.add(leaf(id));
                    put.computeIfAbsent(id, none -> new ArrayList<>()).add(new Position(entry, 1, 65_535, offset));
                }
                positions.add(entry, 1, true, new Run("handoffs", 65_535, 0, leaves));
            }
            for (UUID id : ids) {
                assertThat(positions.of(id)).isEqualTo(put.getOrDefault(id, List.of()));
            }
            assertThat(put.values()).as("control: tens of blocks").anyMatch(of -> of.size() > 1000);
        }
    }
}
