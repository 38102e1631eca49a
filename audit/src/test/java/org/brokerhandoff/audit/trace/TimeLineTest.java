package org.brokerhandoff.audit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Disclosing;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeLineTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    private static final Life OTHER = new Life(new UUID(7, 10), 0, RECEIVED);

    private static KeptRecord record(Topic topic, long offset, SpecificRecord event) {
        return Records.of(topic, 0, offset, event, RECEIVED);
    }

    private static final TimeLine TIME_LINE = TimeLine.of(
            LIFE.id(),
            List.of(
                    record(Topic.PURGES, 0, LIFE.purged(PurgeReason.DELIVERED, 700_000)),
                    record(Topic.HANDOFFS, 0, LIFE.assigned(Life.FJORD, 0, 0)),
                    record(Topic.HANDOFFS, 1, OTHER.assigned(Life.NORDLYS, 0, 0)),
                    record(Topic.HANDOFFS, 2, LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.DEFERRED)),
                    record(Topic.HANDOFFS, 3, LIFE.delivered(Life.FJORD, 2, 12_030)),
                    record(Topic.HANDOFFS, 4, LIFE.delivered(Life.FJORD, 2, 12_030)),
                    record(Topic.CONSENTS, 0, LIFE.granted()),
                    record(Topic.CONSENTS, 1, LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 13_000))));

    @Test
    void a_life_is_told_in_the_order_in_which_it_happened_with_aligned_columns() {
        assertThat(TIME_LINE.render()).isEqualTo("""
                        signup 00000000-0000-0007-0000-000000000009
                        2026-11-22T13:00:00.000Z              ConsentGranted    policy 2026-11-01, recipients fjord-markets nordlys-invest, given at 2026-11-22T12:59:59.100Z, erase by 2026-11-23T13:00:00Z
                        2026-11-22T13:00:00.000Z       +0 ms  Assigned          broker fjord-markets, hop 0, candidates 2
                        2026-11-22T13:00:00.050Z      +50 ms  AttemptMade       broker fjord-markets, attempt 1, outcome DEFERRED, status 503, took +30 ms
                        2026-11-22T13:00:12.050Z     +12.0 s  Delivered         broker fjord-markets, attempt 2, status 200, took +20 ms
                        2026-11-22T13:00:12.050Z       +0 ms  Delivered         broker fjord-markets, attempt 2, status 200, took +20 ms (published again)
                        2026-11-22T13:00:13.000Z     +950 ms  ConsentWithdrawn  outcome HANDOFF_STARTED
                        2026-11-22T13:11:41.200Z     +0h 11m  Purged            level UNREACHABLE, reason DELIVERED, key destroyed 2026-11-22T13:11:40Z, read back DIRECT, offset 41, log starts at 42, replicas 3 of 3 in sync
                        """);
    }

    @Test
    void as_json_each_event_names_its_place() throws Exception {
        JsonNode json = new ObjectMapper().readTree(TIME_LINE.json());
        assertThat(json.get("events")).hasSize(7);
        assertThat(json.at("/events/0/place").textValue()).isEqualTo("consents-0@0");
        assertThat(json.at("/events/4/repeat").booleanValue()).isTrue();
        assertThat(json.at("/events/6/essentials/level").textValue()).isEqualTo("UNREACHABLE");
    }

    @Test
    void the_age_that_the_person_confirmed_is_told_where_there_is_one() {
        TimeLine timeLine = TimeLine.of(
                LIFE.id(),
                List.of(record(
                        Topic.CONSENTS,
                        0,
                        ConsentGranted.newBuilder(LIFE.granted())
                                .setDeclaredAge(18)
                                .build())));
        assertThat(timeLine.render()).contains("declared age 18, erase by");
    }

    @Test
    void a_signup_of_which_nothing_is_known_has_no_entries() {
        assertThat(TimeLine.of(new UUID(0, 0), List.of(record(Topic.CONSENTS, 0, LIFE.granted())))
                        .entries())
                .isEmpty();
    }

    @Test
    void an_erasure_is_told_with_the_first_look_at_each_brokers_files_that_shows_it() {
        TimeLine timeLine = TimeLine.of(
                LIFE.id(),
                List.of(
                        record(Topic.PURGES, 0, LIFE.look(1, 300, 42L)),
                        record(Topic.PURGES, 1, LIFE.look(1, 400, 41L)),
                        record(Topic.PURGES, 2, LIFE.look(1, 500, 42L)),
                        record(Topic.PURGES, 3, LIFE.look(1, 600, 43L)),
                        record(Topic.PURGES, 4, LIFE.look(2, 700, null)),
                        record(Topic.PURGES, 5, LIFE.erased(PurgeReason.DELIVERED, 230)),
                        record(Topic.PURGES, 6, LIFE.look(3, 1500, 99L))));
        assertThat(timeLine.entries())
                .extracting(TimeLine.Entry::event, TimeLine.Entry::place)
                .containsExactly(tuple("LogErased", "purges-0@2"), tuple("Purged", "purges-0@5"));
        assertThat(timeLine.render()).contains("LogErased  Kafka broker 1, lowest offset in a file 42");
    }

    @Test
    void durations_are_short_and_signed() {
        assertThat(TimeLine.delta(Duration.ofMillis(-5))).isEqualTo("-5 ms");
        assertThat(TimeLine.delta(Duration.ofSeconds(75))).isEqualTo("+75.0 s");
        assertThat(TimeLine.delta(Duration.ofHours(25).plusMinutes(3))).isEqualTo("+25h 03m");
    }

    @Test
    void requests_and_what_became_of_them_are_told_in_words() {
        Rights objection = new Rights(LIFE, new UUID(3, 1), RightsType.OBJECTION);
        TimeLine timeLine = TimeLine.of(
                LIFE.id(),
                List.of(
                        record(Topic.CONSENTS, 0, objection.requested(0, HoldingFound.HANDOFF_STARTED, 1)),
                        record(Topic.CONSENTS, 1, objection.extended(5_000, objection.due(9_000))),
                        record(Topic.CONSENTS, 2, objection.refused(6_000)),
                        record(Topic.HANDOFFS, 0, objection.sent(Life.FJORD, 1, 1_000, NoticeOutcome.REFUSED)),
                        record(Topic.HANDOFFS, 1, objection.refusedBy(Life.FJORD, 2_000))));
        assertThat(timeLine.render()).isEqualTo("""
                        signup 00000000-0000-0007-0000-000000000009
                        2026-11-22T13:00:00.000Z              RightsRequested        right objection, request 00000000-0000-0003-0000-000000000001, by website, found a broker that had been offered the data, attempts 1, due 2026-12-22T13:00:00Z
                        2026-11-22T13:00:01.000Z    +1000 ms  NoticeSent             broker fjord-markets, notice OBJECTION, request 00000000-0000-0003-0000-000000000001, attempt 1, outcome REFUSED, status 200
                        2026-11-22T13:00:02.000Z    +1000 ms  NoticeRefused          broker fjord-markets, notice OBJECTION, request 00000000-0000-0003-0000-000000000001, because of legal obligation
                        2026-11-22T13:00:05.000Z    +3000 ms  RightsRequestExtended  request 00000000-0000-0003-0000-000000000001, due 2026-12-22T13:00:09Z, because of complexity
                        2026-11-22T13:00:06.000Z    +1000 ms  RightsRequestDecided   request 00000000-0000-0003-0000-000000000001, decision refused, ground compelling grounds
                        """);
    }

    @Test
    void a_request_for_disclosure_is_told_with_who_took_each_step() {
        Disclosing request = new Disclosing(LIFE, new UUID(4, 1), DisclosureBasis.CONSENT);
        TimeLine timeLine = TimeLine.of(
                LIFE.id(),
                List.of(
                        record(Topic.CONSENTS, 0, request.requested(0)),
                        record(Topic.CONSENTS, 1, request.asked(1_000, 9_000)),
                        record(Topic.CONSENTS, 2, request.answered(2_000, true, null)),
                        record(Topic.CONSENTS, 3, request.granted(3_000, DisclosureGround.PERSON_CONSENTED))));
        assertThat(timeLine.render()).isEqualTo("""
                        signup 00000000-0000-0007-0000-000000000009
                        2026-11-22T13:00:00.000Z              DisclosureRequested         request 00000000-0000-0004-0000-000000000001, by authority in NO, basis consent, scope personal data and recipients, orders preservation yes, contact sealed as 00000000-0000-0008-0000-000000000009, actor admin-1
                        2026-11-22T13:00:01.000Z    +1000 ms  DisclosureQuestionAsked     request 00000000-0000-0004-0000-000000000001, question 00000000-0000-0005-0000-000000000001, answer by 2026-11-22T13:00:09Z, actor admin-1
                        2026-11-22T13:00:02.000Z    +1000 ms  DisclosureQuestionAnswered  request 00000000-0000-0004-0000-000000000001, question 00000000-0000-0005-0000-000000000001, consented yes, by receipt
                        2026-11-22T13:00:03.000Z    +1000 ms  DisclosureDecided           request 00000000-0000-0004-0000-000000000001, decision granted, ground person consented, actor admin-2
                        """);
    }

    @ParameterizedTest
    @EnumSource(HoldingFound.class)
    void every_finding_has_words(HoldingFound found) {
        Rights erasure = new Rights(LIFE, new UUID(3, 1), RightsType.ERASURE);
        assertThat(TimeLine.of(LIFE.id(), List.of(record(Topic.CONSENTS, 0, erasure.requested(0, found, null))))
                        .render())
                .contains("found ")
                .doesNotContain(found.name());
    }
}
