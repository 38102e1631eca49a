package org.brokerhandoff.register;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Read-your-writes access to the register: whichever process projects it, an answer includes everything acknowledged before the query, or the
 * query fails. Thread-safe.
 */
public final class FreshRegister implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FreshRegister.class);

    private final Register register;
    private final Admin admin;
    private final Freshness freshness;

    private FreshRegister(KafkaClients clients, Register register) {
        this.register = register;
        this.admin = clients.admin("handoff-register-freshness");
        this.freshness = new Freshness(admin, clients, register);
    }

    /** Uses {@code register}, which the caller keeps, to check the progress. */
    public static FreshRegister of(KafkaClients clients, Register register) {
        return new FreshRegister(clients, register);
    }

    /**
     * Completes when the database has passed the current end of {@code partition} of {@code topics}, whichever process projects it: what was
     * acknowledged before the call is in the answer to a query made {@link #past} these ends.
     *
     * <p>Completes on a thread of this object: dependent stages must not block.
     *
     * @param topics kept topics
     * @return fails with {@link RegisterBehind} if that takes longer than {@code limit} or Kafka does not answer
     * @throws IllegalArgumentException if a topic is not kept or there is no such partition
     */
    public CompletionStage<PassedEnds> passed(Collection<Topic> topics, int partition, Duration limit) {
        return freshness.passed(topics, partition, limit);
    }

    /** As above, for all of {@code partitions}. */
    public CompletionStage<PassedEnds> passed(
            Collection<Topic> topics, Collection<Integer> partitions, Duration limit) {
        // All at once: they share the look-ups.
        List<CompletableFuture<PassedEnds>> asked = partitions.stream()
                .map(partition -> freshness.passed(topics, partition, limit).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> PassedEnds.all(
                        asked.stream().map(CompletableFuture::join).toList()));
    }

    /** See {@link Register#past}. */
    public <T> T past(PassedEnds ends, Function<RegisterView, T> query) {
        return register.past(ends, query);
    }

    /** The request for disclosure of that id, by the current projection; its signup never changes. */
    public Optional<Disclosure> projectedDisclosure(UUID requestId) {
        return register.disclosure(requestId);
    }

    /** See {@link RegisterView#preservedAfter}, by the current projection. */
    public List<Disclosure> projectedPreservedAfter(Instant time) {
        return register.preservedAfter(time);
    }

    /** The status of {@code signupId} by the current projection; see {@link Register#status}. */
    public Optional<SignupStatus> projected(UUID signupId) {
        return register.status(signupId);
    }

    /** See {@link RegisterView#owners}, by the current projection; an owner never changes. */
    public Map<UUID, SignupOwner> projectedOwners(Collection<UUID> signupIds) {
        return register.owners(signupIds);
    }

    /** Removes withdrawals and requests that need no further notices from those in progress; a rebuild restores them. */
    public void ended(Collection<NoticeCause> causes) {
        register.ended(causes);
    }

    /** The unanswered requests by the current projection, the first due first. */
    public List<OpenRightsRequest> openRequests() {
        return register.openRequests();
    }

    /** Number of signups, by the current projection, without a purge after their promised time. */
    public int overduePurges(Instant now) {
        return register.overduePurges(now);
    }

    /**
     * Withdrawals and requests after an offer, from a register that has passed everything about signups in some partitions.
     *
     * @param passed the partitions
     * @param causes those of all partitions that {@link #ended} has not removed, by signup id
     */
    public record InProgress(Set<Integer> passed, List<NoticesInProgress> causes) {
        /** Copies both. */
        public InProgress {
            passed = Set.copyOf(passed);
            causes = List.copyOf(causes);
        }
    }

    /**
     * Waits until the register has passed everything about signups that is in {@code partitions} now, and reads it. A register that was
     * emptied in between has passed none: it might contain a withdrawal without the brokers that must be notified.
     *
     * @return includes those partitions that it has passed within {@code limit}
     */
    public InProgress inProgress(Collection<Integer> partitions, Duration limit) {
        Map<Integer, CompletableFuture<Optional<PassedEnds>>> asked = new HashMap<>();
        // All at once: they share the look-ups.
        for (int partition : partitions) {
            asked.put(
                    partition,
                    freshness
                            .passed(List.of(Topic.CONSENTS, Topic.HANDOFFS), partition, limit)
                            .handle((passed, behind) -> Optional.ofNullable(passed))
                            .toCompletableFuture());
        }
        Map<Integer, PassedEnds> passed = new HashMap<>();
        asked.forEach((partition, answer) -> answer.join().ifPresent(ends -> passed.put(partition, ends)));
        try {
            return new InProgress(
                    passed.keySet(), register.past(PassedEnds.all(passed.values()), RegisterView::noticesInProgress));
        } catch (RegisterBehind emptied) {
            LOG.debug("the register was emptied while it was read");
            return new InProgress(Set.of(), List.of());
        }
    }

    /** Whether the register keeps up with the log, whichever process projects it; by a check a few seconds ago. */
    public RegisterHealth health() {
        return freshness.health();
    }

    /** Pending queries fail; the register stays open. */
    @Override
    public void close() {
        freshness.close();
        admin.close(Duration.ofSeconds(1));
    }
}
