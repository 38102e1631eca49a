package org.brokerhandoff.custody.owners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases between real processes, which are killed, stopped and continued, and within one. */
@Timeout(120)
class PartitionLeasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<Holder> started = new ArrayList<>();

    /** Another process that does as it is told. */
    private static final class Holder implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final Writer orders;

        Holder(Path slotFile) throws IOException {
            List<String> command = JvmOptions.command(
                    LeaseHoldingProcess.class, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            command.add(slotFile.toString());
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            orders = process.outputWriter(StandardCharsets.US_ASCII);
            assertThat(answers.readLine()).isEqualTo("ready");
        }

        String tell(String order) throws IOException {
            orders.write(order + "\n");
            orders.flush();
            return answers.readLine();
        }

        void signal(String signal) throws Exception {
            assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Path slotFile() {
        return directory.resolve("slots");
    }

    private Path leaseFile() {
        return directory.resolve("slots.owners");
    }

    private Holder holder() throws IOException {
        Holder holder = new Holder(slotFile());
        started.add(holder);
        return holder;
    }

    @AfterEach
    void end() {
        started.forEach(Holder::close);
    }

    private static PartitionLease acquired(LeaseOutcome outcome) {
        return ((LeaseOutcome.Acquired) outcome).lease();
    }

    private static LeaseOutcome refusedBy(Holder holder, boolean stopped) {
        return new LeaseOutcome.Refused(new LeaseHolder.OtherProcess(holder.process.pid(), stopped));
    }

    @Test
    void each_partition_has_one_owner_among_processes_and_the_next_has_it_when_it_is_given_back() throws Exception {
        Holder other = holder();
        assertThat(other.tell("take 3")).isEqualTo("acquired");
        assertThat(other.tell("take 4")).isEqualTo("acquired");
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            assertThat(leases.tryAcquire(3)).isEqualTo(refusedBy(other, false));
            assertThat(leases.tryAcquire(4)).isEqualTo(refusedBy(other, false));
            assertThat(leases.waiting().keySet()).containsExactly(3, 4);
            // Those beside them, up to the last one, are free.
            for (int partition : new int[] {0, 2, 5, 7}) {
                assertThat(acquired(leases.tryAcquire(partition)).held()).isTrue();
                assertThat(other.tell("take " + partition))
                        .isEqualTo("refused process " + ProcessHandle.current().pid());
            }
            assertThat(other.tell("give 3")).isEqualTo("given");
            PartitionLease lease = acquired(leases.tryAcquire(3));
            assertThat(leases.waiting().keySet()).containsExactly(4);
            leases.abandon(4);
            assertThat(leases.waiting()).isEmpty();
            assertThat(other.tell("take 3")).startsWith("refused");
            lease.close();
            assertThat(other.tell("take 3")).isEqualTo("acquired");
            assertThat(leases.look()).isEmpty();
            assertThat(other.tell("look")).isEqualTo("well");
        }
        assertThat(other.tell("take 7")).isEqualTo("acquired");
        assertThat(Files.size(leaseFile())).isZero();
    }

    @Test
    void kill_frees_all_that_a_process_had() throws Exception {
        Holder other = holder();
        Holder third = holder();
        assertThat(other.tell("take 1")).isEqualTo("acquired");
        assertThat(other.tell("take 2")).isEqualTo("acquired");
        assertThat(third.tell("take 6")).isEqualTo("acquired");
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            other.signal("-KILL");
            assertThat(other.process.waitFor()).isEqualTo(137);
            await().atMost(LIMIT).until(() -> leases.tryAcquire(1) instanceof LeaseOutcome.Acquired);
            assertThat(leases.tryAcquire(2)).isInstanceOf(LeaseOutcome.Acquired.class);
            assertThat(leases.tryAcquire(6)).isEqualTo(refusedBy(third, false));
        }
    }

    @Test
    void a_stopped_process_keeps_its_lease_is_named_and_goes_on_as_the_owner() throws Exception {
        Holder other = holder();
        assertThat(other.tell("take 1")).isEqualTo("acquired");
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            other.signal("-STOP");
            await().atMost(LIMIT).until(() -> leases.tryAcquire(1).equals(refusedBy(other, true)));
            assertThat(leases.waiting().get(1)).hasToString("process " + other.process.pid() + ", which is stopped");
            other.signal("-CONT");
            assertThat(other.tell("look")).isEqualTo("well");
            assertThat(leases.tryAcquire(1)).isEqualTo(refusedBy(other, false));
            // Killed while it is stopped, it is free all the same.
            other.signal("-STOP");
            other.signal("-KILL");
            other.process.waitFor();
            await().atMost(LIMIT).until(() -> leases.tryAcquire(1) instanceof LeaseOutcome.Acquired);
        }
    }

    @Test
    void two_in_one_process_exclude_each_other_and_the_end_of_one_does_not_free_the_others() throws Exception {
        Path link = directory.resolveSibling(directory.getFileName() + "-link");
        Files.createSymbolicLink(link, directory);
        Holder other = holder();
        try (PartitionLeases one = FileLeases.open(slotFile(), 8)) {
            PartitionLease lease = acquired(one.tryAcquire(5));
            // By another name of the directory, and by a second name of the file.
            Files.createLink(directory.resolve("hard.owners"), leaseFile());
            for (Path name : List.of(slotFile(), link.resolve("slots"), directory.resolve("hard"))) {
                try (PartitionLeases two = FileLeases.open(name, 8)) {
                    assertThat(two.tryAcquire(5)).isEqualTo(new LeaseOutcome.Refused(new LeaseHolder.ThisProcess()));
                    assertThat(acquired(two.tryAcquire(6)).held()).isTrue();
                    assertThat(other.tell("take 6")).startsWith("refused");
                }
                assertThat(other.tell("take 5"))
                        .as("opened and closed as %s", name)
                        .startsWith("refused");
                assertThat(other.tell("take 6")).isEqualTo("acquired");
                assertThat(other.tell("give 6")).isEqualTo("given");
                assertThat(lease.held()).isTrue();
                assertThat(one.look()).isEmpty();
            }
            lease.close();
            lease.close();
            assertThat(lease.held()).isFalse();
            assertThat(other.tell("take 5")).isEqualTo("acquired");
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void an_interrupted_thread_takes_and_gives_back_as_any_and_drops_nothing() throws Exception {
        Holder other = holder();
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            PartitionLease kept = acquired(leases.tryAcquire(1));
            Thread.currentThread().interrupt();
            PartitionLease taken = acquired(leases.tryAcquire(2));
            taken.close();
            assertThat(leases.look()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(other.tell("take 1")).startsWith("refused");
            assertThat(other.tell("take 2")).isEqualTo("acquired");
            assertThat(kept.held()).isTrue();
        }
    }

    @Test
    void a_file_that_was_deleted_or_replaced_gives_no_lease_and_ends_those_that_were_given() throws Exception {
        for (boolean replaced : new boolean[] {false, true}) {
            Holder other = holder();
            assertThat(other.tell("take 0")).isEqualTo("acquired");
            try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
                PartitionLease lease = acquired(leases.tryAcquire(1));
                if (replaced) {
                    Path copy = Files.copy(leaseFile(), directory.resolve("copy"));
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
                    Files.move(copy, leaseFile(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.delete(leaseFile());
                }
                String what = replaced ? "was replaced" : "was deleted";
                assertThatThrownBy(() -> leases.tryAcquire(2))
                        .isInstanceOf(CustodyException.class)
                        .hasMessageContaining(what)
                        .hasMessageContaining("restart every router");
                assertThat(lease.held()).isFalse();
                assertThat(leases.look().orElseThrow()).contains(what);
                assertThat(other.tell("look")).contains(what);
                assertThat(other.tell("take 2")).startsWith("CustodyException").contains(what);
                if (!replaced) {
                    // Another process makes a new one; this one must not join it while it has the old one open.
                    assertThat(holder().tell("take 1")).isEqualTo("acquired");
                }
                assertThatThrownBy(() -> FileLeases.open(slotFile(), 8)).isInstanceOf(CustodyException.class);
            }
            end();
            started.clear();
            // When all have ended, it begins again.
            try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
                assertThat(acquired(leases.tryAcquire(1)).held()).isTrue();
            }
        }
    }

    @Test
    void a_lock_that_something_else_in_the_process_has_dropped_is_noticed() throws Exception {
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            PartitionLease lease = acquired(leases.tryAcquire(3));
            assertThat(leases.look()).isEmpty();
            try (InputStream stream = Files.newInputStream(leaseFile())) {
                assertThat(stream.read()).isEqualTo(-1);
            }
            assertThat(leases.look().orElseThrow())
                    .contains("the lease of partition 3 was lost")
                    .contains("restart this process");
            assertThat(lease.held()).isFalse();
            assertThatThrownBy(() -> leases.tryAcquire(4)).isInstanceOf(CustodyException.class);
        }
    }

    @Test
    void others_have_no_access_and_a_file_of_theirs_is_refused() throws Exception {
        try (PartitionLeases leases = FileLeases.open(slotFile(), 8)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(leaseFile())))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> leases.tryAcquire(8)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> leases.tryAcquire(-1)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String mode : List.of("rw-r--r--", "rw-rw----", "rw-----w-")) {
            Files.setPosixFilePermissions(leaseFile(), PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> FileLeases.open(slotFile(), 8))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining(mode)
                    .hasMessageContaining("0600");
        }
        Files.delete(leaseFile());
        Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
        Files.createSymbolicLink(leaseFile(), elsewhere);
        assertThatThrownBy(() -> FileLeases.open(slotFile(), 8))
                .isInstanceOfAny(CustodyException.class, UncheckedIOException.class);
        Files.delete(leaseFile());
        Files.createDirectory(leaseFile());
        assertThatThrownBy(() -> FileLeases.open(slotFile(), 8))
                .isInstanceOfAny(CustodyException.class, UncheckedIOException.class);
        Files.delete(leaseFile());
        Path deep = directory.resolve("made/for/it/slots");
        try (PartitionLeases leases = FileLeases.open(deep, 1)) {
            assertThat(acquired(leases.tryAcquire(0)).held()).isTrue();
        }
    }
}
