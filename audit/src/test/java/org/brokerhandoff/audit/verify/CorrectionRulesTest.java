package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** New data of a signup that a broker has: two lives, of which the second belongs to a request about the first. */
class CorrectionRulesTest {
    private static final long HOUR = 3_600_000;
    private static final UUID DATA = new UUID(9, 9);
    private static final UUID DEAD = new UUID(9, 7);
    private static final Life NEW = new Life(DATA, 0, RECEIVED.plusMillis(HOUR));
    private static final Rights REQUEST = new Rights(LIFE, DATA, RightsType.RECTIFICATION);
    private static final Instant TWO_MONTHS_LATER = RECEIVED.plusSeconds(61L * 86_400);

    private static RightsRequested requested() {
        return RightsRequested.newBuilder(REQUEST.requested(HOUR, null, null))
                .setSealedAs(SignupIds.fixed(DATA))
                .build();
    }

    private static ContactReceived received(String... recipients) {
        return ContactReceived.newBuilder(NEW.contact(recipients))
                .setPurposes(List.of(Purpose.RECTIFICATION))
                .setConcerns(SignupIds.fixed(LIFE.id()))
                .setRequestId(new RandomId(SignupIds.bytes(DATA)))
                .build();
    }

    private static Assigned assigned(String holder, String other, int priority) {
        return Assigned.newBuilder(NEW.assigned(FJORD, 0, 10))
                .setBroker(holder)
                .setRecipients(List.of(holder))
                .setCandidates(List.of(new Candidate(holder, priority, 1)))
                .setExclusions(List.of(new Exclusion(other, ExclusionReason.NOT_IN_CONSENT)))
                .setPurpose(Purpose.RECTIFICATION)
                .build();
    }

    private static Purged purged(PurgeReason reason, long millis) {
        return Purged.newBuilder(NEW.purged(reason, millis))
                .setSlot(5)
                .setOffset(43L)
                .setStartOffset(44L)
                .build();
    }

    private static History handedOver() {
        return new History(1)
                .write(
                        Life.policy(RECEIVED),
                        Life.directory(RECEIVED),
                        Life.examined(RECEIVED),
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    private static History corrected() {
        return handedOver()
                .write(
                        requested(),
                        received(FJORD),
                        assigned(FJORD, NORDLYS, 1),
                        NEW.delivered(FJORD, 1, 20),
                        purged(PurgeReason.DELIVERED, 90));
    }

    private static History expired() {
        return handedOver()
                .write(
                        requested(),
                        received(FJORD),
                        assigned(FJORD, NORDLYS, 1),
                        purged(PurgeReason.EXPIRED, Life.HOLD.toMillis() - 60_000));
    }

    private static Arguments breach(String code, String name, History history) {
        return Arguments.of(code, name, history);
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("correction-asked-for", "not requested", corrected().without(RightsRequested.class)),
                breach(
                        "correction-asked-for",
                        "the request names other data",
                        corrected()
                                .change(
                                        RightsRequested.class,
                                        e -> RightsRequested.newBuilder(e)
                                                .setSealedAs(SignupIds.fixed(new UUID(9, 8)))
                                                .build())),
                breach(
                        "correction-asked-for",
                        "another right was exercised",
                        corrected()
                                .change(
                                        RightsRequested.class,
                                        e -> RightsRequested.newBuilder(e)
                                                .setType(RightsType.ACCESS)
                                                .build())),
                breach(
                        "correction-to-holder",
                        "it went to a broker that does not have the signup",
                        handedOver()
                                .write(
                                        requested(),
                                        received(NORDLYS),
                                        assigned(NORDLYS, FJORD, 2),
                                        NEW.delivered(NORDLYS, 1, 20),
                                        purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "correction-to-holder",
                        "it went out after the withdrawal of the signup",
                        corrected().write(LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, HOUR - 120_000))),
                breach("correction-answered", "it expired, and no broker was notified", expired()),
                breach(
                        "correction-answered",
                        "it was never accepted, and no broker was notified",
                        handedOver().write(requested())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule(String code, String name, History history) {
        Set<String> found = history.verdict(TWO_MONTHS_LATER, false).violations().stream()
                .map(Violation::rule)
                .filter(rule -> rule.startsWith("correction"))
                .collect(Collectors.toSet());
        // A request that names other data has none of its own that could arrive.
        assertThat(found).as(name).contains(code).isSubsetOf(code, "correction-answered");
    }

    static Stream<Arguments> goodLives() {
        return Stream.<Arguments>of(
                Arguments.of("corrected", (Supplier<History>) CorrectionRulesTest::corrected),
                Arguments.of("expired, and refused in time", (Supplier<History>) () ->
                        expired().write(REQUEST.refused(HOUR + 2 * Life.HOLD.toMillis()))),
                Arguments.of("refused by the holder", (Supplier<History>) () -> handedOver()
                        .write(
                                requested(),
                                received(FJORD),
                                assigned(FJORD, NORDLYS, 1),
                                NEW.refused(FJORD, 20),
                                Undeliverable.newBuilder(NEW.undeliverable(50))
                                        .setPurpose(Purpose.RECTIFICATION)
                                        .build(),
                                purged(PurgeReason.UNDELIVERABLE, 90))),
                Arguments.of("never taken in, its key destroyed by the request that followed", (Supplier<History>) () ->
                        corrected()
                                .write(
                                        RightsRequested.newBuilder(new Rights(LIFE, DEAD, RightsType.RECTIFICATION)
                                                        .requested(HOUR - 5, null, null))
                                                .setSealedAs(SignupIds.fixed(DEAD))
                                                .build(),
                                        new Life(DEAD, 0, RECEIVED.plusMillis(HOUR - 5))
                                                .withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 2),
                                        Purged.newBuilder(new Life(DEAD, 0, RECEIVED.plusMillis(HOUR - 5))
                                                        .purged(PurgeReason.WITHDRAWN, 90))
                                                .setSlot(6)
                                                .setLevel(PurgeLevel.UNREADABLE)
                                                .setPartition(null)
                                                .setOffset(null)
                                                .setStartOffset(null)
                                                .setReplicas(null)
                                                .setInSyncReplicas(null)
                                                .setCutConfirmedAt(null)
                                                .setCheckpointIntervalMillis(null)
                                                .build())),
                Arguments.of("withdrawn before it was sent", (Supplier<History>) () -> handedOver()
                        .write(
                                requested(),
                                received(FJORD),
                                LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, HOUR + 5),
                                NEW.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 6),
                                purged(PurgeReason.WITHDRAWN, 90))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void a_good_correction_passes_every_rule(String name, Supplier<History> history) {
        List<Violation> found =
                history.get().verdict(NEW.at(Life.HOLD.toMillis() + 1), false).violations();
        assertThat(found).as(name).isEmpty();
    }

    @Test
    void what_a_withdrawal_of_the_signup_owes_is_not_owed_of_its_new_data() {
        History history = corrected()
                .write(
                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 2 * HOUR),
                        NEW.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, HOUR));
        assertThat(history.verdict(TWO_MONTHS_LATER, false).signupsBreaking("withdrawal-notified"))
                .containsExactly(LIFE.id());
    }
}
