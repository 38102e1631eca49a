package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Requests for disclosure in a register, with any database. */
abstract class DisclosuresContract extends DatabaseContract {
    private static final Instant IN_TIME = DisclosureEvents.ANSWER_BY;

    private final UUID signup = Events.signupId();
    private final UUID request = UUID.randomUUID();

    private List<SpecificRecord> whole() {
        return List.of(
                DisclosureEvents.requested(signup, request),
                DisclosureEvents.asked(signup, request),
                DisclosureEvents.answered(signup, request, true, IN_TIME),
                DisclosureEvents.decided(signup, request, RequestDecision.GRANTED),
                DisclosureEvents.released(signup, request));
    }

    @Test
    void a_request_reads_the_same_in_whatever_order_its_events_arrive() {
        Disclosure expected = new Disclosure(
                signup,
                request,
                new Disclosure.Entered(
                        Events.NOON,
                        DisclosureRequester.AUTHORITY,
                        "NO",
                        DisclosureBasis.CONSENT,
                        List.of(DisclosureScope.RECIPIENTS, DisclosureScope.PURGE),
                        true,
                        Optional.of(DisclosureEvents.sealedAs(request)),
                        "admin-1",
                        Optional.of(DisclosureEvents.UNTIL)),
                List.of(new Disclosure.Question(
                        DisclosureEvents.questionId(request),
                        Events.NOON.plusSeconds(60),
                        DisclosureEvents.ANSWER_BY,
                        "admin-1",
                        Optional.of(new Disclosure.Answer(IN_TIME, true, RequestMethod.RECEIPT, Optional.empty())))),
                Optional.of(new Disclosure.Decision(
                        Events.NOON.plusSeconds(900),
                        RequestDecision.GRANTED,
                        DisclosureGround.PERSON_CONSENTED,
                        "admin-2",
                        Optional.of(DisclosureEvents.UNTIL))),
                Optional.of(new Disclosure.Release(Events.NOON.plusSeconds(1000), "admin-3")));
        Random random = new Random(1);
        String text = null;
        for (int round = 0; round < 12; round++) {
            try (Register register = Register.open(empty())) {
                List<SpecificRecord> events = new ArrayList<>(whole());
                Collections.shuffle(events, random);
                if (round % 2 == 0) {
                    apply(register, events);
                } else {
                    events.forEach(event -> apply(register, List.of(event)));
                }
                assertThat(register.disclosure(request)).hasValue(expected);
                String exported = export(register);
                assertThat(text == null ? exported : text).isEqualTo(exported);
                text = exported;
            }
        }
        assertThat(text)
                .contains("disclosure_request\tsignup_id=" + signup + "\trequest_id=" + request)
                .contains("sealed_as=" + DisclosureEvents.sealedAs(request))
                .contains("question_id=" + DisclosureEvents.questionId(request))
                .contains("answer_by=" + DisclosureEvents.ANSWER_BY);
    }

    @Test
    void the_first_of_a_fact_stays_whatever_a_later_one_says() {
        try (Register register = Register.open(empty())) {
            apply(register, whole());
            Disclosure first = register.disclosure(request).orElseThrow();
            apply(
                    register,
                    List.of(
                            DisclosureEvents.answered(signup, request, false, IN_TIME),
                            DisclosureEvents.decided(signup, request, RequestDecision.REFUSED)));
            assertThat(register.disclosure(request)).hasValue(first);
        }
    }

    @Test
    void an_answer_counts_in_time_only_and_none_at_all_is_a_refusal() {
        try (Register register = Register.open(empty())) {
            UUID late = UUID.randomUUID();
            UUID silent = UUID.randomUUID();
            UUID unasked = UUID.randomUUID();
            UUID refused = UUID.randomUUID();
            for (UUID id : List.of(request, late, silent, unasked, refused)) {
                apply(register, List.of(DisclosureEvents.requested(signup, id)));
                if (!id.equals(unasked)) {
                    apply(register, List.of(DisclosureEvents.asked(signup, id)));
                }
            }
            apply(
                    register,
                    List.of(
                            DisclosureEvents.answered(signup, request, true, IN_TIME),
                            DisclosureEvents.answered(signup, late, true, IN_TIME.plusMillis(1)),
                            DisclosureEvents.answered(signup, refused, false, IN_TIME)));

            assertThat(read(register, request).agreement()).isPresent();
            for (UUID id : List.of(late, silent, unasked, refused)) {
                assertThat(read(register, id).agreement()).isEmpty();
            }
            Instant after = IN_TIME.plusMillis(1);
            for (UUID id : List.of(late, silent)) {
                assertThat(read(register, id).refusedByPerson(IN_TIME)).isFalse();
                assertThat(read(register, id).refusedByPerson(after)).isTrue();
            }
            assertThat(read(register, refused).refusedByPerson(Events.NOON)).isTrue();
            assertThat(read(register, request).refusedByPerson(after)).isFalse();
            assertThat(read(register, unasked).refusedByPerson(after)).isFalse();
        }
    }

