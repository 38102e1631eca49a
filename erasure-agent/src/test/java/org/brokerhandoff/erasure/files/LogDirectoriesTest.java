package org.brokerhandoff.erasure.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;
import org.brokerhandoff.erasure.look.Held;
import org.brokerhandoff.erasure.look.Listing;
import org.brokerhandoff.erasure.look.Listing.Place;
import org.brokerhandoff.erasure.look.Look;
import org.brokerhandoff.erasure.look.SealedPartition;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoriesTest {
    private static final int LOOKS = 200;
    private static final SealedPartition SIGNUPS_0 = new SealedPartition(SealedTopic.SIGNUPS, 0);

    @TempDir
    Path root;

    private final Look look = new Look("");

    private Path log(String name, int node, Uuid id) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        Files.writeString(
                directory.resolve("meta.properties"),
                "version=1\nnode.id=" + node + "\ndirectory.id=" + id + "\ncluster.id=abc\n");
        return directory;
    }

    private Held signups0(LogDirectories directories) {
        return Objects.requireNonNull(look.held(directories.list()).get(SIGNUPS_0));
    }

    private LogDirectories directories(Path... paths) {
        return new LogDirectories(List.of(paths), look::concerns);
    }

    @Test
    void the_broker_and_the_directories_are_known_by_meta_properties() throws IOException {
        Uuid first = Uuid.randomUuid();
        Uuid second = Uuid.randomUuid();
        assertThat(directories(log("a", 7, first), log("b", 7, second)).owner())
                .isEqualTo(new LogDirectories.Owner(7, List.of(first, second)));
    }

    @Test
    void directories_of_two_brokers_are_refused() throws IOException {
        LogDirectories two = directories(log("a", 1, Uuid.randomUuid()), log("b", 2, Uuid.randomUuid()));
        assertThatThrownBy(two::owner)
                .isInstanceOf(LogDirectoriesUnusable.class)
                .hasMessageContaining("different brokers, 1 and 2");
    }

    @Test
    void a_directory_that_kafka_has_not_formatted_is_refused() throws IOException {
        Path empty = Files.createDirectory(root.resolve("empty"));
        assertThatThrownBy(() -> directories(empty).owner())
                .isInstanceOf(LogDirectoriesUnusable.class)
                .hasMessageContaining("meta.properties");
        Files.writeString(empty.resolve("meta.properties"), "version=1\nnode.id=1\n");
        assertThatThrownBy(() -> directories(empty).owner()).hasMessageContaining("directory.id");
        assertThatThrownBy(() -> directories(root.resolve("absent")).list())
                .isInstanceOf(LogDirectoriesUnusable.class)
                .hasMessageContaining("cannot be listed: NoSuchFileException");
    }

    @Test
    void names_and_sizes_of_the_wanted_directories_are_listed() throws IOException {
        Path log = log("a", 1, Uuid.randomUuid());
        Path partition = Files.createDirectory(log.resolve("signups-0"));
        Files.writeString(partition.resolve("00000000000000000005.log"), "1234");
        Files.createFile(partition.resolve("00000000000000000009.log"));
        Files.createDirectory(partition.resolve("odd"));
        Files.createDirectory(log.resolve("purges-0"));
        assertThat(directories(log).list())
                .isEqualTo(new Listing(Map.of(
                        new Place(0, "signups-0"),
                        Map.of(
                                "00000000000000000005.log", 4L,
                                "00000000000000000009.log", 0L,
                                "odd", Listing.UNKNOWN_SIZE))));
    }

    @Test
    void links_are_not_followed_and_count_as_unknown() throws IOException {
        Path log = log("a", 1, Uuid.randomUuid());
        Path partition = Files.createDirectory(log.resolve("signups-0"));
        Path empty = Files.createFile(root.resolve("empty"));
        Files.createSymbolicLink(partition.resolve("elsewhere"), empty);
        assertThat(signups0(directories(log)).unknownFiles()).isOne();
    }

    @Test
    void a_directory_that_may_not_be_read_is_a_failure_and_never_an_empty_one() throws IOException {
        Path log = log("a", 1, Uuid.randomUuid());
        Path partition = Files.createDirectory(log.resolve("signups-0"));
        Files.setPosixFilePermissions(partition, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(partition)).as("root may read everything").isFalse();
        try {
            assertThatThrownBy(() -> directories(log).list()).isInstanceOf(LogDirectoriesUnusable.class);
        } finally {
            Files.setPosixFilePermissions(partition, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The segment at 5 is renamed once during each look, which is as often as Kafka renames a file on its way out. */
    @Test
    void a_segment_that_is_renamed_while_the_directory_is_read_is_not_missed() throws Exception {
        Path log = log("a", 1, Uuid.randomUuid());
        Path partition = Files.createDirectory(log.resolve("signups-0"));
        for (int i = 100; i < 700; i++) {
            Files.writeString(partition.resolve(String.format("%020d.log", i)), "x");
        }
        Path live = partition.resolve("00000000000000000005.log");
        Path deleted = partition.resolve("00000000000000000005.log.deleted");
        Files.writeString(live, "person");
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger renames = new AtomicInteger();
        Thread kafka = new Thread(() -> {
            Random random = new Random(3);
            boolean there = true;
            for (int renamed = 0; renamed < LOOKS; renamed++) {
                while (looks.get() < renamed) {
                    Thread.onSpinWait();
                }
                LockSupport.parkNanos(random.nextInt(2_000_000));
                try {
                    Files.move(there ? live : deleted, there ? deleted : live, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                there = !there;
                renames.incrementAndGet();
            }
        });
        kafka.setDaemon(true);
        kafka.start();
        LogDirectories directories = directories(log);
        for (int round = 0; round < LOOKS; round++) {
            assertThat(signups0(directories).lowestOffset()).as("look " + round).isEqualTo(OptionalLong.of(5));
            while (renames.get() <= round) {
                Thread.onSpinWait();
            }
            looks.incrementAndGet();
        }
        kafka.join();
    }

    @Test
    void files_and_directories_that_vanish_while_they_are_read_are_left_out() throws Exception {
        Path log = log("a", 1, Uuid.randomUuid());
        AtomicBoolean stop = new AtomicBoolean();
        Thread kafka = new Thread(() -> {
            try {
                while (!stop.get()) {
                    Path partition = Files.createDirectories(log.resolve("signups-0"));
                    for (int i = 0; i < 20; i++) {
                        Files.writeString(partition.resolve(String.format("%020d.log.deleted", i)), "x");
                    }
                    for (int i = 0; i < 20; i++) {
                        Files.delete(partition.resolve(String.format("%020d.log.deleted", i)));
                    }
                    Files.delete(partition);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        kafka.start();
        try {
            LogDirectories directories = directories(log);
            for (int round = 0; round < 500; round++) {
                assertThat(directories.list().directories().size()).isLessThanOrEqualTo(1);
            }
        } finally {
            stop.set(true);
            kafka.join();
        }
    }
}
