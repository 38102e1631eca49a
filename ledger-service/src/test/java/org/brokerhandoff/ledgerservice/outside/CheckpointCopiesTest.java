package org.brokerhandoff.ledgerservice.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCopiesTest {
    private static final List<Hash> LEAVES = IntStream.range(0, 3)
            .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
            .toList();

    @TempDir
    private Path folder = Path.of("");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private CheckpointCopies copies(String... places) {
        return new CheckpointCopies(List.of(places), meters);
    }

    private double failures(String place) {
        return meters.get("handoff.ledger.copy.failures")
                .tag("copy", place)
                .counter()
                .count();
    }

    private static boolean ours(SignedNote note) {
        return note.signatures().get(0).name().equals("log");
    }

    private static SignedNote note(String signer, int size, Hash root) {
        return new SignedNote(
                new Checkpoint("handoff.example.org/test/ledger/1", size, root).text(),
                List.of(new NoteSignature(signer, 1, new byte[64])));
    }

    private static SignedNote note(int size) {
        return note("log", size, MerkleTree.root(LEAVES.subList(0, size)));
    }

    @Test
    void each_folder_gets_what_is_published_and_tells_it_at_the_next_start() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        CheckpointCopies copies = copies(folder.toString(), other.toString());
        assertThat(copies.known(CheckpointCopiesTest::ours)).isEmpty();

        copies.write(note(2), LEAVES.subList(0, 2), CheckpointCopiesTest::ours);
        copies.write(note(3), LEAVES, CheckpointCopiesTest::ours);

        assertThat(copies(folder.toString(), other.toString()).known(CheckpointCopiesTest::ours))
                .containsExactly(
                        new Known("the copy in " + folder, 3, Optional.of(note(3))),
                        new Known("the copy in " + other, 3, Optional.of(note(3))));
        assertThat(failures(folder.toString())).isZero();
    }

    @Test
    void a_folder_that_is_not_there_is_counted_and_not_made_and_holds_up_no_other() throws Exception {
        Path away = folder.resolve("mount").resolve("copy");
        CheckpointCopies copies = copies(away.toString(), folder.toString());

        copies.write(note(2), LEAVES.subList(0, 2), CheckpointCopiesTest::ours);

        assertThat(away)
                .as("below a mount that is away lies the host's own disk")
                .doesNotExist();
        assertThat(failures(away.toString())).isEqualTo(1);
        assertThat(copies.known(CheckpointCopiesTest::ours)).hasSize(1);
    }

    @Test
    void a_copy_that_has_more_or_another_tree_stops_the_builder_and_stays_as_it_is() throws Exception {
        Path file = folder.resolve("checkpoint");
        for (SignedNote there : List.of(note(3), note("log", 2, Hash.ZERO))) {
            Files.write(file, there.bytes());
            assertThatThrownBy(() ->
                            copies(folder.toString()).write(note(2), LEAVES.subList(0, 2), CheckpointCopiesTest::ours))
                    .isInstanceOf(Halt.class)
                    .hasMessageStartingWith("LEDGER_RESTORED: the copy in " + folder + " has a checkpoint of size ");
            assertThat(file).hasBinaryContent(there.bytes());
        }
    }

    @Test
    void what_no_key_of_the_ledger_has_signed_says_nothing_and_is_left_alone() throws Exception {
        Path file = folder.resolve("checkpoint");
        List<byte[]> foreign = List.of(
                note("other", 3, Hash.ZERO).bytes(),
                "no checkpoint\n".getBytes(StandardCharsets.US_ASCII),
                new byte[0]);
        for (byte[] there : foreign) {
            Files.write(file, there);
            CheckpointCopies copies = copies(folder.toString());
            copies.write(note(2), LEAVES.subList(0, 2), CheckpointCopiesTest::ours);
            assertThat(copies.known(CheckpointCopiesTest::ours)).isEmpty();
            assertThat(file).hasBinaryContent(there);
        }
        assertThat(failures(folder.toString())).isEqualTo(2.0 * foreign.size());
    }

    @Test
    void a_url_is_read_below_its_prefix_and_not_written() throws Exception {
        List<String> requests = new ArrayList<>();
        List<Integer> statuses = new ArrayList<>(List.of(404, 500, 200));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] body = note(3).bytes();
            exchange.sendResponseHeaders(statuses.remove(0), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/ledger/1";
            CheckpointCopies copies = copies(url);

            assertThat(copies.known(CheckpointCopiesTest::ours))
                    .as("there is none yet")
                    .isEmpty();
            assertThat(failures(url)).isZero();
            assertThat(copies.known(CheckpointCopiesTest::ours)).isEmpty();
            assertThat(failures(url)).isEqualTo(1);
            assertThat(copies.known(CheckpointCopiesTest::ours))
                    .extracting(Known::size)
                    .containsExactly(3L);
            copies.write(note(3), LEAVES, CheckpointCopiesTest::ours);
            assertThat(requests).hasSize(3).containsOnly("GET /ledger/1/checkpoint");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void without_places_there_is_nothing_to_compare_with() throws IOException {
        assertThat(copies().isEmpty()).isTrue();
        assertThat(copies(folder.toString()).isEmpty()).isFalse();
    }
}
