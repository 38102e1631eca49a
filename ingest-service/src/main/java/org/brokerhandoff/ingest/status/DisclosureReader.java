package org.brokerhandoff.ingest.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.PassedEnds;
import org.brokerhandoff.register.RegisterView;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads requests for disclosure, and their signups, once the register has passed everything acknowledged before the query. Its stages wait
 * without a thread. If that takes more than three seconds, they fail, and the other methods throw, as with {@link RegisterReader}.
 */
public final class DisclosureReader {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final List<Topic> ABOUT_SIGNUPS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private final FreshRegister register;
    private final int partitions;
    private final Executor reading;

    /**
     * Reads {@code register}, whose topics have {@code partitions} partitions.
     *
     * @param reading reads the database
     */
    public DisclosureReader(FreshRegister register, int partitions, Executor reading) {
        this.register = register;
        this.partitions = partitions;
        this.reading = reading;
    }

    /** The status of a signup, of any owner. */
    public CompletionStage<Optional<SignupStatus>> signup(UUID signupId) {
        return about(signupId, view -> view.status(signupId));
    }

    /** As above, for a caller that may block. */
    public Optional<SignupStatus> awaitSignup(UUID signupId) {
        return await(signupId, view -> view.status(signupId));
    }

    /** The requests that order a signup to be kept beyond {@code time}, by the register's current state. Blocks. */
    public List<Disclosure> projectedPreservedAfter(Instant time) {
        return register.projectedPreservedAfter(time);
    }

    /**
     * The signup that a request is about. Only if the register does not know the request yet, all partitions are awaited: the id does not
     * determine the partition.
     */
    public CompletionStage<Optional<UUID>> signupOf(UUID requestId) {
        return CompletableFuture.supplyAsync(() -> register.projectedDisclosure(requestId), reading)
                .thenCompose(projected -> projected.isPresent()
                        ? CompletableFuture.completedStage(projected)
                        : everywhere(view -> view.disclosure(requestId)))
                .thenApply(found -> found.map(Disclosure::signupId));
    }

    /** A request about a signup. */
    public CompletionStage<Optional<DisclosureCase>> request(UUID signupId, UUID requestId) {
        return about(signupId, view -> request(view, signupId, requestId));
    }

    /** As above, for a caller that may block. */
    public Optional<DisclosureCase> awaitRequest(UUID signupId, UUID requestId) {
        return await(signupId, view -> request(view, signupId, requestId));
    }

    private static Optional<DisclosureCase> request(RegisterView view, UUID signupId, UUID requestId) {
        return view.disclosures(signupId).stream()
                .filter(request -> request.requestId().equals(requestId))
                .findFirst()
                .map(request -> new DisclosureCase(request, view.status(signupId)));
    }

    /**
     * The request that a question belongs to; empty if there is none, or the signup is not {@code caller}'s. For a caller that may block.
     */
    public Optional<DisclosureCase> awaitQuestion(UUID signupId, UUID questionId, Caller caller) {
        return await(
                signupId,
                view -> owned(view, signupId, caller)
                        .flatMap(signup -> view.disclosures(signupId).stream()
                                .filter(request -> request.questions().stream()
                                        .anyMatch(question -> question.id().equals(questionId)))
                                .findFirst()
                                .map(request -> new DisclosureCase(request, Optional.of(signup)))));
    }

    /** The requests about a signup, the earliest first; empty if it does not exist, or is not {@code caller}'s. */
    public CompletionStage<Optional<List<Disclosure>>> ofSignup(UUID signupId, Caller caller) {
        return about(signupId, view -> owned(view, signupId, caller).map(signup -> view.disclosures(signupId)));
    }

    /** The newest requests, the newest first. */
    public CompletionStage<List<Disclosure>> newest(int most) {
        return everywhere(view -> view.newestDisclosures(most));
    }

    private static Optional<SignupStatus> owned(RegisterView view, UUID signupId, Caller caller) {
        return view.status(signupId).filter(status -> caller.mayActOn(signupId, status.owner()));
    }

    private <T> CompletionStage<T> about(UUID signupId, Function<RegisterView, T> query) {
        return register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .thenApplyAsync(passed -> register.past(passed, query), reading);
    }

    /** Not by the executor: its threads call this. */
    private <T> T await(UUID signupId, Function<RegisterView, T> query) {
        PassedEnds passed = register.passed(ABOUT_SIGNUPS, EventPartitions.of(signupId, partitions), LIMIT)
                .toCompletableFuture()
                // The register enforces the limit itself; this is a safeguard.
                .orTimeout(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return register.past(passed, query);
    }

    private <T> CompletionStage<T> everywhere(Function<RegisterView, T> query) {
        return register.passed(
                        List.of(Topic.CONSENTS),
                        IntStream.range(0, partitions).boxed().toList(),
                        LIMIT)
                .thenApplyAsync(passed -> register.past(passed, query), reading);
    }
}
