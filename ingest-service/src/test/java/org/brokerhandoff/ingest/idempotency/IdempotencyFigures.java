package org.brokerhandoff.ingest.idempotency;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.schemas.Digests;

/** The journal's cost for a day of so many signups. Not a test: run it manually, with a directory and a number of signups. */
final class IdempotencyFigures {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int BETWEEN_SYNCS = 500;

    private IdempotencyFigures() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).resolve("idempotency.db");
        int signups = Integer.parseInt(arguments[1]);
        RequestMark mark = new RequestMark(Digests.sha256("request"), NOON);
        long began = cpu();
        try (IdempotencyJournal journal = IdempotencyJournal.open(file, () -> NOON)) {
            for (int number = 0; number < signups; number++) {
                Reservation reservation = journal.reserve(
                        "client", "key " + number, new UUID(7, number), NOON, NOON.plusSeconds(60), mark);
                if (number % BETWEEN_SYNCS == 0) {
                    journal.sync();
                }
                journal.noteAccepted(reservation, Optional.of(new SlotReference(number % 8192, 1)));
            }
        }
        say("reserve and accept: %.2f us each, with a sync every %d", micros(began) / signups, BETWEEN_SYNCS);
        began = cpu();
        long beganNanos = System.nanoTime();
        try (IdempotencyJournal journal = IdempotencyJournal.open(file, () -> NOON)) {
            say(
                    "start with %d signups: %.0f ms, %.0f ms of CPU",
                    signups, (System.nanoTime() - beganNanos) / 1e6, micros(began) / 1000);
            began = cpu();
            for (int number = 0; number < 100_000; number++) {
                if (journal.find("client", "key " + number % signups).isEmpty()) {
                    throw new IllegalStateException("key " + number + " is not found");
                }
            }
            say("find: %.2f us", micros(began) / 100_000);
        }
        try (var files = Files.list(Path.of(arguments[0]))) {
            for (Path each : files.toList()) {
                say("%s: %d bytes", each.getFileName(), Files.size(each));
            }
        }
    }

    /** CPU time of this thread, in nanoseconds: unaffected by other work on the machine. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double micros(long began) {
        return (cpu() - began) / 1000.0;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(java.util.Locale.ROOT, format, values));
    }
}
