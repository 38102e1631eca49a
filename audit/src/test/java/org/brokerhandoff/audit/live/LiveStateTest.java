package org.brokerhandoff.audit.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.Disclosing;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class LiveStateTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-28T12:00:00Z");
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    private static final Life OLDER = new Life(new UUID(7, 8), 0, RECEIVED.minusSeconds(60));

    private final LiveState state = new LiveState();

    private LiveView view() {
        return state.view(RECEIVED.plusSeconds(600));
    }

    @Test
    void what_is_accepted_is_held_until_its_purge_and_the_oldest_is_named() {
        state.take(LIFE.granted());
        state.take(OLDER.granted());
        assertThat(view().held()).isEqualTo(2);
        assertThat(view().oldest().orElseThrow().signupId()).isEqualTo(OLDER.id());
        assertThat(view().age()).hasValue(Duration.ofMinutes(11));
        state.take(OLDER.purged(PurgeReason.DELIVERED, 40));
        assertThat(view().oldest().orElseThrow().signupId()).isEqualTo(LIFE.id());
        assertThat(view().overdue()).isZero();
        assertThat(state.view(RECEIVED.plus(Life.HOLD).plusMillis(1)).overdue()).isEqualTo(1);
    }

    @Test
    void what_an_order_has_kept_is_not_overdue_before_its_end_or_the_reserve_after_its_release() {
        Disclosing order = new Disclosing(LIFE, new UUID(4, 1), DisclosureBasis.COURT_ORDER);
        Duration until = Life.HOLD.multipliedBy(2);
        state.take(LIFE.granted());
        state.take(order.held(500, Disclosing.DECIDING, until.toMillis()));
        assertThat(view().oldest().orElseThrow().due()).isEqualTo(RECEIVED.plus(until));
        assertThat(state.view(RECEIVED.plus(until)).overdue()).isZero();
        assertThat(state.view(RECEIVED.plus(until).plusMillis(1)).overdue()).isEqualTo(1);
        state.take(LIFE.granted());
        assertThat(view().oldest().orElseThrow().kept()).as("after a repeat").isTrue();
        Duration released = Life.HOLD.plusHours(1);
        state.take(order.released(released.toMillis()));
        assertThat(view().oldest().orElseThrow().due())
                .isEqualTo(RECEIVED.plus(released).plus(Duration.ofMinutes(10)));
        state.take(LIFE.purged(PurgeReason.EXPIRED, released.toMillis()));
        assertThat(view().held()).isZero();
    }

    @Test
    void a_purge_that_is_read_before_its_consent_counts_and_a_repeat_of_either_changes_nothing() {
        state.take(LIFE.purged(PurgeReason.DELIVERED, 40));
        state.take(LIFE.purged(PurgeReason.DELIVERED, 40));
        state.take(LIFE.granted());
        assertThat(view().held()).isZero();
    }

    @Test
    void a_request_is_owed_until_it_is_decided_and_an_extension_gives_it_time() {
        Rights asked = new Rights(LIFE, new UUID(3, 4), RightsType.OBJECTION);
        state.take(asked.requested(10, HoldingFound.HANDOFF_STARTED, 1));
        assertThat(view().work()).singleElement().satisfies(work -> {
            assertThat(work.kind()).isEqualTo(Work.Kind.REQUEST);
            assertThat(work.due()).hasValue(asked.due(10));
        });
        Instant later = asked.due(10).plus(Duration.ofDays(30));
        state.take(asked.extended(20, later));
        assertThat(view().work().get(0).due()).hasValue(later);
        state.take(asked.granted(30));
        state.take(asked.requested(10, HoldingFound.HANDOFF_STARTED, 1));
        assertThat(view().work()).isEmpty();
    }

    @Test
    void what_is_answered_at_once_or_found_here_is_not_owed() {
        state.take(new Rights(LIFE, new UUID(3, 1), RightsType.ACCESS).requested(10, null, null));
        state.take(new Rights(LIFE, new UUID(3, 2), RightsType.ERASURE).requested(10, HoldingFound.HELD, 0));
        assertThat(view().work()).isEmpty();
    }

    @Test
    void a_notice_is_owed_until_the_broker_answers_and_an_escalation_is_seen() {
        Rights asked = new Rights(LIFE, new UUID(3, 4), RightsType.ERASURE);
        state.take(asked.requested(10, HoldingFound.HANDOFF_STARTED, 1));
        state.take(asked.sent(Life.FJORD, 1, 20, NoticeOutcome.NO_ANSWER));
        assertThat(view().workInAll()).isEqualTo(2);
        assertThat(view().escalated()).isZero();
        state.take(asked.escalated(Life.FJORD, 30));
        assertThat(view().escalated()).isEqualTo(1);
        WorkFilter escalated = filter(Map.of("due", "escalated")).orElseThrow();
        assertThat(escalated.of(view().work(), RECEIVED))
                .singleElement()
                .satisfies(work -> assertThat(work.broker()).hasValue(Life.FJORD));
        state.take(asked.confirmed(Life.FJORD, 40));
        assertThat(view().workInAll()).isZero();
        assertThat(view().escalated()).isZero();
    }

    @Test
    void brokers_are_those_of_the_newest_directory() {
        state.take(Life.directory(RECEIVED));
        state.take(LIFE.delivered(Life.FJORD, 1, 20));
        assertThat(view().brokers())
                .extracting(broker -> broker.published().getId(), BrokerState::accepted)
                .containsExactly(tuple(Life.FJORD, 1L), tuple(Life.NORDLYS, 0L));
    }

    @Test
    void every_type_that_changes_something_stands_in_a_topic_that_is_followed() {
        for (Class<?> type : LiveState.EVENTS) {
            assertThat(Topic.CONSENTS.recordTypes().contains(type)
                            || Topic.HANDOFFS.recordTypes().contains(type)
                            || Topic.PURGES.recordTypes().contains(type))
                    .as(type.getSimpleName())
                    .isTrue();
        }
    }

    static Optional<WorkFilter> filter(Map<String, String> query) {
        return WorkFilter.of(name -> Optional.ofNullable(query.get(name)));
    }
}
