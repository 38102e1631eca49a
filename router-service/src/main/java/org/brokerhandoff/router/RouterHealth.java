package org.brokerhandoff.router;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.router.deliver.BrokerGuards;
import org.brokerhandoff.router.directory.DirectoryWatch;
import org.brokerhandoff.router.http.VertxBrokerClient;
import org.brokerhandoff.router.kafka.SignupConsumer;
import org.brokerhandoff.router.purge.PurgeWaits;
import org.brokerhandoff.router.purge.PurgeWorker;

/**
 * Whether the router works. The first finding is reported: blocking ones before impairments.
 *
 * @param silentAgents the Kafka brokers whose erasure agents have stopped reporting
 * @param newerEvents each says which events of a newer version something waits for, or goes without; deliveries continue
 */
record RouterHealth(
        Keys keys,
        SignupConsumer consumer,
        PurgeWorker purges,
        Brokers brokers,
        Supplier<SortedSet<Integer>> silentAgents,
        List<Supplier<Stream<String>>> newerEvents)
        implements Supplier<Health> {
    /** Preconditions of everything else: custody, leases, and whether the router has started. */
    record Keys(
            Supplier<Health> custody,
            PartitionLeases leases,
            Supplier<Optional<String>> leaseProblem,
            StartGate gate) {}

    /** Those that receive. */
    record Brokers(DirectoryWatch directory, BrokerGuards guards, VertxBrokerClient client, InstantSource clock) {}

    @Override
    public Health get() {
        return notWorking().or(this::impaired).orElseGet(() -> Health.healthy(suspended()));
    }

    private Optional<Health> notWorking() {
        Health custody = keys.custody().get();
        if (custody instanceof Health.Unhealthy) {
            return Optional.of(custody);
        }
        Optional<Health> shut = keys.gate().shut();
        if (shut.isPresent()) {
            return shut;
        }
        Optional<String> leaseProblem = keys.leaseProblem().get();
        if (leaseProblem.isPresent()) {
            return Optional.of(Health.unhealthy("leases-lost", leaseProblem.get()));
        } else if (!purges.running()) {
            return Optional.of(Health.unhealthy("not-purging", "the purge thread has stopped"));
        } else if (!consumer.polling()) {
            return Optional.of(Health.unhealthy("not-polling", "the consumer has not polled yet or has stopped"));
        }
        return consumer.stoppedForSchema().isEmpty()
                ? Optional.empty()
                : Optional.of(Health.unhealthy("unknown-schema", String.join("; ", consumer.stoppedForSchema())));
    }

    private Optional<Health> impaired() {
        List<String> newer = newerEvents.stream().flatMap(Supplier::get).toList();
        PurgeWaits waits = purges.waits();
        return Stream.of(
                        Optional.of(keys.custody().get()).filter(Health.Impaired.class::isInstance),
                        when(!newer.isEmpty(), "unknown-schema", () -> String.join("; ", newer)),
                        when(
                                !consumer.stoppedAfterFailure().isEmpty(),
                                "partition-stopped",
                                () -> String.join("; ", consumer.stoppedAfterFailure())),
                        when(
                                !keys.leases().waiting().isEmpty(),
                                "waiting-for-lease",
                                () -> keys.leases().waiting().entrySet().stream()
                                        .map(each ->
                                                "partition " + each.getKey() + " is still owned by " + each.getValue())
                                        .collect(Collectors.joining("; "))),
                        brokers.directory().warning().map(warning -> Health.impaired("directory-invalid", warning)),
                        when(
                                waits.forReplicas() > 0,
                                "replicas-away",
                                () -> waits.forReplicas() + " purges wait for Kafka brokers "
                                        + new TreeSet<>(waits.brokersAway())
                                        + " to be in sync; their keys are destroyed"),
                        silent(silentAgents.get()),
                        agreements())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Purges wait for no agent that is silent: their claim falls instead, so that nothing else shows it. */
    private static Optional<Health> silent(SortedSet<Integer> agents) {
        return when(
                !agents.isEmpty(),
                "erasure-agents-silent",
                () -> "the erasure agents of Kafka brokers " + agents
                        + " have not reported for two minutes; purges of partitions there claim UNREACHABLE, not ERASED");
    }

    private Optional<Health> agreements() {
        Instant now = brokers.clock().instant();
        SortedMap<String, Instant> ending = brokers.directory().get().agreementsEnding(now);
        return when(
                !ending.isEmpty(),
                "agreement-ending",
                () -> ending.entrySet().stream()
                        .map(each -> "the agreement with " + each.getKey()
                                + (each.getValue().isAfter(now)
                                        ? " ends at "
                                        : " has ended, so it gets no signups, at ")
                                + each.getValue())
                        .collect(Collectors.joining("; ")));
    }

    private static Optional<Health> when(boolean holds, String code, Supplier<String> detail) {
        return holds ? Optional.of(Health.impaired(code, detail.get())) : Optional.empty();
    }

    private Map<String, String> suspended() {
        Map<String, String> details = new TreeMap<>();
        brokers.guards().suspended().forEach((broker, why) -> details.put("suspended broker " + broker, why));
        brokers.client()
                .unreachable()
                .forEach((broker, why) -> details.put("nothing sent to broker " + broker, why.name()));
        return details;
    }
}
