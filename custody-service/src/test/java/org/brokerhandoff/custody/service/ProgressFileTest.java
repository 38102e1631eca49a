package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.decisions.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressFileTest {
    private static final UUID DATABASE = UUID.randomUUID();

    @TempDir
    Path folder;

    @Test
    void what_was_noted_last_is_found_and_its_owner_alone_may_read_it() throws Exception {
        ProgressFile file = new ProgressFile(folder.resolve("custody.slots"));
        assertThat(file.seen()).isEmpty();
        file.note(new Progress(DATABASE, 7));
        file.note(new Progress(DATABASE, 8));
        assertThat(new ProgressFile(folder.resolve("custody.slots")).seen()).contains(new Progress(DATABASE, 8));
        assertThat(folder.toFile().list()).containsExactly("custody.slots.database");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("custody.slots.database"))))
                .isEqualTo("rw-------");
    }

    @Test
    void what_an_earlier_version_noted_is_replaced_whole() throws Exception {
        Files.writeString(folder.resolve("custody.slots.database"), DATABASE + " 123456\n");
        ProgressFile file = new ProgressFile(folder.resolve("custody.slots"));
        assertThat(file.seen()).contains(new Progress(DATABASE, 123_456));
        file.note(new Progress(DATABASE, Long.MAX_VALUE));
        assertThat(file.seen()).contains(new Progress(DATABASE, Long.MAX_VALUE));
    }

    @Test
    void what_cannot_be_written_names_the_file() throws Exception {
        Files.createDirectory(folder.resolve("custody.slots.database"));
        assertThatThrownBy(() -> new ProgressFile(folder.resolve("custody.slots")).note(new Progress(DATABASE, 7)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("custody.slots.database cannot be written");
    }

    @Test
    void a_file_that_says_something_else_is_refused() throws Exception {
        for (String text : new String[] {"", "8", DATABASE + " ", "8 " + DATABASE}) {
            Files.writeString(folder.resolve("custody.slots.database"), text);
            assertThatThrownBy(() -> new ProgressFile(folder.resolve("custody.slots")).seen())
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("custody.slots.database");
        }
    }

    @Test
    void an_older_copy_and_another_database_are_told_from_the_one_that_went_on() {
        Progress before = new Progress(DATABASE, 8);
        assertThat(new Progress(DATABASE, 8).doubt(before)).isEmpty();
        assertThat(new Progress(DATABASE, 900).doubt(before)).isEmpty();
        assertThat(new Progress(DATABASE, 9).doubt(before.further())).isEmpty();
        assertThat(new Progress(DATABASE, 8).doubt(before.further()))
                .as("a step that brings it to where it was before")
                .isPresent();
        assertThat(new Progress(DATABASE, 7).doubt(before))
                .hasValueSatisfying(said -> assertThat(said).contains("older copy", "at 7", "at 8"));
        assertThat(new Progress(UUID.randomUUID(), 9).doubt(before))
                .hasValueSatisfying(said -> assertThat(said).contains("another one"));
    }
}
