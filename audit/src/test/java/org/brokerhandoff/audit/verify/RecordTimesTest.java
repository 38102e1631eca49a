package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Honest logs under clocks that are set, differ and jump, and suspended processes; and each with one false record. */
class RecordTimesTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final Life life = new Life(new UUID(7, 9), 0, START);
    private final Map<String, Long> lags = new HashMap<>();
    private final List<KeptRecord> partition = new ArrayList<>();
    private Instant now = START.plus(DAY.multipliedBy(30));

    /** The next record, written and appended so many seconds after the start. */
    private RecordTimesTest record(String service, long written, long appended) {
        KeptRecord record = Records.of(
                Topic.HANDOFFS, 0, partition.size(), life.assigned(Life.FJORD, 0, 0), START.plusSeconds(appended));
        partition.add(Records.header(
                Records.header(record, CloudEventHeaders.SOURCE, Optional.of(service)),
                CloudEventHeaders.TIME,
                Optional.of(START.plusSeconds(written).toString())));
        return this;
    }

    private RecordTimesTest router(long written, long appended) {
        return record("/router", written, appended);
    }

    /** The offsets of the backdated or postdated records. */
    private List<Long> dated() {
        List<Long> found = new ArrayList<>();
        RecordTimes times =
                new RecordTimes(now, lags, dating -> found.add(dating.record().offset()));
        Map<String, Long> known = new HashMap<>(lags);
        partition.forEach(times::take);
        times.finish();
        for (int cut = 0; cut <= partition.size(); cut++) {
            assertThat(datedFromState(cut, new HashMap<>(known)))
                    .as("from a state at %s", cut)
                    .containsExactlyInAnyOrderElementsOf(found);
        }
        return found;
    }

    private List<Long> datedFromState(int cut, Map<String, Long> known) {
        List<Long> found = new ArrayList<>();
        RecordTimes before =
                new RecordTimes(now, known, dating -> found.add(dating.record().offset()));
        RecordTimes behind =
                new RecordTimes(now, known, dating -> found.add(dating.record().offset()));
        partition.subList(0, cut).forEach(before::take);
        try {
            ByteArrayOutputStream state = new ByteArrayOutputStream();
            before.save(new DataOutputStream(state));
            behind.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())), Life.CODEC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        partition.subList(cut, partition.size()).forEach(behind::take);
        behind.finish();
        return found;
    }

    @Test
    void how_far_a_service_is_from_kafka_is_known_behind_a_state() throws IOException {
        router(-7200, 0).router(-7190, 10).router(-7180, 20);
        for (int cut = 0; cut <= partition.size(); cut++) {
            try (LogAudit first = new LogAudit(Installation.unnamed(1), now, Life.CODEC, InMemory::new);
                    LogAudit second = new LogAudit(Installation.unnamed(1), now, Life.CODEC, InMemory::new)) {
                first.keepState();
                partition.subList(0, cut).forEach(first.partition(0)::add);
                ByteArrayOutputStream state = new ByteArrayOutputStream();
                first.partition(0).save(new DataOutputStream(state));
                second.verifiedBefore(0, first.verified(0));
                second.partition(0)
                        .restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())), Life.CODEC);
                partition.subList(cut, partition.size()).forEach(second.partition(0)::add);
                second.partition(0).add(new Extent(Topic.HANDOFFS, 0, partition.size(), partition.size()));
                second.beginJudging(false, HoldTimes.LONGEST_HOLD);
                second.judge(0);
                assertThat(second.verdict(Optional.empty()).brokenRules())
                        .as("at %s", cut)
                        .doesNotContain("dated-back", "dated-ahead");
            }
        }
    }

    @Test
    void a_record_that_is_dated_back_or_ahead_is_found_wherever_it_stands() {
        router(-3600, 0)
                .router(10, 10)
                .router(20, 20)
                .router(30 - 3600, 30)
                .router(40, 40)
                .router(3650, 50);
        assertThat(dated()).containsExactly(0L, 3L, 5L);
    }

    @Test
    void two_of_two_services_side_by_side_are_found() {
        router(0, 0).record("/register", 0, 0).router(10 - 3600, 10).record("/register", 10 - 7200, 10);
        assertThat(dated()).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void the_only_record_is_found() {
        assertThat(router(-3600, 0).dated()).containsExactly(0L);
    }

    @Test
    void hosts_whose_clocks_differ_are_honest() {
        router(-7200, 0).router(-7190, 10).router(-7180, 20).record("/register", 25, 25);
        lags.put("/router", 7200_000L);
        now = START.plusSeconds(20);
        assertThat(dated()).containsExactly();
    }

    @Test
    void one_that_lies_beside_others_whose_clock_differs_is_found() {
        router(-7200, 0).router(-7190 - 3600, 10).router(-7180, 20).router(-7170, 30);
        assertThat(dated()).containsExactly(1L);
    }

    @Test
    void a_clock_of_kafkas_that_is_set_ahead_for_good_is_honest() {
        router(0, 0).router(10, 10).router(20, 7220).router(30, 7230).router(40, 7240);
        now = START.plusSeconds(50);
        assertThat(dated()).isEmpty();
    }

    @Test
    void a_clock_of_kafkas_that_jumps_and_returns_is_honest() {
        router(0, 0).router(10, 7210).router(20, 20).router(30, 30);
        assertThat(dated()).isEmpty();
    }

    @Test
    void a_clock_of_kafkas_that_was_behind_for_a_moment_is_honest() {
        router(0, 0).router(10, -7190).router(20, 20).router(30, 30);
        assertThat(dated()).isEmpty();
    }

    @Test
    void a_services_clock_that_is_set_is_honest() {
        router(0, 0)
                .router(10, 10)
                .router(20 - 86400, 20)
                .router(30 - 86400, 30)
                .router(40 - 86400, 40);
        lags.put("/router", 0L);
        // Only the next record distinguishes a clock that was set from a false record.
        router(50, 50).router(60, 60);
        assertThat(dated()).isEmpty();
    }

    @Test
    void a_router_that_stood_still_with_a_record_on_its_way_is_honest() {
        router(0, 0).router(1, 900).router(901, 901);
        assertThat(dated()).isEmpty();
        partition.clear();
        router(0, 0).router(1, 902).router(903, 903);
        assertThat(dated()).containsExactly(1L);
    }

    @Test
    void a_record_without_a_time_is_another_rules_business() {
        KeptRecord record = Records.of(Topic.HANDOFFS, 0, 0, life.assigned(Life.FJORD, 0, 0), START);
        partition.add(Records.header(record, CloudEventHeaders.TIME, Optional.of("soon")));
        partition.add(Records.header(record, CloudEventHeaders.TIME, Optional.empty()));
        assertThat(dated()).isEmpty();
    }
}
