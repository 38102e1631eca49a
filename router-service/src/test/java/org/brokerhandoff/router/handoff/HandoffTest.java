package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of brokers, and what the log has of them. */
class HandoffTest extends HandoffRuns {
    @Test
    void a_refusal_by_status_alone_leads_on_while_nothing_was_lost() throws Exception {
        network.replies.add(bare(422));
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "second");
    }

    /** The broker has stored it, its reply was lost, and now a proxy or its own idempotency check answers. */
    @Test
    void after_a_lost_reply_no_bare_status_sends_the_signup_to_a_second_broker() throws Exception {
        for (int status : new int[] {400, 409, 413, 415, 422}) {
            id = UUID.randomUUID();
            signup = signup(Duration.ofMinutes(10));
            network.asked.clear();
            network.replies.addAll(List.of(LOST, bare(status), bare(status)));
            assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
            assertThat(network.asked).containsOnly("first").hasSize(4);
        }
    }

    @Test
    void after_a_crash_in_the_middle_of_an_attempt_no_bare_status_does_so_either() throws Exception {
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("first"))
                .toCompletableFuture()
                .join();
        network.replies.add(bare(409));
        run(History.NONE.assigned(new Assignment("first", 0, Instant.now())));
        assertThat(network.asked).containsExactly("first", "first");
    }

    @Test
    void the_contracts_rejection_leads_on_even_after_a_lost_reply() throws Exception {
        network.replies.addAll(List.of(
                LOST, new BrokerReply.Answered(422, Optional.of(BrokerReply.Verdict.REJECTED), Optional.empty())));
        run(History.NONE);
        assertThat(network.asked).containsExactly("first", "first", "second");
    }

    /** Kafka is away when the broker accepts: the fact is kept and recorded, and the person is not sent again. */
    @Test
    void an_acceptance_that_is_not_acknowledged_is_recorded_later_and_not_delivered_again() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        parts.log.acknowledges = event -> !(event instanceof Delivered) || refusals.getAndDecrement() <= 0;
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first");
        assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Delivered.class);
    }

    /** As above, and the key goes meanwhile: that the broker has it must be in the log all the same. */
    @Test
    void an_acceptance_is_recorded_though_the_person_withdraws_before_kafka_is_back() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        parts.log.acknowledges = event -> {
            if (event instanceof Delivered && refusals.getAndDecrement() > 0) {
                var unused = custody.erase(slot(), id, EraseReason.WITHDRAWN);
                return false;
            }
            return true;
        };
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Delivered.class);
    }

    @Test
    void every_attempt_is_in_the_log_though_kafka_did_not_acknowledge_at_once() throws Exception {
        AtomicInteger refusals = new AtomicInteger(3);
        parts.log.acknowledges = event -> !(event instanceof AttemptMade) || refusals.getAndDecrement() <= 0;
        network.replies.addAll(List.of(LOST, bare(503)));
        run(History.NONE);
        assertThat(parts.log.events(id))
                .filteredOn(AttemptMade.class::isInstance)
                .extracting(event -> ((AttemptMade) event).getOutcome())
                .containsExactly(AttemptOutcome.UNKNOWN, AttemptOutcome.DEFERRED);
    }

    @Test
    void an_assignment_that_is_not_acknowledged_is_recorded_before_anything_is_sent() throws Exception {
        AtomicInteger refusals = new AtomicInteger(1);
        parts.log.acknowledges = event -> refusals.getAndDecrement() <= 0;
        network.beforeReply = () -> assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Assigned.class);
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
    }

    @Test
    void of_two_routers_that_decided_differently_both_reach_the_broker_that_the_slot_names() throws Exception {
        // The other router, with another directory, has decided for "second" and has offered.
        parts.log.record(id, assigned("second")).toCompletableFuture().join();
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("second"))
                .toCompletableFuture()
                .join();
        assertThat(reason(run(History.NONE.assigned(new Assignment("first", 0, Instant.now())))))
                .isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("second");
        assertThat(parts.log.events(id)).filteredOn(Refused.class::isInstance).isEmpty();
    }

    @Test
    void every_attempt_sends_the_same_bytes_which_those_of_the_log_are() throws Exception {
        network.replies.add(LOST);
        run(History.NONE);
        Assigned recorded = (Assigned) parts.log.events(id).get(0);
        assertThat(network.bodies).hasSize(1);
        assertThat(network.bodies.iterator().next())
                .contains("\"assignedAt\":\""
                        + Instant.ofEpochMilli(recorded.getDecidedAt().toEpochMilli()) + "\"");
    }

    @Test
    void no_attempt_is_said_to_have_started_after_the_erasure_that_it_lost_to() throws Exception {
        network.replies.add(LOST);
        network.beforeReply = () -> {
            var unused = custody.erase(slot(), id, EraseReason.WITHDRAWN);
        };
        HandoffEnd end = run(History.NONE);
        Instant erasedAt = slot(end).erasedAt().orElseThrow();
        assertThat(parts.log.events(id))
                .filteredOn(AttemptMade.class::isInstance)
                .allSatisfy(event ->
                        assertThat(((AttemptMade) event).getStartedAt()).isBeforeOrEqualTo(erasedAt));
        assertThat(network.asked).hasSize(1);
    }

    @Test
    void a_router_that_has_lost_the_partition_chooses_no_broker_any_more() throws Exception {
        HandoffEnd end = parts.handoff
                .run(signup, History.NONE, () -> false)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(end).isEqualTo(new HandoffEnd.Left(signup));
        assertThat(parts.log.events(id)).isEmpty();
        assertThat(network.asked).isEmpty();
    }

    /** As if a refusal came into the log behind an attempt of an owner that had not read of it: the slot counts one more. */
    @Test
    void a_refusal_does_not_end_what_was_sent_again_after_it() throws Exception {
        network.replies.add(bare(409));
        network.beforeReply = () -> {
            network.beforeReply = () -> {};
            custody.offer(() -> true, slot(), id, 1, BrokerTag.of("first"))
                    .toCompletableFuture()
                    .join();
        };
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "first");
    }

    /** An attempt of the former owner whose outcome is unknown: the broker may still be busy with that request. */
    @Test
    void a_refusal_by_status_alone_counts_for_nothing_behind_an_attempt_whose_end_is_not_known() throws Exception {
        network.replies.add(bare(409));
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("first"))
                .toCompletableFuture()
                .join();
        Assignment assigned = new Assignment("first", 0, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        assertThat(reason(run(History.NONE.assigned(assigned)))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "first");
    }

    private Assigned assigned(String broker) {
        return HandoffEvents.assigned(
                signup,
                new org.brokerhandoff.routing.Decision.Assign(
                        DIRECTORY.facts(broker).orElseThrow(), List.of(), List.of()),
                0,
                Circumstances.of(DIRECTORY),
                Instant.now());
    }

    /**
     * An attempt that was signed with the former secret may end after the change. The broker would not be tried again before the
     * suspension that it brings is over.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_secret_that_is_replaced_while_it_is_refused_suspends_no_broker(int changedAt) throws Exception {
        network.replies.addAll(
                Collections.nCopies(changedAt, new BrokerReply.Answered(401, Optional.empty(), Optional.empty())));
        network.beforeReply = () -> {
            if (network.asked.size() == changedAt) {
                parts.directory = Examples.directory(Examples.broker("first", 1, 2), Examples.broker("second", 2, 1));
            }
        };
        run(History.NONE);
        assertThat(network.asked).hasSize(changedAt + 1).containsOnly("first");
        assertThat(parts.announced).isEmpty();
        assertThat(parts.log.events(id)).anyMatch(Delivered.class::isInstance);
        assertThat(parts.log.copies).isEmpty();
    }
}
