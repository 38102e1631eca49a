package org.brokerhandoff.ingest.status;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.intake.SignupFate;
import org.brokerhandoff.ingest.intake.SignupFates;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.PassedEnds;
import org.brokerhandoff.register.PresentCookieChoice;
import org.brokerhandoff.register.RegisterView;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads the register once it has passed everything acknowledged before the question: what it does not find then does not exist. Where
 * that cannot be told in three seconds, its methods throw, or their stages fail with, {@link org.brokerhandoff.register.RegisterBehind} or {@link org.brokerhandoff.register.RegisterUnavailable}.
 */
public final class RegisterReader implements SignupFates {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final List<Topic> ABOUT_SIGNUPS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private final FreshRegister register;
    private final int partitions;

    /** Reads {@code register}, which the register service fills from topics of {@code partitions} partitions. */
    public RegisterReader(FreshRegister register, int partitions) {
        this.register = register;
        this.partitions = partitions;
    }

    /**
     * Where a signup stands, for {@code caller}; empty if there is no such signup, and likewise if it belongs to another owner. Waits
     * without a thread.
     *
     * @param reading reads the database then
     */
    public CompletionStage<Optional<SignupStatus>> status(UUID signupId, Caller caller, Executor reading) {
        return register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(passed, view -> view.status(signupId))
                                .filter(status -> mayActOn(caller, status)),
                        reading);
    }

    /** As {@link #status(UUID, Caller, Executor)}, with what a receipt says of the recipients; empty for a contact message, too. */
    public CompletionStage<Optional<ReceiptFacts>> receipt(UUID signupId, Caller caller, Executor reading) {
        return register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(
                                passed,
                                view -> view.status(signupId)
                                        .filter(status -> mayActOn(caller, status))
                                        .flatMap(status -> status.consent()
                                                .map(consent -> new ReceiptFacts(
                                                        status, view.recipients(consent.recipients()))))),
                        reading);
    }

    /**
     * Whether a signup's consent is not withdrawn. Waits without a thread.
     *
     * @param reading reads the database then
     */
    public CompletionStage<Boolean> consentStands(UUID signupId, Executor reading) {
        return register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(passed, view -> view.status(signupId))
                                .filter(status -> status.withdrawal().isEmpty())
                                .isPresent(),
                        reading);
    }

    /** The same, for a caller that may block. */
    public Optional<SignupStatus> status(UUID signupId, Caller caller) {
        return aboutSignup(signupId, view -> view.status(signupId)).filter(status -> mayActOn(caller, status));
    }

    /**
     * A signup and the requests of its person, for {@code caller}; empty as {@link #status(UUID, Caller, Executor)} is. Waits without a thread.
     *
     * @param reading reads the database then
     */
    public CompletionStage<Optional<RightsCase>> rights(UUID signupId, Caller caller, Executor reading) {
        return register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(passed, view -> rights(view, signupId))
                                .filter(found -> mayActOn(caller, found.status())),
                        reading);
    }

    /** The same, for a signup of any owner, for a caller that may block. */
    public Optional<RightsCase> rights(UUID signupId) {
        return aboutSignup(signupId, view -> rights(view, signupId));
    }

    private static Optional<RightsCase> rights(RegisterView view, UUID signupId) {
        return view.status(signupId).map(status -> new RightsCase(status, view.requests(signupId)));
    }

    /** The requests that are not answered, the one that is due first, as far as the register is at this moment. Blocks. */
    public List<OpenRightsRequest> openRequests() {
        return register.openRequests();
    }

    /**
     * Whether the register knows a signup as {@code caller}'s. Does not wait for the log: a signup's owner never changes. If it does
     * not, nothing follows from that; {@link #status} tells.
     */
    public boolean knows(UUID signupId, Caller caller) {
        return register.projected(signupId)
                .filter(status -> mayActOn(caller, status))
                .isPresent();
    }

    /**
     * The choice of cookies that holds, of a visitor of {@code caller}'s website; empty if there is none. Waits without a thread.
     *
     * @param reading reads the database then
     */
    public CompletionStage<Optional<PresentCookieChoice>> cookieChoice(UUID visitor, ApiKey caller, Executor reading) {
        return register.passed(List.of(Topic.CONSENTS), EventPartitions.of(visitor, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(passed, view -> view.cookieChoice(visitor, caller.owner())), reading);
    }

    /** New data of a rectification is no signup to anybody: the request that it belongs to says what becomes of it. */
    private static boolean mayActOn(Caller caller, SignupStatus status) {
        return !status.correction() && caller.mayActOn(status.signupId(), status.owner());
    }

    @Override
    public SignupFate of(UUID signupId) {
        return aboutSignup(signupId, view -> {
            Optional<SignupStatus> status = view.status(signupId);
            if (status.isEmpty()) {
                // A key that was held for a request which ended before its consent was published is purged like any.
                return view.purged(signupId) ? SignupFate.SPENT : SignupFate.UNKNOWN;
            }
            return fate(status.get());
        });
    }

    private static SignupFate fate(SignupStatus status) {
        return switch (status.state()) {
            // Its consent alone: the key that was held for it is lost. Another one under this id would be purged a
            // second time.
            case RECEIVED -> SignupFate.SPENT;
            // A broker that was assigned may have been sent the data, however the signup ended.
            case EXPIRED -> status.everAssigned() ? SignupFate.TAKEN_UP : SignupFate.SPENT;
            case UNDELIVERABLE ->
                status.purge()
                                .filter(purge -> purge.reason() == PurgeReason.INVALID)
                                .isPresent()
                        ? SignupFate.SPENT
                        : SignupFate.TAKEN_UP;
            case ASSIGNED, DELIVERED, WITHDRAWN -> SignupFate.TAKEN_UP;
        };
    }

    private <T> T aboutSignup(UUID signupId, Function<RegisterView, T> query) {
        return past(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT, query);
    }

    /** What the register answers once it has passed what is in a partition now. "Not there" is certain only of such a register. */
    private <T> T past(Collection<Topic> topics, int partition, Duration limit, Function<RegisterView, T> query) {
        try {
            PassedEnds passed = register.passed(topics, partition, limit)
                    .toCompletableFuture()
                    // It keeps the limit itself; this one is for the day it does not.
                    .orTimeout(2 * limit.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return register.past(passed, query);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
