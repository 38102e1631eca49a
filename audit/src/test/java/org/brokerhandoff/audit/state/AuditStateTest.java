package org.brokerhandoff.audit.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.brokerhandoff.audit.state.AuditState.Header;
import org.brokerhandoff.audit.state.AuditState.Log;
import org.brokerhandoff.audit.verify.Sorted;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditStateTest {
    private static final Log LOG = new Log("cluster", "prefix-", "id-1 id-2", "unnamed", 2);

    @TempDir
    private Path directory = Path.of("");

    private static Header header(long size) {
        return new Header("1.0", LOG, new Checkpoint("handoff.example.org/prod/ledger/1", size, Hash.ZERO));
    }

    private Path file() {
        return directory.resolve("state");
    }

    private List<Path> parts() throws Exception {
        return List.of(
                Files.write(directory.resolve("part-0"), new byte[] {1, 2, 3}),
                Files.write(directory.resolve("part-1"), new byte[0]));
    }

    /** Rows of {@code length} bytes and less; one that is null ends the process. */
    private static Sorted rows(List<byte @Nullable []> rows) {
        return new Sorted() {
            @Override
            public void add(byte[] record) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Cursor cursor() {
                Iterator<byte @Nullable []> all = rows.iterator();
                return new Cursor() {
                    @Override
                    public byte @Nullable [] next() {
                        if (!all.hasNext()) {
                            return null;
                        }
                        byte[] next = all.next();
                        if (next == null) {
                            throw new Killed();
                        }
                        return next;
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public void close() {}
        };
    }

    /** Stands for kill -9: nothing after it is executed. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static List<byte[]> read(AuditState state, int partition) {
        List<byte[]> rows = new ArrayList<>();
        state.records(partition).forEach(rows::add);
        return rows;
    }

    @Test
    void what_was_written_is_read_and_an_empty_part_as_well() throws Exception {
        List<byte @Nullable []> many = new ArrayList<>();
        IntStream.range(0, 20_000).forEach(i -> many.add(new byte[i % 40]));
        AuditState.write(file(), header(7), parts(), partition -> rows(partition == 0 ? many : List.of()));

        AuditState state = AuditState.open(file()).orElseThrow();
        assertThat(state.header()).isEqualTo(header(7));
        assertThat(state.part(0).readNBytes(3)).containsExactly(1, 2, 3);
        assertThat(read(state, 0)).hasSize(20_000).last().isEqualTo(new byte[19_999 % 40]);
        assertThat(read(state, 1)).isEmpty();
        assertThat(AuditState.open(directory.resolve("another"))).isEmpty();
    }

    @Test
    void killed_while_it_is_written_the_old_state_is_there_and_the_next_one_is_written_over_what_was_left()
            throws Exception {
        AuditState.write(file(), header(1), parts(), partition -> rows(List.of(new byte[] {9})));
        byte[] before = Files.readAllBytes(file());
        List<byte @Nullable []> dying = new ArrayList<>();
        IntStream.range(0, 20_000).forEach(i -> dying.add(new byte[40]));
        dying.add(null);

        assertThatThrownBy(() -> AuditState.write(file(), header(2), parts(), partition -> rows(dying)))
                .isInstanceOf(Killed.class);

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(Files.exists(directory.resolve(".state.tmp"))).isTrue();
        AuditState.write(file(), header(2), parts(), partition -> rows(List.of()));
        assertThat(AuditState.open(file()).orElseThrow().header()).isEqualTo(header(2));
    }

    @Test
    void a_state_with_any_changed_byte_or_less_of_them_is_refused() throws Exception {
        AuditState.write(file(), header(1), parts(), partition -> rows(List.of(new byte[] {9})));
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file(), changed);
            assertThatThrownBy(() -> AuditState.open(file()))
                    .as("byte %s", at)
                    .isInstanceOf(UncheckedIOException.class);
        }
        for (int length : List.of(0, 5, 31, 32, 33, whole.length - 1)) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> AuditState.open(file()))
                    .as("%s bytes", length)
                    .isInstanceOf(UncheckedIOException.class);
        }
    }
}
