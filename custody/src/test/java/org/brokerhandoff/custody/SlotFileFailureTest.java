package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.assertFails;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

/** Custody that fails or is closed. */
class SlotFileFailureTest extends TwoProcesses {
    @Test
    void after_a_failed_sync_nothing_is_accepted_any_more() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        SyncGroup.Target sync = () -> {
            if (broken.get()) {
                throw new IOException("the disk is gone");
            }
        };
        try (SlotFile failing = SlotFile.open(
                new CustodySettings(file(), 64, 64),
                keyset,
                InstantSource.fixed(NOW),
                new SlotFile.Parts(sync, FaultPoints.NONE))) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            broken.set(true);
            assertFails(failing.hold(UUID.randomUUID(), EXPIRY));
            broken.set(false);
            assertThat(failing.failed()).isTrue();
            assertThat(awaited(failing.usage()).failed()).isTrue();
            assertFails(failing.hold(UUID.randomUUID(), EXPIRY));
            assertFails(failing.offer(() -> true, slot, id, 0, FJORD));
            assertFails(failing.heldKey(slot, id));
            assertFails(failing.erase(slot, id, EraseReason.WITHDRAWN));
            assertThatThrownBy(() -> failing.sweep(EXPIRY)).isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(failing.key(slot, id))).isInstanceOf(CustodyException.class);
            assertThat(failing.failure().orElseThrow()).contains("could not be made durable");
            assertThat(awaited(router.key(slot, id)))
                    .as("a withdrawal still stops every offer")
                    .isEmpty();
            assertThat(now(router.erase(slot, id, EraseReason.WITHDRAWN)))
                    .as("a healthy process finishes it")
                    .isInstanceOf(EraseOutcome.AlreadyErased.class);
        }
    }

    @Test
    void without_its_epoch_key_a_slot_file_gives_no_key_but_can_still_destroy_it() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        KeysetSource none = new KeysetSource() {
            @Override
            public int currentEpoch() {
                return 1;
            }

            @Override
            public Optional<SecretKey> key(int epoch) {
                return Optional.empty();
            }
        };
        try (SlotFile blind = SlotFile.open(new CustodySettings(file(), 64, 64), none)) {
            blind.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertThat(awaited(blind.key(slot, id))).isEmpty();
            assertFails(blind.hold(UUID.randomUUID(), EXPIRY));
            assertThat(now(blind.erase(slot, id, EraseReason.EXPIRED))).isInstanceOf(EraseOutcome.Erased.class);
        }
    }

    @Test
    void a_closed_custody_accepts_nothing_but_finished_what_waited() {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        SlotFile closing = open(64, 64);
        for (int i = 0; i < 20; i++) {
            holds.add(closing.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
        }
        closing.close();
        closing.close();
        holds.forEach(hold -> assertThat(now(hold)).isInstanceOf(HoldOutcome.Held.class));
        assertFails(closing.hold(UUID.randomUUID(), EXPIRY));
    }
}
