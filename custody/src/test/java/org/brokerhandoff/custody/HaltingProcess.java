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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.FaultPoints.Step;

/**
 * Lives through every step of custody, and halts at one: {@code HaltingProcess SLOTS KEYSET STEP COUNT} halts when
 * {@code STEP} is reached for the {@code COUNT}th time. It tells on standard output, a line each:
 *
 * <pre>
 * H slot generation id key   a hold was reported
 * R slot generation id       a restriction was reported
 * P slot generation id       a prolongation was reported
 * L slot generation id       the restriction is about to be lifted
 * B slot generation id       an erasure begins
 * E slot generation id       the erasure was reported
 * F slot generation id       the slot is about to be freed
 * K epoch key                the epoch key in use
 * D                          a rotation was reported
 * </pre>
 */
final class HaltingProcess {
    static final int HALTED = 99;
    static final Instant START = Instant.parse("2026-11-22T13:00:00Z");
    static final Instant EXPIRY = START.plus(Duration.ofDays(1));
    static final Instant PROLONGED_TO = Instant.parse("2026-12-24T13:00:00Z");
    static final Duration INTERVAL = Duration.ofHours(1);
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private HaltingProcess() {}

    public static void main(String[] arguments) {
        Step chosen = Step.valueOf(arguments[2]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
        FaultPoints halt = step -> {
            if (step == chosen && left.decrementAndGet() == 0) {
                // No shutdown hook, no flush: as kill -9.
                Runtime.getRuntime().halt(HALTED);
            }
        };
        FileKeyset keyset = FileKeyset.openOrCreate(Path.of(arguments[1]), InstantSource.fixed(START), halt);
        SlotFile custody = SlotFile.open(
                new CustodySettings(Path.of(arguments[0]), 32, 1 << 16),
                keyset,
                InstantSource.fixed(START),
                new SlotFile.Parts(null, halt));
        var unused = custody.serveKeysAfter((signups, mark, handler) -> {}, INTERVAL);
        List<SlotReference> slots = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (int round = 1; round <= 20; round++) {
            for (int i = 0; i < 8; i++) {
                UUID id = UUID.randomUUID();
                HoldOutcome.Held held = (HoldOutcome.Held)
                        custody.hold(id, EXPIRY).toCompletableFuture().join();
                tell(line("H", held.slot(), id) + " "
                        + HexFormat.of().formatHex(held.key().getEncoded()));
                slots.add(held.slot());
                ids.add(id);
                // Every other one before any offer, and one of four after it; they stay so through a rotation or two.
                if (i % 4 == 1) {
                    offer(custody, held.slot(), id, 0);
                }
                if (i % 4 > 1) {
                    custody.prolong(held.slot(), id, PROLONGED_TO)
                            .toCompletableFuture()
                            .join();
                    tell(line("P", held.slot(), id));
                }
                if (i % 2 == 1) {
                    custody.restrict(held.slot(), id).toCompletableFuture().join();
                    tell(line("R", held.slot(), id));
                }
            }
            tell("K " + keyset.currentEpoch() + " "
                    + HexFormat.of()
                            .formatHex(keyset.key(keyset.currentEpoch())
                                    .orElseThrow()
                                    .getEncoded()));
            if (custody.rotate(START.plus(INTERVAL.multipliedBy(round)), INTERVAL) instanceof RotationOutcome.Rotated) {
                tell("D");
            }
            for (int i = 0; i < 4; i++) {
                UUID id = ids.remove(0);
                SlotReference slot = slots.remove(0);
                tell(line("L", slot, id));
                custody.lift(slot, id).toCompletableFuture().join();
                offer(
                        custody,
                        slot,
                        id,
                        awaited(custody.read(slot)).orElseThrow().attempt());
                tell(line("B", slot, id));
                custody.erase(slot, id, EraseReason.DELIVERED)
                        .toCompletableFuture()
                        .join();
                tell(line("E", slot, id));
                tell(line("F", slot, id));
                awaited(custody.free(slot, id));
            }
        }
    }

    private static void offer(SlotFile custody, SlotReference slot, UUID id, int attempts) {
        custody.offer(() -> true, slot, id, attempts, BrokerTag.of("fjord"))
                .toCompletableFuture()
                .join();
    }

    private static String line(String what, SlotReference slot, UUID id) {
        return what + " " + slot.slot() + " " + slot.generation() + " " + id;
    }

    private static void tell(String line) {
        try {
            OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
