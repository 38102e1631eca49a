package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.LongRuns;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of a withdrawal, against the real slot file: ingest withdraws through one instance while the router delivers through
 * another, at thousands of different moments.
 */
class WithdrawalRaceTest {
    private static final int RUNS = LongRuns.instead(2_000, 10_000);
    private static final int AT_ONCE = 512;

    @TempDir
    Path directory;

    private enum Answer {
        ERASED_BEFORE_HANDOFF,
        HANDOFF_STARTED
    }

    /** One signup's run: the withdrawal comes when the router has made its n-th call. */
    private static final class Run {
        final PendingSignup signup;
        final int withdrawAtCall;
        final int spins;
        final int repliesUnknown;
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger attempts = new AtomicInteger();
        final CompletableFuture<SlotView> withdrawn = new CompletableFuture<>();

        Run(PendingSignup signup, Random random) {
            this.signup = signup;
            this.withdrawAtCall = Math.max(0, random.nextInt(9) - 4);
            this.spins = random.nextBoolean() ? 0 : random.nextInt(5_000);
            this.repliesUnknown = random.nextInt(3);
        }
    }

    private final Map<UUID, Run> runs = new ConcurrentHashMap<>();
    private final ExecutorService withdrawals = Executors.newFixedThreadPool(2);
    private final ExecutorService consumer = Executors.newFixedThreadPool(2);

    private SlotFile open() {
        return SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 16_384, 16_384),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
    }

    private void called(Run run, SlotFile ingest) {
        if (run.calls.getAndIncrement() == run.withdrawAtCall) {
            withdrawals.execute(() -> withdraw(run, ingest));
        }
    }

    private static void withdraw(Run run, SlotFile ingest) {
        for (int i = 0; i < run.spins; i++) {
            Thread.onSpinWait();
        }
        PendingSignup signup = run.signup;
        SlotReference slot = new SlotReference(signup.slot(), signup.generation());
        ingest.erase(slot, signup.signupId(), EraseReason.WITHDRAWN).whenComplete((outcome, failure) -> {
            if (outcome instanceof EraseOutcome.Erased erased) {
                run.withdrawn.complete(erased.view());
            } else if (outcome instanceof EraseOutcome.AlreadyErased already) {
                run.withdrawn.complete(already.view());
            } else {
                run.withdrawn.completeExceptionally(new IllegalStateException("no slot", failure));
            }
        });
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void no_attempt_starts_after_a_withdrawal_and_every_attempt_is_known_to_it() throws Exception {
        BrokerDirectory brokers = Examples.directory(Examples.broker("a"));
        Random random = new Random(17);
        try (SlotFile router = open();
                SlotFile ingest = open()) {
            BrokerClient network = new BrokerClient() {
                @Override
                public CompletionStage<BrokerReply> post(
                        Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
                    Run run = Objects.requireNonNull(runs.get(UUID.fromString(signature.id())));
                    int attempt = run.attempts.incrementAndGet();
                    called(run, ingest);
                    body.wipe();
                    return CompletableFuture.completedFuture(
                            attempt <= run.repliesUnknown
                                    ? new BrokerReply.NoReply(OptionalInt.empty())
                                    : new BrokerReply.Answered(
                                            200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty()));
                }
            };
            HandoffParts parts = new HandoffParts(
                    router,
                    brokers,
                    network,
                    InstantSource.system(),
                    new Backoff(Duration.ofMillis(1), Duration.ofMillis(3)));
            Semaphore places = new Semaphore(AT_ONCE);
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                places.acquire();
                UUID id = Examples.uuid(random);
                Instant expiry = Instant.now().plusSeconds(600);
                Random own = new Random(random.nextLong());
                ends.add(router.hold(id, expiry)
                        .thenComposeAsync(held -> start(parts, ingest, id, expiry, held, own), consumer)
                        .whenComplete((end, failure) -> places.release())
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(50, TimeUnit.SECONDS);
            check();
            parts.close();
        } finally {
            withdrawals.shutdown();
            consumer.shutdown();
        }
    }

    /** Through to the end, over every copy that is parked on the way. */
    private static CompletionStage<HandoffEnd.Finished> carry(
            HandoffParts parts, PendingSignup signup, History history) {
        return parts.handoff.run(signup, history, () -> true).thenCompose(end -> {
            if (end instanceof HandoffEnd.Finished finished) {
                return CompletableFuture.completedFuture(finished);
            }
            Parking copy = parts.log.copies.stream()
                    .filter(each -> each.signupId().equals(signup.signupId()))
                    .map(HandoffParts.Copy::parking)
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
            return CompletableFuture.supplyAsync(
                            () -> carry(parts, Examples.parked(signup, copy), copy.history()),
                            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
                    .thenCompose(stage -> stage);
        });
    }

    private CompletionStage<?> start(
            HandoffParts parts, SlotFile ingest, UUID id, Instant expiry, HoldOutcome held, Random random) {
        PendingSignup signup = HandoffParts.sealed((HoldOutcome.Held) held, id, expiry, expiry.plusSeconds(60), "a");
        Run run = new Run(signup, random);
        runs.put(id, run);
        called(run, ingest);
        CompletionStage<HandoffEnd.Finished> end = carry(parts, signup, History.NONE);
        called(run, ingest);
        return end.thenCompose(ended -> {
            assertThat(ended.slot().orElseThrow().state()).isEqualTo(SlotState.ERASED);
            // Withdrawn at the latest after everything.
            while (run.calls.get() <= run.withdrawAtCall) {
                called(run, ingest);
            }
            return run.withdrawn;
        });
    }

    private void check() {
        int before = 0;
        int during = 0;
        for (Run run : runs.values()) {
            SlotView view = run.withdrawn.join();
            Answer answer = view.attempt() == 0 ? Answer.ERASED_BEFORE_HANDOFF : Answer.HANDOFF_STARTED;
            int attempts = run.attempts.get();
            if (answer == Answer.ERASED_BEFORE_HANDOFF) {
                assertThat(attempts)
                        .as("attempts after a withdrawal that promised none")
                        .isZero();
                before++;
            }
            if (attempts > 0) {
                assertThat(answer).isEqualTo(Answer.HANDOFF_STARTED);
                during++;
            }
            // Each attempt was offered first, and the erased slot has counted the offer.
            assertThat(attempts).isLessThanOrEqualTo(view.attempt());
        }
        assertThat(runs).hasSize(RUNS);
        // Both sides of the race were seen, or the test says nothing.
        assertThat(before).isGreaterThan(RUNS / 20);
        assertThat(during).isGreaterThan(RUNS / 20);
    }
}
