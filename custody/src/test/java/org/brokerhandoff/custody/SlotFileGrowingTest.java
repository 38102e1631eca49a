package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot file that is opened while it grows, as by two services that start at the same moment. */
class SlotFileGrowingTest {
    private static final int ROUNDS = 20;
    /** Of the smallest chunks, so that it grows for a while. */
    private static final int FIRST = 32;

    private static final int SLOTS = 2048;

    @TempDir
    Path directory;

    @Test
    void a_file_that_another_makes_longer_right_now_is_not_taken_for_a_shortened_one() throws Exception {
        ExecutorService opening = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Path file = directory.resolve("slots-" + round);
                FileKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset-" + round));
                SlotFile.open(new CustodySettings(file, FIRST, SLOTS), keyset).close();
                CyclicBarrier start = new CyclicBarrier(2);
                CompletableFuture<Void> grown = CompletableFuture.runAsync(
                        () -> {
                            await(start);
                            SlotFile.open(new CustodySettings(file, SLOTS, SLOTS), keyset)
                                    .close();
                        },
                        opening);
                CompletableFuture<Void> opened = CompletableFuture.runAsync(
                        () -> {
                            await(start);
                            while (!grown.isDone()) {
                                SlotFile.open(new CustodySettings(file, FIRST, SLOTS), keyset)
                                        .close();
                            }
                        },
                        opening);
                grown.get(60, TimeUnit.SECONDS);
                opened.get(60, TimeUnit.SECONDS);
                try (SlotFile custody = SlotFile.open(new CustodySettings(file, FIRST, SLOTS), keyset)) {
                    assertThat(awaited(custody.usage()).capacity()).isEqualTo(SLOTS);
                }
            }
        } finally {
            opening.shutdownNow();
        }
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
