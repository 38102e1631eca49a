package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");

    private static Verdict verdict(int good, int unpurged) {
        History history =
                new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
        for (int i = 0; i < good + unpurged; i++) {
            Life life = new Life(new UUID(1, i), 0, RECEIVED);
            history.write(life.granted(), life.assigned(Life.FJORD, 0, 10), life.delivered(Life.FJORD, 1, 20));
            if (i < good) {
                history.write(life.purged(PurgeReason.DELIVERED, 40));
            }
        }
        return history.verdict(RECEIVED.plusSeconds(5), true);
    }

    @Test
    void a_verdict_that_holds_says_what_was_read() {
        assertThat(verdict(1200, 0).render(Verdict.Style.PLAIN)).isEqualTo("""
                        read      4,803 events in 1 partition of each kept topic, 0 repeats among them
                        published 1 policy, 1 directory
                        signups   1,200 accepted, 1,200 delivered, 0 withdrawn, 0 never accepted
                        purged    1,200: 1,200 UNREACHABLE; 1,200 DELIVERED
                        open      0 at 2026-11-22T13:00:05Z

                        ok  all %d rules hold
                        """.formatted(Rules.ALL.size()));
    }

    @Test
    void one_fault_of_many_signups_is_one_line() {
        String text = verdict(1, 25).render(Verdict.Style.PLAIN);
        assertThat(text).contains("BROKEN  purged-in-time  ").doesNotContain("\u001b");
        assertThat(text.lines().filter(line -> line.contains("it is not purged")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(new UUID(1, 1) + ", ", new UUID(1, 5) + " and 20 more  it is not purged")
                        .doesNotContain(new UUID(1, 6).toString()));
        assertThat(verdict(1, 5).render(Verdict.Style.PLAIN)).doesNotContain("more");
        assertThat(verdict(1, 1).render(Verdict.Style.COLOURED)).contains("\u001b[1;31mBROKEN");
    }

    @Test
    void people_see_twenty_faults_of_a_rule_and_the_number_of_the_others() {
        History history =
                new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
        for (int i = 0; i < 25; i++) {
            history.write(new Life(new UUID(1, i), 0, RECEIVED.plusMillis(i)).granted());
        }
        String text = history.verdict(RECEIVED.plusSeconds(5), true).render(Verdict.Style.PLAIN);
        assertThat(text).contains("  and 5 more\n");
        assertThat(text.lines().filter(line -> line.contains("it is not purged")))
                .hasSize(20);
    }

    @Test
    void what_is_wrong_with_the_log_itself_comes_first_and_says_what_may_follow_from_it() {
        String text = SampleHistories.delivered()
                .lose(Topic.HANDOFFS, 3)
                .without(PolicyPublished.class)
                .verdict(SampleHistories.SOON, true)
                .render(Verdict.Style.PLAIN);
        assertThat(text)
                .containsSubsequence("log-complete", "The violations below may be consequences", "policy-published");
        assertThat(SampleHistories.delivered()
                        .lose(Topic.HANDOFFS, 3)
                        .verdict(SampleHistories.SOON, true)
                        .render(Verdict.Style.PLAIN))
                .doesNotContain("What follows");
        assertThat(verdict(1, 1).render(Verdict.Style.PLAIN)).doesNotContain("What follows");
    }

    @Test
    void programs_see_all_violations() throws Exception {
        JsonNode json = new ObjectMapper().readTree(verdict(3, 25).json());
        assertThat(json.get("holds").booleanValue()).isFalse();
        assertThat(json.get("violations")).hasSize(25);
        assertThat(json.at("/violations/0/signupId").textValue()).isEqualTo(new UUID(1, 3).toString());
        assertThat(json.at("/violations/0/rule").textValue()).isEqualTo("purged-in-time");
        assertThat(json.at("/counts/purgedByReason/DELIVERED").intValue()).isEqualTo(3);
        assertThat(json.get("rules")).hasSize(Rules.ALL.size());
    }

    @Test
    void a_violation_names_its_signup_or_its_place_or_neither() throws Exception {
        Verdict ofRecord = SampleHistories.delivered()
                .tamper(
                        Delivered.class,
                        record -> SampleHistories.headers(record, Optional.of("x"), record.eventType()))
                .verdict(SampleHistories.SOON, true);
        String signup = SampleHistories.LIFE.id().toString();
        assertThat(ofRecord.render(Verdict.Style.PLAIN)).contains("\n  " + signup + "  handoffs-0@3  ");
        JsonNode json = new ObjectMapper().readTree(ofRecord.json());
        assertThat(json.at("/violations/0/place").textValue()).isEqualTo("handoffs-0@3");
        assertThat(json.at("/violations/0/signupId").textValue()).isEqualTo(signup);

        Verdict ofPartition =
                SampleHistories.delivered().lose(Topic.HANDOFFS, 3).verdict(SampleHistories.SOON, true);
        assertThat(ofPartition.render(Verdict.Style.PLAIN)).contains("\n  handoffs-0  ");

        Verdict ofNothing = SampleHistories.delivered()
                .write(PolicyPublished.newBuilder(Life.policy(RECEIVED))
                        .setDigest(Digests.sha256("quietly changed"))
                        .build())
                .verdict(SampleHistories.SOON, true);
        assertThat(ofNothing.render(Verdict.Style.PLAIN)).contains("\n  -  ");
        assertThat(new ObjectMapper()
                        .readTree(ofNothing.json())
                        .at("/violations/0")
                        .has("place"))
                .isFalse();
    }

    @Test
    void programs_see_which_rules_hold_and_which_do_not_and_all_counts() throws Exception {
        JsonNode json = new ObjectMapper().readTree(verdict(3, 1).json());
        int broken = 0;
        for (JsonNode rule : json.get("rules")) {
            if (!rule.get("holds").booleanValue()) {
                broken++;
                assertThat(rule.get("code").textValue()).isEqualTo("purged-in-time");
            }
        }
        assertThat(broken).isEqualTo(1);
        assertThat(json.at("/counts/purgedByLevel/UNREACHABLE").intValue()).isEqualTo(3);
        assertThat(json.at("/counts/open").intValue()).isEqualTo(1);
    }

    @Test
    void signups_are_counted_by_what_became_of_them() {
        Life withdrawn = new Life(new UUID(1, 1), 0, RECEIVED);
        Life withdrawnToo = new Life(new UUID(1, 2), 0, RECEIVED);
        Life neverAccepted = new Life(new UUID(1, 3), 0, RECEIVED);
        Life neverAcceptedEither = new Life(new UUID(1, 4), 0, RECEIVED);
        History history =
                new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
        for (Life life : List.of(withdrawn, withdrawnToo)) {
            history.write(
                    life.granted(),
                    life.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 15),
                    life.purged(PurgeReason.WITHDRAWN, 16));
        }
        for (Life life : List.of(neverAccepted, neverAcceptedEither)) {
            history.write(
                    SampleHistories.withoutRecord(life.purged(PurgeReason.EXPIRED, SampleHistories.EXPIRY_MILLIS)));
        }
        Verdict verdict = history.verdict(SampleHistories.AFTER_THE_HOLD, true);
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
        assertThat(verdict.counts().accepted()).isEqualTo(2);
        assertThat(verdict.counts().withdrawn()).isEqualTo(2);
        assertThat(verdict.counts().neverAccepted()).isEqualTo(2);
        assertThat(verdict.counts().delivered()).isZero();
    }

    @Test
    void a_purge_without_a_consent_does_not_count_as_never_accepted_when_it_says_that_it_was_delivered() {
        Verdict verdict = SampleHistories.published()
                .write(SampleHistories.LIFE.purged(PurgeReason.DELIVERED, 40))
                .verdict(SampleHistories.SOON, true);
        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.counts().neverAccepted()).isZero();
    }

    @Test
    void an_event_that_was_published_again_is_a_repeat_also_where_it_says_more_than_before() {
        History history = SampleHistories.delivered();
        assertThat(history.verdict(SampleHistories.SOON, true).counts().repeats())
                .isZero();
        history.write(SampleHistories.LIFE.delivered(Life.FJORD, 3, 900));
        assertThat(history.verdict(SampleHistories.SOON, true).counts().repeats())
                .isEqualTo(1);
    }

    @Test
    void the_signups_that_break_a_rule_are_those_of_that_rule_alone() {
        Verdict verdict = verdict(1, 2);
        assertThat(verdict.signupsBreaking("purged-in-time")).containsExactlyInAnyOrder(new UUID(1, 1), new UUID(1, 2));
        assertThat(verdict.signupsBreaking("one-broker")).isEmpty();
    }

    @Test
    void a_cap_that_was_exceeded_is_named_with_its_window() {
        assertThat(HistoriesUnderTerms.cappedAfterAnother()
                        .verdict(SampleHistories.SOON, true)
                        .violations())
                .extracting(Violation::sentence)
                .containsExactly(
                        Life.FJORD + " accepted 2 in the hour that began at 2026-11-22T13:00:00Z, and its cap is 1");
    }

    @Test
    void a_cap_of_a_day_is_judged_over_its_hours() {
        DirectoryPublished daily = HistoriesUnderTerms.before(
                Life.directory(Life.broker(Life.FJORD, 1).setDailyCap(1).build()));
        History history = HistoriesUnderTerms.by(daily);
        for (int i = 0; i < 2; i++) {
            Life life = new Life(new UUID(1, i), 0, RECEIVED.plusSeconds(3600L * i));
            history.write(
                    life.granted(),
                    PlaceRequested.newBuilder(life.place(Life.FJORD, 5, null))
                            .setDailyCap(1)
                            .build(),
                    HistoriesUnderTerms.first(life, daily),
                    life.delivered(Life.FJORD, 1, 20),
                    life.purged(PurgeReason.DELIVERED, 90),
                    life.placeReleased(Life.FJORD, 95));
        }
        assertThat(history.verdict(RECEIVED.plusSeconds(7200), true).violations())
                .filteredOn(violation -> violation.rule().equals("cap-respected"))
                .extracting(Violation::sentence)
                .containsExactly(
                        Life.FJORD + " accepted 2 on the day that began at 2026-11-22T00:00:00Z, and its cap is 1");
    }
}
