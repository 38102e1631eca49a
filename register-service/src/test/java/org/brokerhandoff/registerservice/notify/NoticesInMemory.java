package org.brokerhandoff.registerservice.notify;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.schemas.EventId;

/** A log that refuses on command, and the resulting notices. */
final class NoticesInMemory implements NoticeLog, NoticeSource {
    final List<SpecificRecord> events = Collections.synchronizedList(new ArrayList<>());
    final List<Notice.Key> owed;
    final Set<Class<?>> refusedOnce = ConcurrentHashMap.newKeySet();
    final Set<Class<?>> refused = ConcurrentHashMap.newKeySet();
    final AtomicInteger refusals = new AtomicInteger();
    final List<UUID> ended = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger looks = new AtomicInteger();
    final Instant requestedAt;
    volatile boolean behind;
    volatile boolean ours = true;
    volatile Optional<CompletableFuture<Void>> acknowledgement = Optional.empty();

    NoticesInMemory(List<Notice.Key> owed) {
        this(owed, Duration.ofMinutes(1));
    }

    NoticesInMemory(List<Notice.Key> owed, Duration age) {
        this.owed = owed;
        this.requestedAt = Instant.now().minus(age);
    }

    @Override
    public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
        if (refusedOnce.removeIf(type -> type.isInstance(event))
                || refused.stream().anyMatch(type -> type.isInstance(event))) {
            refusals.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        return acknowledgement
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> events.add(event));
    }

    @Override
    public Reading read() {
        looks.incrementAndGet();
        if (behind) {
            return new Reading(List.of(), Set.of(0), Duration.ZERO);
        }
        return new Reading(
                owed.stream()
                        .filter(key -> !ended.contains(key.signupId()))
                        .map(key -> new OpenCause(
                                new Cause(key.signupId(), key.requestId()), Instant.EPOCH, List.of(notice(key))))
                        .toList(),
                Set.of(),
                Duration.ZERO);
    }

    @Override
    public int partition(UUID signupId) {
        return 0;
    }

    @Override
    public boolean ours(int partition) {
        return ours;
    }

    Notice notice(Notice.Key key) {
        List<SpecificRecord> own;
        synchronized (events) {
            own = events.stream()
                    .filter(event ->
                            EventId.signup(event).filter(key.signupId()::equals).isPresent())
                    .toList();
        }
        List<NoticeSent> sent = own.stream()
                .filter(NoticeSent.class::isInstance)
                .map(NoticeSent.class::cast)
                .toList();
        return new Notice(
                key,
                requestedAt,
                true,
                sent.stream().mapToInt(NoticeSent::getAttempt).max().orElse(0),
                sent.stream()
                        .reduce((first, second) -> second)
                        .map(last -> new Notice.Sending(last.getSentAt(), last.getOutcome(), Optional.empty())),
                Optional.empty(),
                own.stream().flatMap(event -> answer(event).stream()).findFirst(),
                own.stream()
                        .filter(NoticeEscalated.class::isInstance)
                        .map(NoticeEscalated.class::cast)
                        .collect(Collectors.toMap(
                                NoticeEscalated::getReason, NoticeEscalated::getEscalatedAt, (one, same) -> one)));
    }

    private static Optional<Notice.Answer> answer(SpecificRecord event) {
        if (event instanceof NoticeConfirmed confirmed) {
            return Optional.of(new Notice.Confirmed(confirmed.getConfirmedAt()));
        }
        return event instanceof NoticeRefused refused
                ? Optional.of(new Notice.Refused(refused.getRefusedAt(), refused.getGround()))
                : Optional.empty();
    }

    /** Waits for a read of the register that began after this. */
    void awaitLook() {
        int before = looks.get();
        await().until(() -> looks.get() >= before + 2);
    }

    @Override
    public void ended(Collection<Cause> causes) {
        causes.forEach(cause -> ended.add(cause.signupId()));
    }
}
