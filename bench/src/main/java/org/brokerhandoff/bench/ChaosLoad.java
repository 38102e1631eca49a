package org.brokerhandoff.bench;

import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;

/** A website under load that retries until it gets an answer, and people who change their minds. */
final class ChaosLoad {
    /** Limit of unanswered requests; beyond it, the website waits. */
    private static final int MOST_UNANSWERED = 256;

    private static final int REPEATED_EACH = 5;
    private static final double WITHDRAWING = 0.15;

    private final Rig rig;
    private final List<WebsiteClient> websites;
    private final int ratePerSecond;
    private final Random random;

    /** The number of each sample person that was accepted, with its signup. */
    final Map<Integer, UUID> accepted = new ConcurrentHashMap<>();
    /** The signups that answers to repeats at another ingest service named. */
    final Map<Integer, UUID> repeated = new ConcurrentHashMap<>();
    /** The website's answers. */
    final Map<UUID, String> withdrawn = new ConcurrentHashMap<>();
    /** Answers that a website does not expect. */
    final Map<String, AtomicInteger> unexpected = new ConcurrentHashMap<>();

    final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    /** @param websites connections to each ingest service */
    ChaosLoad(Rig rig, List<WebsiteClient> websites, int ratePerSecond, long seed) {
        this.websites = List.copyOf(websites);
        this.rig = rig;
        this.ratePerSecond = ratePerSecond;
        this.random = new Random(seed);
    }

    /** Signups and withdrawals without an answer so far. */
    int open() {
        return open.get();
    }

    /** Sends for {@code span}; blocks. */
    void send(Duration span) throws InterruptedException {
        Semaphore free = new Semaphore(MOST_UNANSWERED);
        long startNanos = System.nanoTime();
        List<String> recipients = List.copyOf(rig.brokers.keySet());
        for (int i = 0; System.nanoTime() - startNanos < span.toNanos(); i++) {
            long dueNanos = startNanos + i * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, dueNanos - System.nanoTime()));
            free.acquire();
            int number = i;
            boolean withdraws = random.nextDouble() < WITHDRAWING;
            long delayMillis = 1L + random.nextInt(random.nextBoolean() ? 1_000 : 20_000);
            byte[] request =
                    SamplePeople.signupRequest(SamplePeople.person(i), Rig.POLICY_VERSION, recipients, Instant.now());
            sent.incrementAndGet();
            open.incrementAndGet();
            String key = UUID.randomUUID().toString();
            if (websites.size() > 1 && i % REPEATED_EACH == 0) {
                repeat(number, request, key);
            }
            var unused = websites.get(i % websites.size()).signup(request, key).onComplete(reply -> {
                free.release();
                if (reply.succeeded()
                        && reply.result().status() == 202
                        && reply.result().signupId().isPresent()) {
                    UUID id = reply.result().signupId().get();
                    accepted.put(number, id);
                    if (withdraws) {
                        withdrawLater(id, delayMillis);
                    }
                } else {
                    count("signup " + told(reply));
                }
                open.decrementAndGet();
            });
        }
    }

    /** The same request at another ingest service, which has to answer with the same signup. */
    private void repeat(int number, byte[] request, String key) {
        open.incrementAndGet();
        var unused = websites.get((number + 1) % websites.size())
                .signup(request.clone(), key)
                .onComplete(reply -> {
                    if (reply.succeeded() && reply.result().status() == 202) {
                        reply.result().signupId().ifPresent(id -> repeated.put(number, id));
                    } else {
                        count("repeat " + told(reply));
                    }
                    open.decrementAndGet();
                });
    }

    private void withdrawLater(UUID id, long delayMillis) {
        open.incrementAndGet();
        var unused = rig.vertx.setTimer(
                delayMillis,
                timer -> rig.website.withdraw(id).onComplete(answer -> {
                    if (answer.succeeded() && answer.result().status() == 200) {
                        withdrawn.put(
                                id, String.valueOf(answer.result().members().get("outcome")));
                    } else {
                        count("withdrawal " + told(answer));
                    }
                    open.decrementAndGet();
                }));
    }

    /** The status and the codes of the problem, or why there was no answer. */
    private static String told(AsyncResult<WebsiteClient.Reply> reply) {
        if (reply.failed()) {
            return String.valueOf(reply.cause());
        }
        Map<String, String> members = reply.result().members();
        String codes = members.keySet().stream()
                .filter(name -> name.equals("code") || name.endsWith(".code"))
                .sorted()
                .map(members::get)
                .collect(Collectors.joining(", "));
        return reply.result().status() + " " + codes;
    }

    private void count(String answer) {
        unexpected.computeIfAbsent(answer, unused -> new AtomicInteger()).incrementAndGet();
    }
}
