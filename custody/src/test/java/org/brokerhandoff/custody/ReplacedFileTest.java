package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.assertFails;

import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A slot file that is written over, replaced or removed under running processes. */
class ReplacedFileTest extends RestoredFile {
    private static void assertRefusesEverything(SlotFile custody, SlotReference slot, UUID id) {
        assertThatThrownBy(() -> awaited(custody.key(slot, id))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.read(slot))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.find(id))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.erased())).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> custody.sweep(NOW)).isInstanceOf(CustodyException.class);
        assertFails(custody.hold(UUID.randomUUID(), EXPIRY));
        assertFails(custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord")));
        assertFails(custody.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(custody.failed()).isTrue();
        assertThat(custody.failure().orElseThrow()).contains("was changed from outside");
    }

    @Test
    void an_older_copy_written_over_the_file_gives_nothing_back_in_any_process_and_stops_them_all() throws Exception {
        UUID purged = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        try (SlotFile ingest = open();
                SlotFile router = open()) {
            SlotReference purgedSlot = hold(ingest, purged);
            SlotReference liveSlot = hold(ingest, live);
            assertThat(awaited(router.key(purgedSlot, purged))).isPresent();
            byte[] image = Files.readAllBytes(file());
            purge(router, purgedSlot, purged);
            // As cp does it, but without the moment in which the file is empty: that is the next test's.
            overwrite(image);
            assertRefusesEverything(ingest, purgedSlot, purged);
            assertRefusesEverything(router, liveSlot, live);
        }
    }

    /** Whether custody refuses; otherwise it has none. */
    private static boolean refusesKey(SlotFile custody, SlotReference slot, UUID signupId) {
        try {
            assertThat(awaited(custody.key(slot, signupId))).isEmpty();
            return false;
        } catch (CustodyException e) {
            return true;
        }
    }

    @Test
    void a_copy_that_empties_the_file_first_gives_nothing_back_to_a_reader_that_never_stops_asking() throws Exception {
        UUID purged = UUID.randomUUID();
        try (SlotFile ingest = open();
                SlotFile router = open()) {
            SlotReference slot = hold(ingest, purged);
            byte[] image = Files.readAllBytes(file());
            purge(router, slot, purged);
            CountDownLatch asking = new CountDownLatch(1);
            ExecutorService reader = Executors.newSingleThreadExecutor();
            Future<String> end = reader.submit(() -> {
                while (true) {
                    try {
                        if (refusesKey(router, slot, purged)) {
                            return "refused";
                        }
                        asking.countDown();
                    } catch (InternalError e) {
                        // The virtual machine reports the fault of a page that is gone when it gets to it, perhaps only
                        // after the call
                        // has returned. Nothing was given back, and a repeated call is refused.
                    }
                }
            });
            assertThat(asking.await(30, TimeUnit.SECONDS)).isTrue();
            Files.write(file(), image); // truncates, then writes, as cp does
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo("refused");
            reader.shutdown();
            assertThat(router.failed()).isTrue();
            assertRefusesEverything(ingest, slot, purged);
        }
    }

    @Test
    void a_process_that_has_the_file_open_notices_also_after_another_has_opened_the_older_copy() throws Exception {
        UUID purged = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, purged);
            byte[] image = Files.readAllBytes(file());
            purge(running, slot, purged);
            overwrite(image);
            try (SlotFile started = open()) {
                assertThat(started.serving()).isFalse();
                assertThat(started.serveKeysAfter(
                                (signups, mark, handler) -> handler.purged(purged, slot.slot(), slot.generation()),
                                HOLD))
                        .isEqualTo(1);
                assertThat(hold(started, UUID.randomUUID())).isNotNull();
                assertRefusesEverything(running, slot, purged);
                assertThat(awaited(started.key(slot, purged))).isEmpty();
                assertThat(started.failed()).isFalse();
            }
        }
    }

    @Test
    void a_sync_of_a_running_process_during_a_start_is_not_taken_for_an_older_copy() {
        UUID id = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, id);
            RotatingKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
            RotatingKeyset slow = (RotatingKeyset) Proxy.newProxyInstance(
                    RestoreTest.class.getClassLoader(),
                    new Class<?>[] {RotatingKeyset.class},
                    (proxy, method, args) -> {
                        if (method.getName().equals("slotFileSerial")) {
                            hold(running, UUID.randomUUID());
                        }
                        return method.invoke(keyset, args);
                    });
            try (SlotFile started =
                    SlotFile.open(new CustodySettings(file(), 64, 64), slow, InstantSource.fixed(NOW))) {
                assertThat(started.failed()).isFalse();
                assertThat(awaited(running.key(slot, id))).isPresent();
                assertThat(running.failed()).isFalse();
            }
        }
    }

    @Test
    void a_file_put_in_its_place_is_noticed_by_the_next_sweep_or_sync() throws Exception {
        UUID id = UUID.randomUUID();
        for (boolean bySweep : new boolean[] {true, false}) {
            try (SlotFile running = open()) {
                assertThat(running.serveKeysAfter(NO_PURGES, HOLD)).isZero();
                SlotReference slot = hold(running, id);
                Path copy = directory.resolve("copy");
                Files.write(copy, Files.readAllBytes(file()));
                Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
                if (bySweep) {
                    assertThatThrownBy(() -> running.sweep(NOW))
                            .isInstanceOf(CustodyException.class)
                            .hasMessageContaining("another file now has its name");
                } else {
                    assertFails(running.hold(UUID.randomUUID(), EXPIRY));
                }
                assertThatThrownBy(() -> awaited(running.key(slot, id))).isInstanceOf(CustodyException.class);
                assertThat(running.failed()).isTrue();
            }
        }
    }

    @Test
    void a_file_that_was_removed_or_truncated_under_a_process_stops_it() throws Exception {
        UUID id = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, id);
            try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.truncate(SlotLayout.HEADER_BYTES);
            }
            assertThatThrownBy(() -> running.sweep(NOW))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("truncated");
            assertThatThrownBy(() -> awaited(running.key(slot, id))).isInstanceOf(CustodyException.class);
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("truncated, it has 0 slots and had 64");
        Files.delete(file());
        assertThatThrownBy(this::open)
                .as("a new file under the old keyset")
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("belongs to slot file");
    }
}
