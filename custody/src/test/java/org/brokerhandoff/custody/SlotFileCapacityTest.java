package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A file that is full, and one that grows. */
class SlotFileCapacityTest extends TwoProcesses {
    @Test
    void a_full_file_refuses_and_overwrites_nothing() {
        List<HoldOutcome.Held> held = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ids.add(UUID.randomUUID());
            held.add(hold(ids.get(i)));
        }
        assertThat(now(ingest.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        assertThat(awaited(ingest.usage()).live()).isEqualTo(64);
        for (int i = 0; i < 64; i++) {
            assertThat(awaited(router.key(held.get(i).slot(), ids.get(i)))
                            .orElseThrow()
                            .getEncoded())
                    .isEqualTo(held.get(i).key().getEncoded());
        }
        now(ingest.erase(held.get(5).slot(), ids.get(5), EraseReason.WITHDRAWN));
        assertThat(now(ingest.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        awaited(ingest.free(held.get(5).slot(), ids.get(5)));
        assertThat(hold(UUID.randomUUID()).slot())
                .isEqualTo(new SlotReference(held.get(5).slot().slot(), 2));
    }

    @Test
    void the_file_grows_up_to_its_maximum_and_the_other_process_sees_it() throws IOException {
        try (SlotFile growing = open(64, 200)) {
            Set<Integer> slots = new HashSet<>();
            List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
            UUID id = UUID.randomUUID();
            for (int i = 0; i < 200; i++) {
                holds.add(growing.hold(id, EXPIRY).toCompletableFuture());
            }
            for (CompletableFuture<HoldOutcome> hold : holds) {
                SlotReference slot = ((HoldOutcome.Held) now(hold)).slot();
                assertThat(slots.add(slot.slot())).isTrue();
                assertThat(awaited(router.key(slot, id))).isPresent();
            }
            assertThat(now(growing.hold(id, EXPIRY))).isEqualTo(new HoldOutcome.Full());
            assertThat(awaited(growing.usage()).live()).isEqualTo(200);
            assertThat(awaited(growing.usage()).capacity()).isEqualTo(200);
            assertThat(Files.size(file())).isEqualTo(65_536 + 256 * 128);
        }
    }

    private static int holdAll(SlotFile custody, int count) {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holds.add(custody.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
        }
        holds.forEach(hold -> assertThat(now(hold)).isInstanceOf(HoldOutcome.Held.class));
        return count;
    }

    @Test
    void holds_go_on_while_the_file_grows() throws Exception {
        CountDownLatch growing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FaultPoints stopInGrowth = step -> {
            if (step == FaultPoints.Step.CHUNK_WRITTEN) {
                growing.countDown();
                try {
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Path large = directory.resolve("large");
        try (SlotFile custody = SlotFile.open(
                new CustodySettings(large, 8192, 16_384),
                FileKeyset.openOrCreate(directory.resolve("its keyset")),
                InstantSource.fixed(NOW),
                new SlotFile.Parts(null, stopInGrowth))) {
            int held = 0;
            while (growing.getCount() > 0) {
                held += holdAll(custody, 64);
            }
            assertThat(held).as("the file grows before it is full").isLessThan(8192 - 2048);
            // While a chunk is written:
            held += holdAll(custody, 2048);
            goOn.countDown();
            held += holdAll(custody, 16_384 - held);
            assertThat(held).isEqualTo(16_384);
            assertThat(now(custody.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        }
    }

    @Test
    void a_chunk_that_a_crash_left_unfinished_is_written_again() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            byte[] half = new byte[4000];
            Arrays.fill(half, (byte) 0x77);
            channel.write(ByteBuffer.wrap(half), channel.size());
        }
        try (SlotFile growing = open(64, 128)) {
            for (int i = 0; i < 128; i++) {
                assertThat(now(growing.hold(UUID.randomUUID(), EXPIRY))).isInstanceOf(HoldOutcome.Held.class);
            }
            assertThat(growing.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 0));
        }
    }
}
