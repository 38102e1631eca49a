package org.brokerhandoff.ingest.status;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.intake.SignupFate;
import org.brokerhandoff.ingest.intake.SignupFates;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.policy.PolicySource;
import org.brokerhandoff.ingest.recipient.RecipientSource;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads the register once it has passed everything acknowledged before the question. Its methods block, for three seconds at
 * most, and throw {@link org.brokerhandoff.register.RegisterBehind} or {@link org.brokerhandoff.register.RegisterUnavailable}.
 */
public final class RegisterReader implements PolicySource, RecipientSource, SignupFates {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final List<Topic> ABOUT_SIGNUPS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private final Register register;
    private final RegisterProjector projector;
    private final int partitions;

    /** Reads {@code register}, which {@code projector} fills from topics of {@code partitions} partitions. */
    public RegisterReader(Register register, RegisterProjector projector, int partitions) {
        this.register = register;
        this.projector = projector;
        this.partitions = partitions;
    }

    /** Where a signup stands, for {@code caller}; empty if there is no such signup, and likewise if it belongs to another owner. */
    public Optional<SignupStatus> status(UUID signupId, ApiKey caller) {
        return status(signupId).filter(status -> caller.owns(status.owner()));
    }

    /**
     * Whether a signup is {@code caller}'s. Does not wait for the log if the register has the signup already, since its owner never
     * changes; a signup of another owner takes as long as one that is not there.
     */
    public boolean belongsTo(UUID signupId, ApiKey caller) {
        return register.status(signupId)
                        .filter(status -> caller.owns(status.owner()))
                        .isPresent()
                || status(signupId, caller).isPresent();
    }

    private Optional<SignupStatus> status(UUID signupId) {
        awaitFresh(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT);
        return register.status(signupId);
    }

    @Override
    public List<Policy> published(Duration limit) {
        awaitFresh(List.of(Topic.CONSENTS), Policies.PARTITION, limit);
        return register.policies().stream()
                .map(policy -> new Policy(
                        policy.version(),
                        policy.language(),
                        Digests.hex(policy.digest()),
                        policy.effectiveAt(),
                        policy.publishedAt()))
                .toList();
    }

    @Override
    public Set<String> recipients(Duration limit) {
        // Routers publish the directory where it is about no signup.
        awaitFresh(List.of(Topic.HANDOFFS), 0, limit);
        return register.brokers();
    }

    @Override
    public SignupFate of(UUID signupId) {
        Optional<SignupStatus> status = status(signupId);
        if (status.isEmpty()) {
            // A key that was held for a request which ended before its consent was published is purged like any.
            return register.purged(signupId) ? SignupFate.SPENT : SignupFate.UNKNOWN;
        }
        return switch (status.get().state()) {
            // Its consent alone: the key that was held for it is lost. Another one under this id would be purged a
            // second time.
            case RECEIVED -> SignupFate.SPENT;
            // A broker that was assigned may have been sent the data, however the signup ended.
            case EXPIRED -> status.get().everAssigned() ? SignupFate.TAKEN_UP : SignupFate.SPENT;
            case UNDELIVERABLE ->
                status.get()
                                .purge()
                                .filter(purge -> purge.reason() == PurgeReason.INVALID)
                                .isPresent()
                        ? SignupFate.SPENT
                        : SignupFate.TAKEN_UP;
            case ASSIGNED, DELIVERED, WITHDRAWN -> SignupFate.TAKEN_UP;
        };
    }

    private void awaitFresh(Collection<Topic> topics, int partition, Duration limit) {
        try {
            projector
                    .caughtUp(topics, partition, limit)
                    .toCompletableFuture()
                    // The projector keeps the limit itself; this one is for the day it does not.
                    .orTimeout(2 * limit.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
