package org.brokerhandoff.ingest.idempotency;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.schemas.Digests;

/** Reserves keys in a separate process, until it is refused or killed. Prints {@code durable N} or {@code refused N}. */
final class JournalProcess {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int BETWEEN_SYNCS = 7;

    private JournalProcess() {}

    /** Argument: the idempotency file. */
    public static void main(String[] arguments) throws InterruptedException {
        try (IdempotencyJournal journal = IdempotencyJournal.open(Path.of(arguments[0]), () -> NOON)) {
            for (int number = 0; ; number++) {
                try {
                    reserve(journal, number);
                } catch (IdempotencyFailed e) {
                    say("refused " + number);
                    Thread.sleep(Long.MAX_VALUE);
                }
                if (number % BETWEEN_SYNCS == 0) {
                    journal.sync();
                    say("durable " + number);
                }
            }
        }
    }

    static Reservation reserve(IdempotencyJournal journal, int number) {
        return journal.reserve(
                "client",
                "key " + number,
                id(number),
                NOON,
                NOON.plusSeconds(60),
                new RequestMark(Digests.sha256("request"), NOON));
    }

    static UUID id(int number) {
        return new UUID(7, number);
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }
}
