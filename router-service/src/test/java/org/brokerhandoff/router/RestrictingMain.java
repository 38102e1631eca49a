package org.brokerhandoff.router;

import static org.brokerhandoff.custody.Answers.awaited;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;

/**
 * Restricts slots as ingest does for a request, at random moments, to be killed. It reads who is asked for from a file that grows, one {@code slot
 * generation id} a line, and appends its answers to another, one {@code id finding attempts} a line and write; what has no answer there is asked for again.
 */
final class RestrictingMain {
    private static final int LONGEST_DELAY_MILLIS = 400;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private RestrictingMain() {}

    public static void main(String[] arguments) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        Path asked = Path.of(arguments[2]);
        Path answers = Path.of(arguments[3]);
        SlotFile custody = SlotFile.open(
                new CustodySettings(Path.of(arguments[0]), 1024, 65_536),
                FileKeyset.openOrCreate(Path.of(arguments[1])));
        var unused = custody.serveKeysAfter((signups, mark, handler) -> {}, Duration.ofHours(1));
        ExecutorService requests = Executors.newCachedThreadPool();
        Set<String> begun = new HashSet<>();
        try (OutputStream out = new FileOutputStream(answers.toFile(), true)) {
            for (String line : Files.readAllLines(answers)) {
                begun.add(line.split(" ", -1)[0]);
            }
            while (true) {
                for (String line : Files.readAllLines(asked)) {
                    String[] words = line.split(" ", -1);
                    if (words.length == 4 && begun.add(words[2])) {
                        requests.execute(() -> restrict(custody, words, out));
                    }
                }
                Thread.sleep(10);
            }
        }
    }

    private static void restrict(SlotFile custody, String[] words, OutputStream out) {
        UUID id = UUID.fromString(words[2]);
        try {
            SlotReference slot = new SlotReference(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            if (id.hashCode() % 2 == 0) {
                awaitAttempt(custody, slot);
            }
            Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_DELAY_MILLIS));
            RestrictOutcome outcome =
                    custody.restrict(slot, id).toCompletableFuture().join();
            byte[] answer = (id + " " + finding(outcome) + "\n").getBytes(StandardCharsets.US_ASCII);
            synchronized (out) {
                out.write(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a busy machine all would be restricted before a router has looked at any. */
    private static void awaitAttempt(SlotFile custody, SlotReference slot) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < deadlineNanos
                && awaited(custody.read(slot))
                        .filter(view -> view.attempt() == 0)
                        .isPresent()) {
            Thread.sleep(10);
        }
    }

    private static String finding(RestrictOutcome outcome) {
        if (outcome instanceof RestrictOutcome.Restricted restricted) {
            return told("HELD", restricted.view());
        } else if (outcome instanceof RestrictOutcome.AlreadyRestricted restricted) {
            return told("HELD", restricted.view());
        } else if (outcome instanceof RestrictOutcome.HandoffStarted started) {
            return told("HANDOFF_STARTED", started.view());
        }
        return "ENDED 0";
    }

    private static String told(String found, SlotView view) {
        return found + " " + view.attempt();
    }
}
