package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncCompanionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final List<String> synced = new CopyOnWriteArrayList<>();

    @Test
    void the_other_file_is_synced_before_the_slots_in_the_same_turn_whatever_asked_for_it() {
        try (SlotFile custody = open(() -> synced.add("slots"))) {
            custody.syncWith(() -> synced.add("other"));
            synced.clear();
            HoldOutcome.Held held = (HoldOutcome.Held) hold(custody).join();
            assertThat(synced).containsExactly("other", "slots");
            custody.erase(held.slot(), UUID.randomUUID(), EraseReason.EXPIRED)
                    .toCompletableFuture()
                    .join();
            assertThat(synced.size() % 2).isZero();
        }
    }

    @Test
    void what_was_written_before_a_hold_is_covered_when_its_stage_completes() {
        AtomicInteger written = new AtomicInteger();
        AtomicInteger covered = new AtomicInteger();
        try (SlotFile custody = open(() -> {})) {
            custody.syncWith(() -> covered.set(written.get()));
            custody.completeOn(Runnable::run);
            List<CompletableFuture<Void>> all = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 200; i++) {
                int own = written.incrementAndGet();
                all.add(hold(custody)
                        .thenAccept(held -> assertThat(covered.get()).isGreaterThanOrEqualTo(own)));
            }
            all.forEach(CompletableFuture::join);
        }
    }

    @Test
    void stages_complete_where_they_are_told_to_also_when_a_sync_fails() {
        List<String> threads = new CopyOnWriteArrayList<>();
        try (SlotFile custody = open(() -> {
            synced.add("slots");
            if (synced.contains("broken")) {
                throw new IOException("as if the disk were gone");
            }
        })) {
            custody.completeOn(task -> {
                threads.add(Thread.currentThread().getName());
                task.run();
            });
            hold(custody).join();
            synced.add("broken");
            assertThatThrownBy(() -> hold(custody).join()).isInstanceOf(CompletionException.class);
        }
        assertThat(threads).hasSize(2).containsOnly("custody-sync");
    }

    private static CompletableFuture<HoldOutcome> hold(SlotFile custody) {
        return custody.hold(UUID.randomUUID(), NOW.plus(Duration.ofHours(1))).toCompletableFuture();
    }

    private SlotFile open(SyncGroup.Target target) {
        return SlotFile.open(
                new CustodySettings(directory.resolve("custody.slots"), 256, 256),
                FileKeyset.openOrCreate(directory.resolve("custody.keyset")),
                InstantSource.fixed(NOW),
                new SlotFile.Parts(target, FaultPoints.NONE));
    }
}
