package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** Tests that put an older copy of a slot file in its place. */
abstract class RestoredFile {
    static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    static final Instant EXPIRY = NOW.plusSeconds(3600);
    static final Duration HOLD = Duration.ofHours(2);
    static final PurgeHistory NO_PURGES = (signups, mark, handler) -> {};
    static final BrokerTag FJORD = BrokerTag.of("fjord");

    @TempDir
    Path directory;

    Path file() {
        return directory.resolve("slots");
    }

    SlotFile open() {
        return SlotFile.open(
                new CustodySettings(file(), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")),
                InstantSource.fixed(NOW));
    }

    static SlotReference hold(SlotFile custody, UUID id) {
        return ((HoldOutcome.Held) now(custody.hold(id, EXPIRY))).slot();
    }

    static void purge(SlotFile custody, SlotReference slot, UUID id) {
        assertThat(now(custody.erase(slot, id, EraseReason.DELIVERED))).isInstanceOf(EraseOutcome.Erased.class);
        assertThat(awaited(custody.free(slot, id))).isTrue();
    }

    void overwrite(byte[] image) throws IOException {
        overwrite(0, image);
    }

    void overwrite(long at, byte[] bytes) throws IOException {
        new SlotBytes(file()).write(at, bytes);
    }
}
