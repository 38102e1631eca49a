package org.brokerhandoff.audit.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.lucene.store.NIOFSDirectory;
import org.brokerhandoff.audit.verify.Sorted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskPlaceTest {
    @TempDir
    Path parent;

    private static List<byte[]> records(int count, int longest) {
        Random random = new Random(7);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] record = new byte[1 + random.nextInt(longest)];
            random.nextBytes(record);
            records.add(record);
        }
        // Equal ones are kept, as often as they came.
        records.add(records.get(0).clone());
        return records;
    }

    private static List<ByteBuffer> all(Sorted sorted) {
        List<ByteBuffer> all = new ArrayList<>();
        sorted.forEach(record -> all.add(ByteBuffer.wrap(record)));
        return all;
    }

    private static List<ByteBuffer> ordered(List<byte[]> records) {
        return records.stream()
                .sorted(Arrays::compareUnsigned)
                .map(ByteBuffer::wrap)
                .toList();
    }

    @Test
    void records_come_back_in_the_order_of_their_bytes_as_often_as_they_are_asked_for() {
        List<byte[]> records = records(1000, 300);
        try (DiskPlace place = new DiskPlace(parent);
                Sorted sorted = place.sorted()) {
            records.forEach(sorted::add);
            assertThat(all(sorted)).isEqualTo(ordered(records));
            assertThat(all(sorted)).isEqualTo(ordered(records));
        }
    }

    @Test
    void more_than_the_buffer_holds_is_merged_from_many_runs() throws Exception {
        List<byte[]> records = records(1000, Sorted.LONGEST_BYTES);
        try (NIOFSDirectory files = new NIOFSDirectory(parent);
                Sorted sorted = new DiskSorted(files, 1 << 20)) {
            records.forEach(sorted::add);
            assertThat(all(sorted)).isEqualTo(ordered(records));
        }
    }

    @Test
    void nothing_is_left_behind() {
        try (DiskPlace place = new DiskPlace(parent)) {
            Sorted read = place.sorted();
            read.add(new byte[] {1});
            assertThat(all(read)).hasSize(1);
            Sorted unread = place.sorted();
            unread.add(new byte[] {1});
            unread.close();
            read.close();
            assertThat(place.folder()).isEmptyDirectory();
            place.sorted().add(new byte[] {2});
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void of_no_record_nothing_comes_back() {
        try (DiskPlace place = new DiskPlace(parent);
                Sorted sorted = place.sorted()) {
            assertThat(all(sorted)).isEmpty();
        }
    }

    @Test
    void what_was_read_grows_no_more() {
        try (DiskPlace place = new DiskPlace(parent);
                Sorted sorted = place.sorted()) {
            sorted.add(new byte[] {1});
            assertThat(all(sorted)).hasSize(1);
            assertThatThrownBy(() -> sorted.add(new byte[] {2})).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_parent_that_is_not_there_is_named() {
        assertThatThrownBy(() -> new DiskPlace(parent.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }
}
