package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;
import static org.brokerhandoff.custody.SlotBytes.hex;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a slot file says of restrictions, to other processes and after them. */
class SlotRestrictionFileTest extends SlotRestrictions {
    private static final int VERSION_AT = 8;

    @Test
    void a_restriction_outlasts_the_process_a_rotation_of_epochs_and_the_growth_of_the_file() {
        HoldOutcome.Held held = hold(id);
        now(ingest.restrict(held.slot(), id));
        assertThat(router.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 1, 0));
        for (int i = 0; i < 200; i++) {
            hold(UUID.randomUUID());
        }
        try (SlotFile later = open(SlotFile.Parts.REAL)) {
            assertThat(awaited(later.read(held.slot())).orElseThrow().restricted())
                    .isTrue();
            assertThat(later.serveKeysAfter((signups, mark, handler) -> {}, HOUR))
                    .isZero();
            assertThat(later.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 0));
            assertThat(now(later.offer(() -> true, held.slot(), id, 0, FJORD)))
                    .isInstanceOf(OfferOutcome.Restricted.class);
            assertThat(hex(awaited(later.key(held.slot(), id)).orElseThrow())).isEqualTo(hex(held.key()));
        }
    }

    @Test
    void a_file_says_that_slots_may_be_restricted_before_the_first_one_is_and_from_then_on() throws IOException {
        assertThat(layoutVersion()).as("an earlier program opens it").isEqualTo(2);
        UUID fileId = raw.header().fileId();
        SlotReference slot = hold(id).slot();
        assertThat(layoutVersion()).isEqualTo(2);
        now(ingest.restrict(slot, id));
        assertThat(layoutVersion()).as("an earlier program refuses it").isEqualTo(3);
        assertThat(raw.header().fileId()).isEqualTo(fileId);
        now(ingest.lift(slot, id));
        now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(layoutVersion()).isEqualTo(3);
        open(SlotFile.Parts.REAL).close();
    }

    @Test
    void a_file_of_a_later_layout_is_refused_with_what_was_found() throws IOException {
        raw.write(VERSION_AT, new byte[] {0, 0, 0, 5});
        assertThatThrownBy(() -> open(SlotFile.Parts.REAL))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("layout version is 5, this program reads 2 to 4");
    }

    @Test
    void a_file_is_opened_while_other_processes_allow_restrictions_in_it() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            AtomicBoolean stop = new AtomicBoolean();
            for (int i = 0; i < 2; i++) {
                var unused = two.submit(() -> {
                    while (!stop.get()) {
                        SlotFileHeader.raise(channel, file(), SlotFileHeader.RESTRICTING_LAYOUT_VERSION);
                    }
                    return null;
                });
            }
            for (int i = 0; i < 2000; i++) {
                assertThat(raw.header().chunkSlots()).isEqualTo(32);
            }
            stop.set(true);
        } finally {
            two.shutdown();
            assertThat(two.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private int layoutVersion() throws IOException {
        return ByteBuffer.wrap(raw.read(VERSION_AT, 4))
                .order(ByteOrder.BIG_ENDIAN)
                .getInt();
    }
}
