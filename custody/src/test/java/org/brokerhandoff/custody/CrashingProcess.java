package org.brokerhandoff.custody;

import static org.brokerhandoff.custody.Answers.awaited;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds, erases, frees and rotates the epoch keys without end, to be killed. Each step is told on standard output in one line and one write:
 * {@code H} after a hold completed, {@code B} before an erasure begins, {@code E} after it completed, {@code F} before
 * the slot is freed.
 */
final class CrashingProcess {
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private static final Instant FAR_AWAY = Instant.parse("2286-01-01T00:00:00Z");

    private CrashingProcess() {}

    public static void main(String[] arguments) {
        // A thread that fails must end the test, not leave it waiting for lines that do not come.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        FileKeyset keyset = FileKeyset.openOrCreate(Path.of(arguments[1]));
        SlotFile custody = SlotFile.open(new CustodySettings(Path.of(arguments[0]), 256, 1 << 20), keyset);
        var unused = custody.serveKeysAfter((signups, mark, handler) -> {}, Duration.ZERO);
        new Thread(() -> {
                    while (true) {
                        // The two processes take turns; in between the processors are left to the other threads.
                        LockSupport.parkNanos(2_000_000);
                        var unusedOutcome = custody.rotate(Instant.now(), Duration.ofMillis(20));
                    }
                })
                .start();
        for (int i = 0; i < 8; i++) {
            new Thread(() -> {
                        while (true) {
                            step(custody);
                        }
                    })
                    .start();
        }
    }

    private static void step(SlotFile custody) {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = (HoldOutcome.Held)
                custody.hold(id, FAR_AWAY).toCompletableFuture().join();
        SlotReference slot = held.slot();
        tell("H", slot, id, HexFormat.of().formatHex(held.key().getEncoded()));
        int what = ThreadLocalRandom.current().nextInt(4);
        if (what > 0) {
            tell("B", slot, id, "");
            custody.erase(slot, id, EraseReason.DELIVERED).toCompletableFuture().join();
            tell("E", slot, id, "");
            if (what > 1) {
                tell("F", slot, id, "");
                awaited(custody.free(slot, id));
            }
        }
    }

    private static void tell(String what, SlotReference slot, UUID id, String key) {
        String line = what + " " + slot.slot() + " " + slot.generation() + " " + id + " " + key + "\n";
        try {
            synchronized (OUT) {
                OUT.write(line.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
