package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.verify.ProcessClocks.MOST_APART_MILLIS;

import java.time.Instant;
import java.util.List;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.ServiceName;
import org.junit.jupiter.api.Test;

class PublicationsTest {
    private static final Instant EXAMINED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant AGAIN = EXAMINED.plusSeconds(3600);

    private static PurgeLevel highest(Instant claimed, CustodyExamined... examinations) {
        return Publications.of(List.of(examinations), Life.CODEC).highestAt(claimed.toEpochMilli());
    }

    @Test
    void without_an_examination_a_purge_may_claim_that_the_key_is_destroyed_and_no_more() {
        assertThat(highest(EXAMINED)).isEqualTo(PurgeLevel.UNREADABLE);
    }

    @Test
    void an_examination_counts_from_its_moment_on_and_earlier_by_as_much_as_clocks_may_differ() {
        CustodyExamined examined = Life.examined(EXAMINED, PurgeLevel.ERASED);
        assertThat(highest(EXAMINED, examined)).isEqualTo(PurgeLevel.ERASED);
        assertThat(highest(EXAMINED.minusMillis(MOST_APART_MILLIS), examined)).isEqualTo(PurgeLevel.ERASED);
        assertThat(highest(EXAMINED.minusMillis(MOST_APART_MILLIS + 1), examined))
                .isEqualTo(PurgeLevel.UNREADABLE);
    }

    @Test
    void a_later_examination_replaces_an_earlier_one_once_clocks_leave_no_doubt_of_their_order() {
        CustodyExamined generous = Life.examined(EXAMINED, PurgeLevel.ERASED);
        CustodyExamined strict = Life.examined(AGAIN, PurgeLevel.UNREADABLE);
        assertThat(highest(AGAIN.plusMillis(MOST_APART_MILLIS - 1), generous, strict))
                .isEqualTo(PurgeLevel.ERASED);
        // In whatever order they are in the log, which has several partitions.
        assertThat(highest(AGAIN.plusMillis(MOST_APART_MILLIS), generous, strict))
                .isEqualTo(PurgeLevel.UNREADABLE);
        assertThat(highest(AGAIN.plusMillis(MOST_APART_MILLIS), strict, generous))
                .isEqualTo(PurgeLevel.UNREADABLE);
    }

    @Test
    void of_two_examinations_that_may_count_the_more_generous_does() {
        CustodyExamined strict = Life.examined(EXAMINED, PurgeLevel.UNREADABLE);
        CustodyExamined generous = Life.examined(AGAIN, PurgeLevel.UNREACHABLE);
        assertThat(highest(AGAIN, strict, generous)).isEqualTo(PurgeLevel.UNREACHABLE);
        assertThat(highest(AGAIN.minusMillis(MOST_APART_MILLIS + 1), strict, generous))
                .isEqualTo(PurgeLevel.UNREADABLE);
    }

    @Test
    void what_another_service_found_permits_a_router_nothing() {
        CustodyExamined byIngest = CustodyExamined.newBuilder(Life.examined(EXAMINED, PurgeLevel.ERASED))
                .setService(ServiceName.INGEST)
                .build();
        assertThat(highest(AGAIN, byIngest)).isEqualTo(PurgeLevel.UNREADABLE);
    }
}
