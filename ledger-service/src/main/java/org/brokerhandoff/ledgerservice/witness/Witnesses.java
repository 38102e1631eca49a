package org.brokerhandoff.ledgerservice.witness;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.outside.Known;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The witnesses of a policy that have a URL. All are asked in parallel, each on a separate thread, with a common timeout of 30 s. One that
 * fails is asked again with the next checkpoint. Not thread-safe.
 */
public final class Witnesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final Policy policy;
    private final Map<String, WitnessClient> clients = new LinkedHashMap<>();
    private final Map<String, AtomicLong> cosignedSizes = new HashMap<>();
    private final Map<String, Counter> failures = new HashMap<>();
    private final ExecutorService threads;

    /**
     * The witnesses that {@code policy} names.
     *
     * @throws IllegalArgumentException if a URL is neither http nor https
     */
    public Witnesses(Policy policy, MeterRegistry meters) {
        this.policy = policy;
        HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
        policy.witnessUrls().forEach((name, url) -> {
            clients.put(name, new WitnessClient(http, prefix(name, url)));
            AtomicLong size = new AtomicLong();
            cosignedSizes.put(name, size);
            Gauge.builder("handoff.ledger.witness.entries", size, AtomicLong::get)
                    .description("Entries under the newest checkpoint that the witness has cosigned for this process")
                    .tag("witness", name)
                    .register(meters);
            failures.put(
                    name,
                    Counter.builder("handoff.ledger.witness.failures")
                            .description("Requests to the witness that yielded no cosignature")
                            .tag("witness", name)
                            .register(meters));
        });
        this.threads = Executors.newFixedThreadPool(Math.max(1, clients.size()), task -> {
            Thread thread = new Thread(task, "ledger-witness");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static URI prefix(String name, String url) {
        URI uri = URI.create(url.endsWith("/") ? url : url + "/");
        if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("witness " + name + " has a URL that is neither http nor https");
        }
        return uri;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return clients.isEmpty();
    }

    /**
     * New cosignatures of {@code note}, each verified by the policy's key of the witness that gave it.
     *
     * @param leaves hashes of the ledger's entries, as many as the checkpoint's size
     * @param meanwhile runs during the wait, on the caller's thread
     */
    public List<NoteSignature> cosign(SignedNote note, List<Hash> leaves, Meanwhile meanwhile) {
        Map<String, Callable<WitnessAnswer>> requests = new LinkedHashMap<>();
        clients.forEach((name, client) -> {
            if (note.signatures().stream()
                    .noneMatch(Objects.requireNonNull(policy.witnesses().get(name))::claimedBy)) {
                requests.put(name, () -> client.add(note, leaves));
            }
        });
        List<NoteSignature> cosignatures = new ArrayList<>();
        all(requests, meanwhile).forEach((name, answer) -> {
            List<NoteSignature> valid = answer instanceof WitnessAnswer.Cosigned cosigned
                    ? cosigned.signatures().stream()
                            .filter(each -> policy.cosigner(note.text(), each).equals(Optional.of(name)))
                            .toList()
                    : List.of();
            if (valid.isEmpty()) {
                failed(name, said(answer));
            } else {
                Objects.requireNonNull(cosignedSizes.get(name)).set(leaves.size());
                cosignatures.add(valid.get(0));
            }
        });
        return cosignatures;
    }

    private static String said(WitnessAnswer answer) {
        return answer instanceof WitnessAnswer.Failed failed
                ? failed.why()
                : answer instanceof WitnessAnswer.At at
                        ? "it is at size " + at.size()
                        : "no cosignature by its key in the policy";
    }

    /** What the responding witnesses know about {@code origin}, by what they serve or otherwise by their answer to {@code newest}. */
    public List<Known> known(String origin, Optional<SignedNote> newest) {
        Map<String, Callable<Optional<Known>>> requests = new LinkedHashMap<>();
        clients.forEach((name, client) -> requests.put(name, () -> {
            String source = "witness " + name;
            Optional<Known> served = client.served(origin).flatMap(note -> Known.of(source, note));
            if (served.isEmpty() && newest.isPresent()) {
                return client.size(newest.get()).map(said -> new Known(source, said, Optional.empty()));
            }
            return served;
        }));
        List<Known> known = new ArrayList<>();
        all(requests, Meanwhile.NOTHING).values().forEach(answer -> answer.ifPresent(known::add));
        return known;
    }

    /** The answers within the timeout. */
    private <T> Map<String, T> all(Map<String, Callable<T>> requests, Meanwhile meanwhile) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        AtomicInteger missing = new AtomicInteger(requests.size());
        Map<String, Future<T>> running = new LinkedHashMap<>();
        requests.forEach((name, request) -> running.put(name, threads.submit(() -> {
            try {
                return request.call();
            } finally {
                if (missing.decrementAndGet() == 0) {
                    answered.complete(null);
                }
            }
        })));
        Map<String, T> answers = new LinkedHashMap<>();
        try {
            if (!running.isEmpty()) {
                meanwhile.await(answered, LIMIT.toNanos());
            }
            for (Map.Entry<String, Future<T>> each : running.entrySet()) {
                answer(each.getKey(), each.getValue(), answers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.values().forEach(future -> future.cancel(true));
        }
        return answers;
    }

    private <T> void answer(String name, Future<T> running, Map<String, T> answers) throws InterruptedException {
        try {
            // The last one may be about to end.
            answers.put(name, running.get(MOMENT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            running.cancel(true);
            failed(name, "it timed out");
        } catch (ExecutionException e) {
            failed(name, String.valueOf(e.getCause()));
        }
    }

    private void failed(String name, String why) {
        LOG.warn("witness {}: {}", name, why);
        Objects.requireNonNull(failures.get(name)).increment();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
