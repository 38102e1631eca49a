package org.brokerhandoff.custody;

import static org.brokerhandoff.custody.Completed.now;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of one slot file that two processes have open, as ingest and router do. */
abstract class TwoProcesses {
    static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    static final Instant EXPIRY = NOW.plusSeconds(3600);
    static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");

    @TempDir
    Path directory;

    FileKeyset keyset;
    SlotFile ingest;
    SlotFile router;
    SlotBytes raw;
    private final int initial;
    private final int maximum;

    TwoProcesses() {
        this(64, 64);
    }

    TwoProcesses(int initial, int maximum) {
        this.initial = initial;
        this.maximum = maximum;
    }

    @BeforeEach
    void open() {
        keyset = FileKeyset.openOrCreate(directory.resolve("keyset"), InstantSource.fixed(NOW));
        ingest = open(SlotFile.Parts.REAL);
        router = open(SlotFile.Parts.REAL);
        raw = new SlotBytes(file());
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    final SlotFile open(SlotFile.Parts parts) {
        return open(initial, maximum, parts);
    }

    final SlotFile open(int initialSlots, int maximumSlots) {
        return open(initialSlots, maximumSlots, SlotFile.Parts.REAL);
    }

    private SlotFile open(int initialSlots, int maximumSlots, SlotFile.Parts parts) {
        CustodySettings settings = new CustodySettings(file(), initialSlots, maximumSlots);
        return SlotFile.open(settings, keyset, InstantSource.fixed(NOW), parts);
    }

    final Path file() {
        return directory.resolve("slots");
    }

    final HoldOutcome.Held hold(UUID id) {
        return (HoldOutcome.Held) now(ingest.hold(id, EXPIRY));
    }

    static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }
}
