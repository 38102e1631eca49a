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
 * Reads the register once it has passed everything acknowledged before the query: what it does not find then does not exist. If that takes
 * more than three seconds, its methods throw, or their stages fail with, {@link org.brokerhandoff.register.RegisterBehind} or {@link
 * org.brokerhandoff.register.RegisterUnavailable}.
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
     * The status of a signup, for {@code caller}; empty if it does not exist, or belongs to another owner. Waits without a thread.
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

    /** As {@link #status(UUID, Caller, Executor)}, with a receipt's data on the recipients; also empty for a contact message. */
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

    /** As above, for a caller that may block. */
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

    /** As above, for a signup of any owner, for a caller that may block. */
    public Optional<RightsCase> rights(UUID signupId) {
        return aboutSignup(signupId, view -> rights(view, signupId));
    }

    private static Optional<RightsCase> rights(RegisterView view, UUID signupId) {
        return view.status(signupId).map(status -> new RightsCase(status, view.requests(signupId)));
    }

    /** The unanswered requests, the first due first, by the register's current state. Blocks. */
    public List<OpenRightsRequest> openRequests() {
        return register.openRequests();
    }

    /**
     * Whether the register knows a signup as {@code caller}'s. Does not wait for the log: a signup's owner never changes. False proves
     * nothing; {@link #status} decides.
     */
    public boolean knows(UUID signupId, Caller caller) {
        return register.projected(signupId)
                .filter(status -> mayActOn(caller, status))
                .isPresent();
    }

    /**
     * The current choice of cookies of a visitor of {@code caller}'s website; empty if there is none. Waits without a thread.
     *
     * @param reading reads the database then
     */
    public CompletionStage<Optional<PresentCookieChoice>> cookieChoice(UUID visitor, ApiKey caller, Executor reading) {
        return register.passed(List.of(Topic.CONSENTS), EventPartitions.of(visitor, partitions), LIMIT)
                .thenApplyAsync(
                        passed -> register.past(passed, view -> view.cookieChoice(visitor, caller.owner())), reading);
    }

    /** New data of a rectification is not a signup to any caller: the status is that of its request. */
    private static boolean mayActOn(Caller caller, SignupStatus status) {
        return !status.correction() && caller.mayActOn(status.signupId(), status.owner());
    }

    @Override
    public SignupFate of(UUID signupId) {
        return aboutSignup(signupId, view -> {
            Optional<SignupStatus> status = view.status(signupId);
            if (status.isEmpty()) {
                // A key held for a request that ended before its consent was published is purged like any other.
                return view.purged(signupId) ? SignupFate.SPENT : SignupFate.UNKNOWN;
            }
            return fate(status.get());
        });
    }

    private static SignupFate fate(SignupStatus status) {
        return switch (status.state()) {
            // Its consent alone: the key held for it is lost. Another one under this id would be purged a second time.
            case RECEIVED -> SignupFate.SPENT;
            // An assigned broker may have been sent the data, however the signup ended.
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

    /** The register's answer once it has passed the partition's current end. Only then is "not found" certain. */
    private <T> T past(Collection<Topic> topics, int partition, Duration limit, Function<RegisterView, T> query) {
        try {
            PassedEnds passed = register.passed(topics, partition, limit)
                    .toCompletableFuture()
                    // The register enforces the limit itself; this is a safeguard.
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
