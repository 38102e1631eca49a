package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.PrivateFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatchTest {
    private static final String YAML = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                countries: [NO]
                transferBasis: {default: EEA}
                privacyPolicy: https://fjord-markets.example/privacy
                endpoint: https://fjord-markets.example/handoffs
                secretFiles: [fjord.secret]
                weight: 3
            """;
    private static final String OTHER_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvH";

    @TempDir
    Path directory;

    private Path file;
    private final List<Digest> published = new ArrayList<>();
    private CompletionStage<?> acknowledgement = CompletableFuture.completedFuture(null);

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("brokers.yaml");
        Files.writeString(file, YAML);
        PrivateFiles.write(directory.resolve("fjord.secret"), Examples.SECRET);
    }

    private DirectoryWatch watch(Path watched) {
        return watch(() -> DirectoryFile.reading(watched, Examples.CODEC));
    }

    private DirectoryWatch watch(Supplier<DirectoryFile.Reading> files) {
        return new DirectoryWatch(files, files.get(), next -> {
            published.add(next.digest());
            return acknowledgement;
        });
    }

    private static int weight(DirectoryWatch watch) {
        return watch.get().brokers().get(0).weight();
    }

    @Test
    void what_has_not_changed_is_neither_published_nor_exchanged() {
        DirectoryWatch watch = watch(file);
        BrokerDirectory first = watch.get();
        watch.look();
        assertThat(watch.get()).isSameAs(first);
        assertThat(published).isEmpty();
    }

    @Test
    void a_file_that_is_written_in_place_or_replaced_is_taken_up() throws IOException {
        DirectoryWatch watch = watch(file);
        Files.writeString(file, YAML.replace("weight: 3", "weight: 4"));
        watch.look();
        assertThat(weight(watch)).isEqualTo(4);
        Path next = Files.writeString(directory.resolve("next"), YAML.replace("weight: 3", "weight: 5"));
        // Same size, and the same time down to what a file system keeps.
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        watch.look();
        assertThat(weight(watch)).isEqualTo(5);
        assertThat(published)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .endsWith(watch.get().digest());
    }

    /** As Kubernetes mounts a volume: the names are links into a directory that is itself a link, which is replaced. */
    @Test
    void a_link_that_is_moved_to_another_version_is_taken_up_with_all_that_hangs_on_it() throws IOException {
        for (String version : List.of("one", "two")) {
            Path data = Files.createDirectory(directory.resolve(version));
            Files.writeString(
                    data.resolve("brokers.yaml"),
                    YAML.replace("weight: 3", version.equals("one") ? "weight: 3" : "weight: 9"));
            PrivateFiles.write(data.resolve("fjord.secret"), version.equals("one") ? Examples.SECRET : OTHER_SECRET);
        }
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Files.createSymbolicLink(mount.resolve("..data"), directory.resolve("one"));
        Files.createSymbolicLink(mount.resolve("brokers.yaml"), Path.of("..data", "brokers.yaml"));
        Files.createSymbolicLink(mount.resolve("fjord.secret"), Path.of("..data", "fjord.secret"));
        DirectoryWatch watch = watch(mount.resolve("brokers.yaml"));
        Files.createSymbolicLink(mount.resolve("..data-new"), directory.resolve("two"));
        Files.move(mount.resolve("..data-new"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        watch.look();
        assertThat(weight(watch)).isEqualTo(9);
        assertThat(published).hasSize(1);
    }

    @Test
    void a_secret_alone_is_exchanged_without_a_new_version() throws IOException {
        DirectoryWatch watch = watch(file);
        BrokerDirectory before = watch.get();
        PrivateFiles.write(directory.resolve("fjord.secret"), OTHER_SECRET);
        watch.look();
        assertThat(watch.get()).isNotSameAs(before);
        assertThat(watch.get().digest()).isEqualTo(before.digest());
        assertThat(watch.get().brokers().get(0).secrets())
                .isNotEqualTo(before.brokers().get(0).secrets());
        assertThat(published).isEmpty();
    }

    @Test
    void a_bad_file_keeps_the_version_before_it_and_says_all_that_is_wrong_until_it_is_mended() throws IOException {
        DirectoryWatch watch = watch(file);
        BrokerDirectory before = watch.get();
        for (String wrong : List.of(YAML.replace("weight: 3", "weight: 0\n    priority: -1"), "", "brokers: [")) {
            Files.writeString(file, wrong);
            watch.look();
            assertThat(watch.get()).isSameAs(before);
            assertThat(watch.problems()).hasSize(wrong.contains("priority") ? 2 : 1);
            assertThat(watch.warning()).isPresent();
        }
        Files.delete(file);
        watch.look();
        assertThat(watch.get()).isSameAs(before);
        assertThat(watch.problems()).hasSize(1);
        Files.writeString(file, YAML);
        watch.look();
        assertThat(watch.problems()).isEmpty();
        assertThat(watch.warning()).isEmpty();
        assertThat(watch.get().digest()).isEqualTo(before.digest());
        assertThat(published).isEmpty();
    }

    @Test
    void a_version_is_used_once_its_event_is_acknowledged_and_published_again_if_it_is_not() throws IOException {
        DirectoryWatch watch = watch(file);
        Files.writeString(file, YAML.replace("weight: 3", "weight: 4"));
        acknowledgement = CompletableFuture.failedFuture(new IOException("Kafka is away"));
        watch.look();
        assertThat(weight(watch)).isEqualTo(3);
        CompletableFuture<Object> later = new CompletableFuture<>();
        acknowledgement = later;
        watch.look();
        watch.look();
        assertThat(weight(watch)).isEqualTo(3);
        assertThat(published).hasSize(2);
        later.complete(null);
        assertThat(weight(watch)).isEqualTo(4);
        watch.look();
        assertThat(published).hasSize(2);
    }

    @Test
    void what_has_changed_is_said_by_broker_and_member_and_never_by_value() {
        BrokerDirectory before = Examples.directory(Examples.broker("a", 1, 1), Examples.broker("b", 1, 1));
        BrokerDirectory after = Examples.directory(Examples.broker("b", 2, 3), Examples.broker("c", 1, 1));
        assertThat(DirectoryChanges.between(before, after))
                .containsExactly("b: priority, weight", "c added", "a removed");
        assertThat(DirectoryChanges.between(before, before)).isEmpty();
    }
}
