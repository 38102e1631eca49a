package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeysetTest {
    private static final Instant MADE = Instant.parse("2026-11-22T13:00:00Z");

    @TempDir
    Path directory;

    @Test
    void a_new_keyset_is_for_its_owner_only_and_reads_the_same_again() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset created = FileKeyset.openOrCreate(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        FileKeyset again = FileKeyset.openOrCreate(file);
        assertThat(again.currentEpoch()).isEqualTo(1);
        assertThat(again.key(1).orElseThrow().getEncoded())
                .hasSize(32)
                .isEqualTo(created.key(1).orElseThrow().getEncoded());
        assertThat(again.key(2)).isEmpty();
        assertThat(again.toString()).doesNotContain("epoch");
    }

    @Test
    void services_that_race_get_the_same_key_and_leave_no_other_file() throws Exception {
        Path file = directory.resolve("keyset");
        ExecutorService racers = Executors.newFixedThreadPool(8);
        List<Callable<FileKeyset>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(() -> FileKeyset.openOrCreate(file));
        }
        byte[] expected = FileKeyset.openOrCreate(file).key(1).orElseThrow().getEncoded();
        for (Future<FileKeyset> opened : racers.invokeAll(all)) {
            assertThat(opened.get().key(1).orElseThrow().getEncoded()).isEqualTo(expected);
        }
        racers.shutdown();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_readable_by_others_file_is_refused() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset.openOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> FileKeyset.openOrCreate(file))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("rw-r-----");
    }

    @Test
    void a_symbolic_link_is_refused() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset.openOrCreate(file);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertThatThrownBy(() -> FileKeyset.openOrCreate(link))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("symbolic");
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        assertThatThrownBy(() -> FileKeyset.openOrCreate(dangling)).isInstanceOf(CustodyException.class);
    }

    @Test
    void a_file_that_is_not_understood_is_refused_without_showing_its_content() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset.openOrCreate(file);
        byte[] sound = Files.readAllBytes(file);
        assertRefused(file, new byte[0], "magic");
        assertRefused(file, "5ec4e7 5ec4e7 5ec4e7 5ec4e7".getBytes(StandardCharsets.US_ASCII), "magic");
        assertRefused(
                file,
                ("broker-handoff keyset 1\nepoch 1 " + "5ec4e700".repeat(8) + "\ncurrent 1\n")
                        .getBytes(StandardCharsets.US_ASCII),
                "earlier version");
        assertRefused(file, Arrays.copyOf(sound, 4096), "it has 4096 bytes");
        assertRefused(file, changed(sound, 11), "layout version is");
        assertRefused(file, changed(sound, 20), "header checksum");
        assertRefused(file, changed(sound, 4096 + 20), "current epoch 1 is missing or damaged");
    }

    private static byte[] changed(byte[] content, int at) {
        byte[] changed = content.clone();
        changed[at] ^= 0x40;
        return changed;
    }

    private static void assertRefused(Path file, byte[] content, String found) throws Exception {
        Files.write(file, content);
        assertThatThrownBy(() -> FileKeyset.openOrCreate(file))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(found)
                .hasMessageNotContaining("5ec4e7");
    }

    @Test
    void an_epoch_that_another_process_made_current_is_found() {
        Path file = directory.resolve("keyset");
        FileKeyset keyset = FileKeyset.openOrCreate(file);
        FileKeyset other = FileKeyset.openOrCreate(file);
        assertThat(other.prepare(MADE)).isEqualTo(2);
        assertThat(keyset.currentEpoch()).isEqualTo(1);
        other.publish(2);
        assertThat(keyset.currentEpoch()).isEqualTo(2);
        assertThat(keyset.createdAt(2)).isEqualTo(MADE);
        assertThat(keyset.key(2).orElseThrow().getEncoded())
                .isEqualTo(other.key(2).orElseThrow().getEncoded());
    }

    @Test
    void a_destroyed_epoch_is_gone_from_the_file_where_it_stood_and_from_the_memory_of_all_processes()
            throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset keyset = FileKeyset.openOrCreate(file);
        FileKeyset other = FileKeyset.openOrCreate(file);
        SecretKey first = other.key(1).orElseThrow();
        byte[] bytes = first.getEncoded();
        assertThat(search(file, bytes)).as("control").isTrue();
        keyset.publish(keyset.prepare(MADE));
        Object inode = Files.getAttribute(file, "unix:ino");
        keyset.destroy(1);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        assertThat(search(file, bytes)).isFalse();
        assertThat(search(file, Arrays.copyOf(bytes, 8))).isFalse();
        assertThat(other.key(1)).isEmpty();
        assertThat(first.isDestroyed()).isTrue();
        assertThat(keyset.epochs()).containsExactly(2);
        assertThatThrownBy(() -> keyset.destroy(2))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("current");
    }

    private static boolean search(Path file, byte[] bytes) throws Exception {
        String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return all.contains(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void what_a_torn_write_left_of_a_key_is_no_epoch_and_is_destroyed() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset keyset = FileKeyset.openOrCreate(file);
        byte[] torn = new byte[30];
        Arrays.fill(torn, (byte) 0x5e);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(torn), 2 * 4096 + 16);
        }
        FileKeyset again = FileKeyset.openOrCreate(file);
        assertThat(again.epochs()).containsExactly(1);
        again.clean();
        assertThat(search(file, Arrays.copyOf(torn, 8))).isFalse();
        assertThat(keyset.key(1)).isPresent();
        assertThat(again.prepare(MADE)).isEqualTo(2);
    }

    /** Like {@code kill -9} between the write of a new key and the word that there is one. */
    private static void prepareAndDie(Path file) {
        FileKeyset dying = FileKeyset.openOrCreate(file, InstantSource.fixed(MADE), step -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> dying.prepare(MADE)).hasMessage("killed");
    }

    @Test
    void a_key_that_a_killed_process_left_without_a_word_is_not_taken_for_another_one_in_its_place() {
        Path file = directory.resolve("keyset");
        FileKeyset earlier = FileKeyset.openOrCreate(file);
        prepareAndDie(file);
        FileKeyset later = FileKeyset.openOrCreate(file);
        SecretKey abandoned = later.key(2).orElseThrow();
        byte[] abandonedBytes = abandoned.getEncoded();
        assertThat(earlier.prepare(MADE)).isEqualTo(2);
        assertThat(later.key(2).orElseThrow().getEncoded())
                .isEqualTo(earlier.key(2).orElseThrow().getEncoded())
                .isNotEqualTo(abandonedBytes);
        assertThat(abandoned.isDestroyed()).isTrue();
    }

    @Test
    void a_whole_key_of_a_killed_process_is_found_by_whoever_cleans_up_and_by_all_once_it_is_published() {
        Path file = directory.resolve("keyset");
        FileKeyset cleaning = FileKeyset.openOrCreate(file);
        FileKeyset other = FileKeyset.openOrCreate(file);
        prepareAndDie(file);
        assertThat(cleaning.epochs()).as("not announced").containsExactly(1);
        cleaning.clean();
        assertThat(cleaning.epochs()).containsExactly(1, 2);
        cleaning.publish(2);
        assertThat(other.currentEpoch()).isEqualTo(2);
        assertThat(other.key(2).orElseThrow().getEncoded())
                .isEqualTo(cleaning.key(2).orElseThrow().getEncoded());
    }

    @Test
    void epochs_come_and_go_for_ever() {
        FileKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
        for (int epoch = 2; epoch < 40; epoch++) {
            assertThat(keyset.prepare(MADE)).isEqualTo(epoch);
            keyset.publish(epoch);
            keyset.destroy(epoch - 1);
        }
        assertThat(keyset.epochs()).containsExactly(39);
    }

    @Test
    void a_keyset_serves_one_slot_file_for_good() {
        FileKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
        UUID slotFile = UUID.randomUUID();
        keyset.tieTo(slotFile);
        FileKeyset again = FileKeyset.openOrCreate(directory.resolve("keyset"));
        again.tieTo(slotFile);
        assertThatThrownBy(() -> again.tieTo(UUID.randomUUID()))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining(slotFile.toString());
    }

    @Test
    void a_keyset_that_was_exchanged_is_noticed() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset keyset = FileKeyset.openOrCreate(file);
        keyset.check();
        Path other = directory.resolve("other");
        FileKeyset.openOrCreate(other);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(keyset::check).isInstanceOf(CustodyException.class).hasMessageContaining("replaced");
    }
}
