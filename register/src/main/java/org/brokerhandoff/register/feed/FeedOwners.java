package org.brokerhandoff.register.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.PassedEnds;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterView;
import org.brokerhandoff.register.SignupOwner;
import org.brokerhandoff.schemas.Topic;

/**
 * The owners of signups, and due requests, by the register. Blocks; thread-safe. Its methods throw {@link RegisterBehind} or {@link
 * org.brokerhandoff.register.RegisterUnavailable} while unknown: nothing is then skipped, and the query is retried.
 */
public final class FeedOwners {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int MOST_AT_ONCE = 500;

    private final FreshRegister register;
    private final int partitions;

    /** Queries {@code register}, of a log of {@code partitions} partitions. */
    public FeedOwners(FreshRegister register, int partitions) {
        this.register = register;
        this.partitions = partitions;
    }

    /** Number of partitions of the log. */
    public int partitions() {
        return partitions;
    }

    /**
     * The owner of each id, of a signup or of a rectification's new data. A missing one was never accepted: no website gets its entries.
     */
    public Map<UUID, SignupOwner> of(Collection<UUID> signupIds) {
        Map<UUID, SignupOwner> owners = new HashMap<>();
        List<UUID> distinct = List.copyOf(new HashSet<>(signupIds));
        for (int from = 0; from < distinct.size(); from += MOST_AT_ONCE) {
            List<UUID> some = distinct.subList(from, Math.min(distinct.size(), from + MOST_AT_ONCE));
            owners.putAll(register.projectedOwners(some));
            List<UUID> missing = new ArrayList<>(some);
            missing.removeAll(owners.keySet());
            if (!missing.isEmpty()) {
                // The register follows the log as this reader does, and may be behind it. All partitions: a
                // rectification's request is in the partition of its signup, which is not known yet.
                owners.putAll(past(List.of(Topic.CONSENTS), all(), view -> view.owners(missing)));
            }
        }
        return owners;
    }

    /** The currently unanswered requests. */
    public List<OpenRightsRequest> openRequests() {
        return past(FeedRules.TOPICS, all(), RegisterView::openRequests);
    }

    private Set<Integer> all() {
        return IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
    }

    private <T> T past(List<Topic> topics, Set<Integer> numbers, java.util.function.Function<RegisterView, T> query) {
        CompletionStage<PassedEnds> passed = register.passed(topics, numbers, LIMIT);
        try {
            return register.past(passed.toCompletableFuture().join(), query);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
