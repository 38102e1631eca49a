package org.brokerhandoff.custody.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotFileBytes;
import org.brokerhandoff.custody.SlotReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final int SLOTS = 32_768;

    @TempDir
    Path directory;

    private Path file;
    private SlotFile custody;

    @BeforeEach
    void open() {
        file = directory.resolve("slots");
        custody = SlotFile.open(
                new CustodySettings(file, SLOTS, SLOTS), FileKeyset.openOrCreate(directory.resolve("keyset")));
    }

    @AfterEach
    void close() {
        custody.close();
    }

    @Test
    void an_erased_key_is_nowhere_in_the_file_and_its_slot_is_free_again() throws IOException {
        CanaryResult result = new Canary(custody, file).run(NOW);
        assertThat(result).isEqualTo(new CanaryResult.Clean(custody.readBack(), Files.size(file)));
        assertThat(awaited(custody.usage()).live() + awaited(custody.usage()).erased())
                .isZero();
    }

    @Test
    void a_copy_anywhere_in_the_file_is_found_also_half_of_one_and_one_across_two_reads() {
        long end = SlotFileBytes.wrappedKeyOffset(new SlotReference(SLOTS - 1, 0));
        for (long offset : new long[] {12_288, 1 << 20, (1 << 20) - 30, (3 << 20) - 40, end, end + 7}) {
            CanaryResult whole = new Canary(copying(offset, 0, SlotFileBytes.WRAPPED_KEY_BYTES), file).run(NOW);
            assertThat(whole).isInstanceOf(CanaryResult.Found.class);
            overwrite(offset, new byte[SlotFileBytes.WRAPPED_KEY_BYTES]);
        }
        assertThat(new Canary(copying(9000, 28, 44), file).run(NOW)).isEqualTo(new CanaryResult.Found("offset 9028"));
    }

    @Test
    void a_key_that_is_left_at_its_own_place_is_found_there() {
        long place = SlotFileBytes.wrappedKeyOffset(new SlotReference(0, 1));
        CanaryResult result = new Canary(copying(place, 0, SlotFileBytes.WRAPPED_KEY_BYTES), file).run(NOW);
        assertThat(result).isEqualTo(new CanaryResult.Found("offset " + (place + 12) + ", its own place"));
    }

    @Test
    void a_service_does_not_start_where_overwriting_does_not_work() {
        KeyCustody copying = copying(9000, 0, SlotFileBytes.WRAPPED_KEY_BYTES);
        assertThatThrownBy(() -> Preflight.ofService(copying, file, directory.resolve("keyset"), NOW))
                .isInstanceOf(OverwritingFails.class)
                .hasMessageContaining("CANARY_FOUND")
                .hasMessageContaining("offset 9012");
    }

    @Test
    void a_full_file_leaves_the_canary_undone_and_the_ceiling_low() throws Exception {
        for (int i = 0; i < SLOTS; i += 1024) {
            for (int j = 0; j < 1023; j++) {
                var unused = custody.hold(UUID.randomUUID(), NOW.plusSeconds(60));
            }
            assertThat(custody.hold(UUID.randomUUID(), NOW.plusSeconds(60))
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(HoldOutcome.Held.class);
        }
        Examination examination = Preflight.ofService(custody, file, directory.resolve("keyset"), NOW);
        assertThat(examination.canary()).isEqualTo(new CanaryResult.NotDone("no slot is free"));
        assertThat(examination.highest()).isEqualTo(PurgeCeiling.UNREADABLE);
    }

    @Test
    void examining_a_place_leaves_nothing_behind_and_needs_neither_file_nor_directory() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Examination examination =
                Preflight.ofPlace(elsewhere.resolve("var/custody.slots"), elsewhere.resolve("var/custody.keyset"), NOW);
        assertThat(examination.canary()).isInstanceOf(CanaryResult.Clean.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** The slot file, with a disk below it that copies a part of the wrapped key elsewhere when it is erased. */
    private KeyCustody copying(long offset, int from, int to) {
        return (KeyCustody) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyCustody.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("erase")) {
                        return invoked(method, arguments);
                    }
                    SlotReference slot = (SlotReference) arguments[0];
                    byte[] wrapped = wrapped(slot);
                    var erased = custody.erase(slot, (UUID) arguments[1], (EraseReason) arguments[2]);
                    var outcome = erased.toCompletableFuture().get(30, TimeUnit.SECONDS);
                    overwrite(offset + from, Arrays.copyOfRange(wrapped, from, to));
                    return java.util.concurrent.CompletableFuture.completedFuture(outcome);
                });
    }

    private Object invoked(java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(custody, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private byte[] wrapped(SlotReference slot) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SlotFileBytes.WRAPPED_KEY_BYTES);
            assertThat(channel.read(bytes, SlotFileBytes.wrappedKeyOffset(slot)))
                    .isEqualTo(bytes.capacity());
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void overwrite(long offset, byte[] bytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.write(ByteBuffer.wrap(bytes), offset)).isEqualTo(bytes.length);
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
