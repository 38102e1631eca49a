package org.brokerhandoff.quickstart.traffic;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.brokerhandoff.quickstart.documents.SampleDocument;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;

/** What a quickstart's website sends: documents, signups of which some are withdrawn, messages, and requests that are invalid. */
public final class SampleTraffic {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ACCEPTED = 202;
    /** Every fortieth person changes their mind at once; how far the handoff has come by then differs. */
    private static final int PEOPLE_PER_WITHDRAWAL = 40;

    private static final int FIRST_WITHDRAWAL = 7;

    private final WebsiteClient website;
    private final int connections;
    private final List<String> recipients;

    /**
     * Traffic to one ingest.
     *
     * @param connections requests at the same time
     * @param recipients brokers that each consent names
     */
    public SampleTraffic(WebsiteClient website, int connections, List<String> recipients) {
        this.website = website;
        this.connections = connections;
        this.recipients = List.copyOf(recipients);
    }

    /** Publishes every sample document as in force for a minute. */
    public void publishDocuments() {
        Instant effectiveAt = Instant.now().minusSeconds(60);
        for (SampleDocument document : SampleDocument.all()) {
            int status = await(website.publish(
                            document.kind(), document.version(), document.language(), document.text(), effectiveAt))
                    .status();
            if (status != 200 && status != 201) {
                throw new IllegalStateException("the " + document.kind() + " policy was not published: " + status);
            }
        }
    }

    /** How many of the invalid requests were refused. */
    public int refused(List<byte[]> invalid) {
        int refused = 0;
        for (byte[] request : invalid) {
            int status = await(website.signupOnce(request, UUID.randomUUID().toString()))
                    .status();
            refused += status >= 400 && status < 500 ? 1 : 0;
        }
        return refused;
    }

    /**
     * Signs people up, and withdraws some.
     *
     * @param progress is told how many were answered
     * @return the accepted signups
     */
    public Set<UUID> signUp(List<SamplePerson> people, IntConsumer progress) throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger answered = new AtomicInteger();
        Semaphore slots = new Semaphore(connections);
        for (int i = 0; i < people.size(); i++) {
            awaitAnswers(slots, 1);
            boolean withdraws = i % PEOPLE_PER_WITHDRAWAL == FIRST_WITHDRAWAL;
            SamplePerson person = people.get(i);
            byte[] request = SamplePeople.signupRequest(
                    person.reading(SampleDocument.languageFor(person.language())),
                    SampleDocument.VERSION,
                    recipients,
                    Instant.now());
            website.signup(request, UUID.randomUUID().toString())
                    .compose(reply -> {
                        if (reply.status() == ACCEPTED) {
                            reply.signupId().ifPresent(accepted::add);
                        }
                        return withdraws && reply.signupId().isPresent()
                                ? website.withdraw(reply.signupId().get())
                                : Future.succeededFuture(reply);
                    })
                    .onComplete(done -> {
                        answered.incrementAndGet();
                        slots.release();
                    });
            progress.accept(answered.get());
        }
        awaitAnswers(slots, connections);
        return accepted;
    }

    /** Sends messages to the helpdesk; those that were accepted. */
    public Set<UUID> write(List<SamplePerson> writers) {
        Set<UUID> accepted = new HashSet<>();
        for (SamplePerson writer : writers) {
            WebsiteClient.Reply reply = await(website.message(
                    SamplePeople.contactRequest(writer), UUID.randomUUID().toString()));
            if (reply.status() == ACCEPTED) {
                reply.signupId().ifPresent(accepted::add);
            }
        }
        return accepted;
    }

    private static void awaitAnswers(Semaphore slots, int count) throws InterruptedException {
        if (!slots.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("ingest has not answered for " + PATIENCE.toMinutes() + " minutes");
        }
    }

    private static WebsiteClient.Reply await(Future<WebsiteClient.Reply> reply) {
        return reply.toCompletionStage().toCompletableFuture().join();
    }
}
