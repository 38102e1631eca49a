package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Events of a signup in every order, and from several writers, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class EventOrderContract extends DatabaseContract {
    private static final HoldingBroker NORDLYS = unnamed("nordlys-invest");

    @Test
    void a_delivered_signup_reads_the_same_in_whatever_order_its_events_arrive() {
        try (Register register = Register.open(empty())) {
            everyOrder(register, false, status(SignupState.DELIVERED, Optional.empty()));
        }
    }

    @Test
    void a_withdrawn_signup_reads_the_same_in_whatever_order_its_events_arrive() {
        try (Register register = Register.open(empty())) {
            everyOrder(
                    register,
                    true,
                    status(
                            SignupState.WITHDRAWN,
                            Optional.of(new WithdrawalStatus(
                                    Events.NOON.plusSeconds(30),
                                    WithdrawalOutcome.HANDOFF_STARTED,
                                    WithdrawalMethod.WEBSITE_REQUEST,
                                    Optional.empty(),
                                    Optional.of(new NoticeStatus(
                                            NoticeStatus.State.PENDING, 0, Optional.empty(), Optional.empty()))))));
        }
    }

    private static SignupStatus status(SignupState state, Optional<WithdrawalStatus> withdrawal) {
        return new SignupStatus(
                new UUID(0, 0),
                Optional.of("website-1"),
                state,
                Events.NOON.plusMillis(5),
                Events.NOON.plusSeconds(86_400),
                Optional.empty(),
                Optional.of(NORDLYS),
                true,
                Optional.of(Events.recorded()),
                Optional.of(new PurgeStatus(PurgeLevel.UNREACHABLE, PurgeReason.DELIVERED, Events.NOON.plusSeconds(6))),
                withdrawal,
                false);
    }

    private static void everyOrder(Register register, boolean withdrawn, SignupStatus expected) {
        List<UUID> ids = new ArrayList<>();
        List<EventBatch> batches = new ArrayList<>();
        int events = withdrawn ? 7 : 6;
        for (List<Integer> order : permutations(events)) {
            UUID id = Events.signupId();
            List<Published> facts = facts(id);
            for (int i = 0; i < events; i++) {
                // Signups go through together, at the i-th event each; every fourth order has two events in one batch.
                int step = ids.size() % 4 == 3 ? i / 2 : i;
                while (batches.size() <= step) {
                    batches.add(new EventBatch());
                }
                Published next = facts.get(order.get(i));
                batches.get(step).add(next.topic(), new Decoded.Event(next.event()));
            }
            ids.add(id);
        }
        batches.forEach(batch -> apply(register, batch));

        for (UUID id : ids) {
            SignupStatus found = register.status(id).orElseThrow();
            assertThat(found)
                    .usingRecursiveComparison()
                    .ignoringFields("signupId")
                    .isEqualTo(expected);
            assertThat(found.signupId()).isEqualTo(id);
        }
    }

    private record Published(Topic topic, SpecificRecord event) {}

    private static List<Published> facts(UUID id) {
        return List.of(
                new Published(Topic.CONSENTS, Events.granted(id)),
                new Published(Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0)),
                new Published(Topic.HANDOFFS, Events.refused(id, "fjord-markets")),
                new Published(Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 1)),
                new Published(Topic.HANDOFFS, Events.delivered(id, "nordlys-invest")),
                new Published(Topic.PURGES, Events.purged(id, PurgeReason.DELIVERED)),
                new Published(Topic.CONSENTS, Events.withdrawn(id)));
    }

    private static List<List<Integer>> permutations(int length) {
        List<List<Integer>> permutations = new ArrayList<>(List.of(List.of()));
        for (int next = 0; next < length; next++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> shorter : permutations) {
                for (int place = 0; place <= shorter.size(); place++) {
                    List<Integer> permutation = new ArrayList<>(shorter);
                    permutation.add(place, next);
                    longer.add(permutation);
                }
            }
            permutations = longer;
        }
        return permutations;
    }

    @Test
    void writers_of_the_same_signups_do_not_lose_each_others_facts() throws Exception {
        RegisterSettings settings = empty();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ids.add(Events.signupId());
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Register one = Register.open(settings);
                Register two = Register.open(settings)) {
            one.claim(new LogSource("cluster", ""), List.of(new LogPartition(Topic.CONSENTS, 0)));
            List<Future<?>> writers = new ArrayList<>();
            writers.add(threads.submit(() -> ids.forEach(id -> apply(one, Topic.CONSENTS, Events.granted(id)))));
            writers.add(threads.submit(
                    () -> ids.forEach(id -> apply(two, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0)))));
            writers.add(threads.submit(() ->
                    ids.forEach(id -> apply(two, Topic.PURGES, Events.purged(id, PurgeReason.EXPIRED)))));
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }

            assertThat(ids)
                    .allSatisfy(id -> assertThat(one.status(id)).get().satisfies(status -> {
                        assertThat(status.state()).isEqualTo(SignupState.EXPIRED);
                        assertThat(status.broker()).contains(NORDLYS);
                    }));
        } finally {
            threads.shutdownNow();
        }
    }
}
