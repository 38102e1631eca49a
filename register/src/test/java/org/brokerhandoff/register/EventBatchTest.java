package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class EventBatchTest {
    private final UUID id = Events.signupId();
    private final EventBatch batch = new EventBatch();

    @Test
    void events_of_one_signup_become_one_row() {
        batch.add(Topic.CONSENTS, new Decoded.Event(Events.granted(id)));
        batch.add(Topic.HANDOFFS, new Decoded.Event(Events.assigned(id, "fjord-markets", 0)));
        batch.add(Topic.PURGES, new Decoded.Event(Events.purged(id, PurgeReason.EXPIRED)));

        assertThat(batch.signups()).hasSize(1);
        assertThat(batch.events()).isEqualTo(3);
        assertThat(batch.unreadable()).isZero();
    }

    @Test
    void the_first_of_a_repeated_fact_stays() {
        ConsentGranted first = Events.granted(id);
        batch.add(Topic.CONSENTS, new Decoded.Event(first));
        batch.add(Topic.CONSENTS, new Decoded.Event(Events.granted(id)));

        assertThat(batch.signups().get(id))
                .isNotNull()
                .satisfies(facts -> assertThat(facts.granted).isSameAs(first));
    }

    @Test
    void the_assignment_with_the_highest_hop_stays() {
        Assigned second = Events.assigned(id, "nordlys-invest", 1);
        batch.add(Topic.HANDOFFS, new Decoded.Event(second));
        batch.add(Topic.HANDOFFS, new Decoded.Event(Events.assigned(id, "fjord-markets", 0)));

        assertThat(batch.signups().get(id))
                .isNotNull()
                .satisfies(facts -> assertThat(facts.assigned).isSameAs(second));
    }

    @Test
    void what_cannot_be_read_is_counted_and_skipped() {
        batch.add(Topic.CONSENTS, new Decoded.Undecodable());
        batch.add(Topic.CONSENTS, new Decoded.UnknownSchema(1));

        assertThat(batch.unreadable()).isEqualTo(2);
        assertThat(batch.events()).isEqualTo(2);
        assertThat(batch.signups()).isEmpty();
    }

    @Test
    void an_event_in_a_topic_that_may_not_hold_it_is_skipped() {
        batch.add(Topic.PURGES, new Decoded.Event(Events.granted(id)));

        assertThat(batch.unreadable()).isEqualTo(1);
        assertThat(batch.signups()).isEmpty();
    }

    @Test
    void an_attempt_changes_nothing_and_is_not_unreadable() {
        batch.add(
                Topic.HANDOFFS,
                new Decoded.Event(AttemptMade.newBuilder()
                        .setSignupId(SignupIds.fixed(id))
                        .setBroker("fjord-markets")
                        .setAttempt(1)
                        .setStartedAt(Events.NOON)
                        .setEndedAt(Events.NOON)
                        .setOutcome(AttemptOutcome.UNKNOWN)
                        .build()));

        assertThat(batch.unreadable()).isZero();
        assertThat(batch.signups()).isEmpty();
    }

    @Test
    void an_examination_of_the_custody_is_about_no_signup_and_is_not_unreadable() {
        batch.add(Topic.PURGES, new Decoded.Event(Events.examined()));

        assertThat(batch.unreadable()).isZero();
        assertThat(batch.events()).isEqualTo(1);
        assertThat(batch.signups()).isEmpty();
    }

    @Test
    void a_look_at_the_brokers_files_is_about_no_signup_and_is_not_unreadable() {
        batch.add(
                Topic.PURGES,
                new Decoded.Event(LogErased.newBuilder()
                        .setBroker(1)
                        .setDirectories(List.of())
                        .setTopic(SealedTopic.SIGNUPS)
                        .setPartition(0)
                        .setLowestOffset(7L)
                        .setObservedAt(Events.NOON)
                        .build()));

        assertThat(batch.unreadable()).isZero();
        assertThat(batch.signups()).isEmpty();
    }

    @Test
    void text_that_a_database_or_a_list_cannot_hold_is_skipped() {
        for (String broker : List.of("fjord\0markets", "fjord,markets", "fjord\nmarkets")) {
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.assigned(id, broker, 0)));
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.refused(id, broker)));
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.delivered(id, broker)));
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.directory(Events.NOON, broker, "Name")));
            batch.add(Topic.CONSENTS, new Decoded.Event(Events.policy(broker, "text", Events.NOON)));
        }
        batch.add(Topic.HANDOFFS, new Decoded.Event(Events.directory(Events.NOON, "fjord-markets", "N\0")));

        assertThat(batch.unreadable()).isEqualTo(16);
        assertThat(batch.signups()).isEmpty();
        assertThat(batch.directories()).isEmpty();
    }
}
