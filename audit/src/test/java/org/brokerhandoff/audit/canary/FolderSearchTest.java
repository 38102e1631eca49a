package org.brokerhandoff.audit.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.brokerhandoff.audit.search.PersonSearch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSearchTest {
    @TempDir
    Path directory;

    @Test
    void a_folder_is_searched_also_when_it_is_named_by_a_link() throws IOException {
        List<String> texts = InventedPerson.random(new Random(5)).exposeAsTexts();
        PersonSearch search = new PersonSearch(List.of(texts));
        Path real = Files.createDirectories(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Files.writeString(real.resolve("clean"), "nothing of anybody");
        List<Path> folders = FolderSearch.real(List.of(link));

        Searched clean = FolderSearch.search(folders, search);
        assertThat(clean.findings()).isZero();
        assertThat(clean.files()).isEqualTo(1);
        Files.writeString(real.resolve("log"), "refused " + texts.get(3));
        assertThat(FolderSearch.search(folders, search).findings()).isPositive();
    }

    @Test
    void what_is_no_folder_is_refused_before_a_canary_is_sent() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        for (Path wrong : List.of(file, directory.resolve("not-there"))) {
            assertThatThrownBy(() -> FolderSearch.real(List.of(wrong)))
                    .isInstanceOf(CannotCheck.class)
                    .hasMessageContaining(wrong.toString());
        }
    }

    @Test
    void a_folder_that_is_gone_when_it_is_searched_counts_as_unreadable() {
        PersonSearch search = new PersonSearch(List.of(List.of("Kari Nordmann")));
        assertThat(FolderSearch.search(List.of(directory.resolve("gone")), search)
                        .unreadable())
                .isEqualTo(1);
    }
}
