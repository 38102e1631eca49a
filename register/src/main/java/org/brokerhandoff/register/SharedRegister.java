package org.brokerhandoff.register;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register for a process that asks it and whose work it is not to project. While nobody whose work it is follows the log –
 * ingest is down, say – this process does: what depends on the register goes on.
 */
public final class SharedRegister implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedRegister.class);
    private static final String CLIENT_ID = "standby-register";
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(5);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(5);
    /** A service that is being restarted is not stood in for. */
    private static final int LOOKS_UNTIL_STANDING_IN = 2;

    private final KafkaClients clients;
    private final EventCodec codec;
    private final Register register;
    private final Admin admin;
    private final Freshness freshness;
    private final ScheduledExecutorService looking;

    /** On the looking thread only, but at the end. */
    private Optional<RegisterProjector> projector = Optional.empty();

    private int looksAlone;

    private SharedRegister(KafkaClients clients, EventCodec codec, Register register) {
        this.clients = clients;
        this.codec = codec;
        this.register = register;
        this.admin = clients.admin("handoff-shared-register");
        this.freshness = new Freshness(admin, clients, register, () -> {});
        this.looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "standby-register");
            thread.setDaemon(true);
            return thread;
        });
        var unused = looking.scheduleWithFixedDelay(this::look, 0, LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Opens the register.
     *
     * @throws RegisterUnavailable if the database cannot be reached
     */
    public static SharedRegister open(KafkaClients clients, EventCodec codec, RegisterSettings settings) {
        return new SharedRegister(clients, codec, Register.open(settings));
    }

    /** Takes withdrawals about which nothing is left to do out of those in progress; a rebuild puts them back. */
    public void ended(Collection<UUID> signups) {
        register.ended(signups);
    }

    /**
     * Withdrawals after an offer, as a register shows them that has passed everything about signups in some partitions.
     *
     * @param passed the partitions
     * @param withdrawals those of all partitions that {@link #ended} has not ended, by signup id
     */
    public record InProgress(Set<Integer> passed, List<WithdrawalInProgress> withdrawals) {
        /** Copies both. */
        public InProgress {
            passed = Set.copyOf(passed);
            withdrawals = List.copyOf(withdrawals);
        }
    }

    /**
     * Waits until the register has passed everything about signups that is in {@code partitions} now, and reads it. A register that was
     * emptied in between has passed none: it might have the withdrawal again and not yet the brokers that have to be told.
     *
     * @return with those partitions that it has passed within {@code limit}
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
                    passed.keySet(),
                    register.past(PassedEnds.all(passed.values()), RegisterView::withdrawalsInProgress));
        } catch (RegisterBehind emptied) {
            LOG.debug("the register was emptied while it was asked");
            return new InProgress(Set.of(), List.of());
        }
    }

    private void look() {
        try {
            boolean others = Await.result(
                            admin.describeConsumerGroups(List.of(RegisterProjector.group(clients.settings())))
                                    .all(),
                            KAFKA_LIMIT,
                            "the group is not known")
                    .values()
                    .stream()
                    .flatMap(group -> group.members().stream())
                    .anyMatch(member -> member.clientId().equals(RegisterProjector.CLIENT_ID));
            looksAlone = others ? 0 : looksAlone + 1;
        } catch (RuntimeException unknown) {
            // A group that has never been is an error, too.
            looksAlone++;
        }
        if (looksAlone >= LOOKS_UNTIL_STANDING_IN && projector.isEmpty()) {
            LOG.info("nobody projects the register; this process does for the time being");
            projector = Optional.of(RegisterProjector.start(clients, codec, register, CLIENT_ID));
        } else if (looksAlone == 0 && projector.isPresent()) {
            LOG.info("the register is projected by another process again");
            projector.get().close();
            projector = Optional.empty();
        }
    }

    @Override
    public void close() {
        looking.shutdown();
        try {
            var unused = looking.awaitTermination(KAFKA_LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        projector.ifPresent(RegisterProjector::close);
        freshness.close();
        admin.close(Duration.ofSeconds(1));
        register.close();
    }
}
