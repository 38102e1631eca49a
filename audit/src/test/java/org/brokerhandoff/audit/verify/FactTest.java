package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;

import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FactTest {
    /** A fact, its repeat by a router later in the log, and repeats that say more or something else. */
    record Repeats(Fact fact, Fact again, List<Fact> others) {}

    static Stream<Repeats> facts() {
        return Stream.of(
                new Repeats(
                        attempt(1, FJORD, 2, 10, 20, AttemptOutcome.UNKNOWN),
                        attempt(8, FJORD, 2, 10, 20, AttemptOutcome.UNKNOWN),
                        List.of(
                                attempt(8, NORDLYS, 2, 10, 20, AttemptOutcome.UNKNOWN),
                                attempt(8, FJORD, 3, 10, 20, AttemptOutcome.UNKNOWN),
                                attempt(8, FJORD, 2, 10, 20, AttemptOutcome.DEFERRED))),
                new Repeats(
                        assigned(1, 0, FJORD, Purpose.BROKER_HANDOFF, 10),
                        assigned(8, 0, FJORD, Purpose.BROKER_HANDOFF, 90),
                        List.of(
                                assigned(8, 1, FJORD, Purpose.BROKER_HANDOFF, 10),
                                assigned(8, 0, NORDLYS, Purpose.BROKER_HANDOFF, 10),
                                assigned(8, 0, FJORD, Purpose.HELPDESK, 10),
                                new Fact.Assignment(
                                        8, 0, FJORD, Digests.sha256("another"), Purpose.BROKER_HANDOFF, 10))),
                new Repeats(
                        new Fact.Acceptance(1, FJORD, 2, 10, 20, 200),
                        new Fact.Acceptance(8, FJORD, 2, 10, 20, 200),
                        List.of(
                                new Fact.Acceptance(8, NORDLYS, 2, 10, 20, 200),
                                new Fact.Acceptance(8, FJORD, 3, 10, 20, 200),
                                new Fact.Acceptance(8, FJORD, 2, 11, 20, 200))),
                new Repeats(
                        new Fact.Refusal(1, FJORD, 2, 10, 20),
                        new Fact.Refusal(8, FJORD, 2, 10, 20),
                        List.of(
                                new Fact.Refusal(8, NORDLYS, 2, 10, 20),
                                new Fact.Refusal(8, FJORD, 3, 10, 20),
                                new Fact.Refusal(8, FJORD, 2, 11, 20))),
                new Repeats(
                        new Fact.Release(1, FJORD, 2, 10, null, ReleaseReason.NOTHING_SENT),
                        new Fact.Release(8, FJORD, 2, 90, 5L, ReleaseReason.NOTHING_SENT),
                        List.of(
                                new Fact.Release(8, NORDLYS, 2, 10, null, ReleaseReason.NOTHING_SENT),
                                new Fact.Release(8, FJORD, 3, 10, null, ReleaseReason.NOTHING_SENT),
                                new Fact.Release(8, FJORD, 2, 10, null, ReleaseReason.NOT_RECEIVED))),
                new Repeats(
                        new Fact.Reconciliation(1, FJORD, 10, ReconciliationAnswer.NOT_RECEIVED),
                        new Fact.Reconciliation(8, FJORD, 10, ReconciliationAnswer.NOT_RECEIVED),
                        List.of(
                                new Fact.Reconciliation(8, NORDLYS, 10, ReconciliationAnswer.NOT_RECEIVED),
                                new Fact.Reconciliation(8, FJORD, 11, ReconciliationAnswer.NOT_RECEIVED),
                                new Fact.Reconciliation(8, FJORD, 10, ReconciliationAnswer.ACCEPTED))),
                new Repeats(
                        finish(SealedTopic.SIGNUPS, 5, RecordEnd.ENDED, 10),
                        finish(SealedTopic.SIGNUPS, 5, RecordEnd.ENDED, 11),
                        List.of(
                                finish(SealedTopic.SIGNUPS_PARKED, 5, RecordEnd.ENDED, 10),
                                finish(SealedTopic.SIGNUPS, 6, RecordEnd.ENDED, 10),
                                finish(SealedTopic.SIGNUPS, 5, RecordEnd.MOVED_ON, 10),
                                // The earlier of two times is the one to be judged.
                                finish(SealedTopic.SIGNUPS, 5, RecordEnd.ENDED, 9))),
                new Repeats(
                        new Fact.Parking(false),
                        new Fact.Parking(false),
                        List.of(new Fact.Parking(true), new Fact.Acceptance(8, FJORD, 2, 10, 20, 200))));
    }

    private static Fact assigned(long offset, int hop, String broker, Purpose purpose, long atMillis) {
        return new Fact.Assignment(offset, hop, broker, Digests.sha256("directory"), purpose, atMillis);
    }

    private static Fact attempt(
            long offset, String broker, int attempt, long started, long ended, AttemptOutcome outcome) {
        return new Fact.Attempt(offset, broker, attempt, started, ended, outcome);
    }

    private static Fact finish(SealedTopic topic, long offset, RecordEnd end, long atMillis) {
        return new Fact.Finish(topic, offset, end, atMillis);
    }

    @ParameterizedTest
    @MethodSource("facts")
    void what_is_published_again_adds_nothing_and_what_says_anything_else_does(Repeats repeats) {
        assertThat(repeats.fact().addsNothingTo(repeats.fact())).isTrue();
        assertThat(repeats.again().addsNothingTo(repeats.fact())).isTrue();
        for (Fact other : repeats.others()) {
            assertThat(other.addsNothingTo(repeats.fact())).as("%s", other).isFalse();
        }
        // Of another kind, whatever its content.
        assertThat(repeats.fact().addsNothingTo(new Fact.Undeliverable(Digests.sha256("directory"))))
                .isFalse();
    }

    @Test
    void a_refusal_or_release_covers_attempts_at_its_broker_up_to_the_last_that_it_settles() {
        Fact.End release = new Fact.Release(1, FJORD, 2, 10, null, ReleaseReason.NOTHING_SENT);
        Fact.End refusal = new Fact.Refusal(1, FJORD, 2, 10, 20);
        for (Fact.End end : List.of(release, refusal)) {
            assertThat(end.covers(new Fact.Acceptance(3, FJORD, 1, 10, 20, 200)))
                    .isTrue();
            assertThat(end.covers(new Fact.Acceptance(3, FJORD, 2, 10, 20, 200)))
                    .isTrue();
            assertThat(end.covers(new Fact.Acceptance(3, FJORD, 3, 10, 20, 200)))
                    .isFalse();
            assertThat(end.covers(new Fact.Acceptance(3, NORDLYS, 1, 10, 20, 200)))
                    .isFalse();
        }
    }

    @Test
    void a_contact_says_by_its_events_name_what_it_was() {
        assertThat(new Fact.Refusal(1, FJORD, 2, 10, 20).eventName()).isEqualTo("Refused");
        assertThat(new Fact.Acceptance(1, FJORD, 2, 10, 20, 200).eventName()).isEqualTo("Delivered");
        assertThat(new Fact.Attempt(1, FJORD, 2, 10, 20, AttemptOutcome.UNKNOWN).eventName())
                .isEqualTo("AttemptMade");
    }

    @Test
    void a_message_to_the_helpdesk_allows_no_handoff_and_a_consent_to_a_handoff_no_helpdesk() {
        Fact.Ground message = new Fact.Message(List.of("helpdesk"), 0, 10, null);
        Fact.Residence home = new Fact.Residence("NO", null);
        Fact.Ground consent =
                new Fact.Consent("2026-1", Digests.sha256("notice"), "nb", true, List.of(FJORD), 0, 0, 10, home);
        Fact.Ground other =
                new Fact.Consent("2026-1", Digests.sha256("notice"), "nb", false, List.of(FJORD), 0, 0, 10, home);
        assertThat(message.covers(Purpose.HELPDESK)).isTrue();
        assertThat(message.covers(Purpose.BROKER_HANDOFF)).isFalse();
        assertThat(consent.covers(Purpose.BROKER_HANDOFF)).isTrue();
        assertThat(consent.covers(Purpose.HELPDESK)).isFalse();
        assertThat(other.covers(Purpose.BROKER_HANDOFF)).isFalse();
    }
}