    @Test
    void a_signup_is_kept_until_the_latest_time_that_was_granted_and_not_taken_back() {
        try (Register register = Register.open(empty())) {
            UUID other = UUID.randomUUID();
            apply(register, List.of(Events.granted(signup)));
            assertThat(register.status(signup).orElseThrow().preservedUntil()).isEmpty();
            apply(register, List.of(DisclosureEvents.requested(signup, request)));
            assertThat(register.status(signup).orElseThrow().preservedUntil())
                    .as("ordered, not granted")
                    .isEmpty();
            apply(register, List.of(DisclosureEvents.decided(signup, request, RequestDecision.GRANTED)));
            assertThat(register.status(signup).orElseThrow().preservedUntil()).contains(DisclosureEvents.UNTIL);
            assertThat(register.disclosure(request).orElseThrow().preservedUntil())
                    .contains(DisclosureEvents.UNTIL);
            apply(
                    register,
                    List.of(
                            DisclosureEvents.requested(signup, other),
                            DisclosureEvents.decided(signup, other, RequestDecision.REFUSED)));
            assertThat(ids(register.preservedAfter(DisclosureEvents.UNTIL.minusMillis(1))))
                    .containsExactly(request);
            assertThat(register.preservedAfter(DisclosureEvents.UNTIL)).isEmpty();
            Instant promised = register.status(signup).orElseThrow().eraseBy();
            assertThat(promised).isBefore(DisclosureEvents.UNTIL);
            assertThat(register.overduePurges(promised.plusMillis(1))).isZero();
            assertThat(register.overduePurges(DisclosureEvents.UNTIL.plusMillis(1)))
                    .isOne();
            apply(register, List.of(DisclosureEvents.released(signup, request)));
            assertThat(register.status(signup).orElseThrow().preservedUntil()).isEmpty();
            assertThat(register.overduePurges(promised.plusMillis(1))).isOne();
            assertThat(register.disclosure(request).orElseThrow().preservedUntil())
                    .isEmpty();
            assertThat(ids(register.preservedAfter(Events.NOON)))
                    .as("what was prolonged has to be put back")
                    .containsExactly(request);
        }
    }

    @Test
    void what_was_decided_without_having_been_entered_is_no_request() {
        try (Register register = Register.open(empty())) {
            apply(register, List.of(DisclosureEvents.decided(signup, request, RequestDecision.GRANTED)));
            assertThat(register.disclosure(request)).isEmpty();
            assertThat(ids(register.past(passedNothing(), view -> view.disclosures(signup))))
                    .isEmpty();
            assertThat(ids(register.past(passedNothing(), view -> view.newestDisclosures(10))))
                    .isEmpty();
        }
    }

    @Test
    void requests_are_listed_by_signup_and_the_newest_first() {
        try (Register register = Register.open(empty())) {
            UUID later = UUID.randomUUID();
            UUID other = UUID.randomUUID();
            apply(
                    register,
                    List.of(
                            DisclosureEvents.requested(signup, later, Events.NOON.plusSeconds(1)),
                            DisclosureEvents.requested(signup, request),
                            DisclosureEvents.requested(Events.signupId(), other, Events.NOON.plusSeconds(2))));

            assertThat(ids(register.past(passedNothing(), view -> view.disclosures(signup))))
                    .containsExactly(request, later);
            assertThat(ids(register.past(passedNothing(), view -> view.newestDisclosures(2))))
                    .containsExactly(other, later);
        }
    }

    @Test
    void a_rebuilt_register_has_the_same_text() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            for (SpecificRecord event : whole()) {
                log.publish(Topic.CONSENTS, signup, event).join();
            }
            log.publish(Topic.CONSENTS, signup, DisclosureEvents.decided(signup, request, RequestDecision.REFUSED))
                    .join();
            TestLog.awaitAll(projector);
            String projected = export(register);
            assertThat(projected).contains("decision=GRANTED").doesNotContain("decision=REFUSED");

            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            assertThat(export(register)).isEqualTo(projected);
            try (Register fresh = Register.open(empty())) {
                RegisterRebuild.run(log.clients, log.codec, fresh, (done, total) -> {});
                assertThat(export(fresh)).isEqualTo(projected);
            }
        }
    }

    private static List<UUID> ids(List<Disclosure> disclosures) {
        return disclosures.stream().map(Disclosure::requestId).toList();
    }

    private static PassedEnds passedNothing() {
        return PassedEnds.all(List.of());
    }

    private static Disclosure read(Register register, UUID request) {
        return register.disclosure(request).orElseThrow();
    }

    private static void apply(Register register, List<? extends SpecificRecord> events) {
        EventBatch batch = new EventBatch();
        events.forEach(event -> batch.add(Topic.CONSENTS, new Decoded.Event(event)));
        assertThat(batch.unreadable()).isZero();
        apply(register, batch);
    }
}
