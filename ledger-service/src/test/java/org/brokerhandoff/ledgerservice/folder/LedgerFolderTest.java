package org.brokerhandoff.ledgerservice.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.merkle.Tiles;
import org.brokerhandoff.ledger.merkle.Tiles.Tile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFolderTest {
    @TempDir
    private Path directory = Path.of("");

    private static byte[] entry(long number) {
        return ("entry " + number + "\n").repeat(1 + (int) (number % 7)).getBytes(StandardCharsets.UTF_8);
    }

    private List<Hash> read(Tile tile) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(tile.path())));
            List<Hash> hashes = new ArrayList<>();
            while (in.hasRemaining()) {
                byte[] hash = new byte[Hash.BYTES];
                in.get(hash);
                hashes.add(Hash.of(hash));
            }
            assertThat(hashes).hasSize(tile.width());
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatever_the_steps_in_which_it_grows_the_tiles_give_the_root_of_every_published_size() {
        List<Hash> hashes = new ArrayList<>();
        try (LedgerFolder folder = LedgerFolder.open(directory)) {
            folder.begin();
            int step = 0;
            while (hashes.size() < 700) {
                int first = hashes.size();
                List<byte[]> texts = new ArrayList<>();
                for (int i = 0; i <= (step * 37) % 150; i++) {
                    texts.add(entry(hashes.size()));
                    hashes.add(MerkleTree.leafHash(entry(hashes.size())));
                }
                folder.append(first, texts, hashes);
                step++;
                assertThat(folder.size()).isEqualTo(hashes.size());
                assertThat(Tiles.root(0, hashes.size(), hashes.size(), this::read))
                        .isEqualTo(MerkleTree.root(hashes));
            }
            for (int number = 0; number < hashes.size(); number++) {
                assertThat(folder.entry(number)).isEqualTo(entry(number));
            }
        }
        try (LedgerFolder again = LedgerFolder.open(directory)) {
            assertThat(again.size()).isEqualTo(hashes.size());
            assertThat(again.entry(hashes.size() - 1)).isEqualTo(entry(hashes.size() - 1));
        }
    }

    @Test
    void what_a_kill_has_left_half_done_is_written_again_and_is_the_same() throws IOException {
        List<Hash> hashes = new ArrayList<>();
        List<byte[]> texts = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            texts.add(entry(number));
            hashes.add(MerkleTree.leafHash(entry(number)));
        }
        try (LedgerFolder folder = LedgerFolder.open(directory)) {
            folder.append(0, texts, hashes);
            Files.delete(directory.resolve("tile/1/000.p/1"));
            Files.writeString(directory.resolve("tile/0/.000.tmp"), "half");
        }
        try (LedgerFolder folder = LedgerFolder.open(directory)) {
            assertThat(folder.size()).isEqualTo(300);
            folder.append(0, texts, hashes);
            assertThat(Tiles.root(0, 300, 300, this::read)).isEqualTo(MerkleTree.root(hashes));
        }
    }

    @Test
    void a_folder_says_up_to_where_may_be_signed_and_is_fresh_only_before_that() {
        try (LedgerFolder folder = LedgerFolder.open(directory)) {
            assertThat(folder.isFresh()).isTrue();
            folder.begin();
            assertThat(folder.isFresh()).isFalse();
            folder.mayBeSigned(3, Hash.ZERO);
            assertThat(folder.signed()).isEqualTo(Optional.of(new LedgerFolder.Signed(3, Hash.ZERO)));
        }
    }

    @Test
    void a_second_builder_on_the_same_folder_is_refused() {
        try (LedgerFolder folder = LedgerFolder.open(directory)) {
            assertThat(folder.size()).isZero();
            assertThatThrownBy(() -> LedgerFolder.open(directory)).hasMessageContaining("in use by another");
        }
    }
}
