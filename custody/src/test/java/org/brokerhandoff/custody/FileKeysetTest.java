package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeysetTest {
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
        for (String content : List.of(
                "",
                "something else\n",
                "broker-handoff keyset 1\nepoch 1 5ec4e7\ncurrent 1\n",
                "broker-handoff keyset 1\nepoch 1 " + "zz5ec4e7".repeat(8) + "\ncurrent 1\n",
                "broker-handoff keyset 1\nepoch 1 " + "5ec4e700".repeat(8) + "\ncurrent 2\n",
                "broker-handoff keyset 1\n5ec4e7\n")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> FileKeyset.openOrCreate(file))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("refused")
                    .hasMessageNotContaining("5ec4e7");
        }
    }

    @Test
    void an_epoch_that_another_process_added_is_found() throws Exception {
        Path file = directory.resolve("keyset");
        FileKeyset keyset = FileKeyset.openOrCreate(file);
        String content = Files.readString(file);
        Files.writeString(
                file, content.replace("current 1", "epoch 2 " + "0123456789abcdef".repeat(4) + "\ncurrent 2"));
        assertThat(keyset.key(2)).isPresent();
        assertThat(keyset.currentEpoch()).isEqualTo(2);
    }
}
