package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records in the topics with sealed data: records, repeats, parked copies, markers, and records set aside. */
class SeenRulesTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant END = RECEIVED.plus(Life.HOLD).plusMillis(1);
    private static final long EXPIRY_MILLIS = Duration.between(
                    RECEIVED, HoldTimes.of(RECEIVED, Life.HOLD).keyExpiry())
            .toMillis();
    private static final Life FIRST = new Life(new UUID(7, 1), 0, RECEIVED);
    private static final Life SECOND = new Life(new UUID(7, 2), 0, RECEIVED);

    private static History published() {
        return new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
    }

    private static FinishedRecords ended(Life... lives) {
        return named(RecordEnd.ENDED, lives);
    }

    private static FinishedRecords named(RecordEnd end, Life... lives) {
        return new FinishedRecords(
                end,
                lives.length,
                Arrays.stream(lives).map(life -> SignupIds.fixed(life.id())).toList());
    }

    private static FinishedRecords unnamed(RecordEnd end, int count) {
        return new FinishedRecords(end, count, List.of());
    }

    private static RecordsFinished account(SealedTopic topic, long first, long millis, FinishedRecords... records) {
        return RecordsFinished.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setFirstOffset(first)
                .setRecords(List.of(records))
                .setFinishedAt(RECEIVED.plusMillis(millis))
                .build();
    }

    private static RecordsFinished account(long first, long millis, FinishedRecords... records) {
        return account(SealedTopic.SIGNUPS, first, millis, records);
    }

    private static Purged purged(Life life, PurgeReason reason, long offset, long keyErasedMillis) {
        return Purged.newBuilder(life.purged(reason, keyErasedMillis))
                .setOffset(offset)
                .setStartOffset(offset + 1)
                .build();
    }

    private static History with(History history, Life life, Purged purged) {
        return history.write(life.granted(), life.assigned(FJORD, 0, 10), life.delivered(FJORD, 1, 20), purged);
    }

    private static History delivered(Life life, long offset) {
        return with(published(), life, purged(life, PurgeReason.DELIVERED, offset, 40));
    }

    private static History both() {
        return with(delivered(FIRST, 0), SECOND, purged(SECOND, PurgeReason.DELIVERED, 1, 40));
    }

    /** At 0 in {@code signups}, and with copies at 0 and 1 of the parked topic. */
    private static History parked(RecordsFinished... accounts) {
        return delivered(FIRST, 0)
                .write(new Parked(SignupIds.fixed(FIRST.id()), FJORD, FIRST.at(15), ParkingReason.BROKER_UNAVAILABLE))
                .change(
                        Purged.class,
                        purged -> Purged.newBuilder(purged)
                                .setParked(ParkedCut.newBuilder()
                                        .setEndOffset(2)
                                        .setStartOffset(2)
                                        .setReplicas(3)
                                        .setInSyncReplicas(3)
                                        .setCutConfirmedAt(purged.getCutConfirmedAt())
                                        .build())
                                .build())
                .write(accounts);
    }

    private static final RecordsFinished PARKED_RECORD = account(0, 16, named(RecordEnd.MOVED_ON, FIRST));
    private static final RecordsFinished FIRST_COPY =
            account(SealedTopic.SIGNUPS_PARKED, 0, 20, unnamed(RecordEnd.MOVED_ON, 1));
    private static final RecordsFinished LAST_COPY = account(SealedTopic.SIGNUPS_PARKED, 1, 50, ended(FIRST));

    /** It is at 0, and nothing was ever decided about it; the second, after it, was assigned after some time. */
    private static History expiredUnseen(long decidedMillis) {
        return published()
                .write(
                        FIRST.granted(),
                        Purged.newBuilder(purged(FIRST, PurgeReason.EXPIRED, 0, EXPIRY_MILLIS))
                                .setStartOffset(2L)
                                .build(),
                        account(0, EXPIRY_MILLIS + 10, ended(FIRST, SECOND)),
                        SECOND.granted(),
                        SECOND.assigned(FJORD, 0, decidedMillis),
                        SECOND.delivered(FJORD, 1, decidedMillis + 1),
                        purged(SECOND, PurgeReason.DELIVERED, 1, decidedMillis + 10));
    }

    private static SetAside setAside(SealedTopic topic, long offset) {
        return SetAside.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setOffset(offset)
                .setSetAsideAt(RECEIVED)
                .setReason(SetAsideReason.UNDECODABLE)
                .build();
    }

    private static Arguments life(String name, Supplier<History> history) {
        return Arguments.of(name, history);
    }

    static Stream<Arguments> honestLives() {
        return Stream.of(
                life("a log whose routers say nothing of records", SeenRulesTest::both),
                life("one account", () -> both().write(account(0, 50, ended(FIRST, SECOND)))),
                life(
                        "an account of each",
                        () -> both().write(account(0, 50, ended(FIRST)), account(1, 60, ended(SECOND)))),
                life(
                        "accounts in another order, by two routers",
                        () -> both().write(account(1, 60, ended(SECOND)), account(0, 70, ended(FIRST)))),
                life(
                        "accounts that overlap at a take-over, with markers between",
                        () -> with(delivered(FIRST, 0), SECOND, purged(SECOND, PurgeReason.DELIVERED, 3, 40))
                                .write(
                                        account(0, 50, ended(FIRST), unnamed(RecordEnd.MARKER, 2)),
                                        account(0, 60, ended(FIRST), unnamed(RecordEnd.MARKER, 2), ended(SECOND)))),
                life(
                        "a signup that ingest published twice",
                        () -> delivered(FIRST, 1).write(account(0, 50, ended(FIRST, FIRST)))),
                life(
                        "an older record that was left to ingest's repeat",
                        () -> delivered(FIRST, 1)
                                .write(account(0, 30, named(RecordEnd.MOVED_ON, FIRST)), account(1, 50, ended(FIRST)))),
                life(
                        "a repeat behind the purge",
                        () -> delivered(FIRST, 0)
                                .write(account(0, 50, ended(FIRST)), account(1, 100_000, ended(FIRST)))),
                life("a parked signup", () -> parked(PARKED_RECORD, FIRST_COPY, LAST_COPY)),
                life(
                        "a parked signup whose copy was never written, and was read again in signups",
                        () -> delivered(FIRST, 0)
                                .write(new Parked(
                                        SignupIds.fixed(FIRST.id()),
                                        FJORD,
                                        FIRST.at(15),
                                        ParkingReason.BROKER_UNAVAILABLE))
                                .change(
                                        Purged.class,
                                        purged -> Purged.newBuilder(purged)
                                                .setParked(ParkedCut.newBuilder()
                                                        .setEndOffset(0)
                                                        .setStartOffset(0)
                                                        .setReplicas(3)
                                                        .setInSyncReplicas(3)
                                                        .setCutConfirmedAt(purged.getCutConfirmedAt())
                                                        .build())
                                                .build())
                                .write(account(0, 50, ended(FIRST)))),
                life(
                        "records that were set aside",
                        () -> delivered(FIRST, 1)
                                .write(
                                        setAside(SealedTopic.SIGNUPS, 0),
                                        setAside(SealedTopic.SIGNUPS_PARKED, 0),
                                        account(0, 50, unnamed(RecordEnd.SET_ASIDE, 1), ended(FIRST)),
                                        account(SealedTopic.SIGNUPS_PARKED, 0, 50, unnamed(RecordEnd.SET_ASIDE, 1)))),
                life(
                        "one that could not be read, was set aside and expired",
                        () -> published()
                                .write(
                                        FIRST.granted(),
                                        setAside(SealedTopic.SIGNUPS, 0),
                                        account(0, 50, unnamed(RecordEnd.SET_ASIDE, 1)),
                                        Purged.newBuilder(purged(FIRST, PurgeReason.EXPIRED, 0, EXPIRY_MILLIS))
                                                .setLevel(PurgeLevel.UNREADABLE)
                                                .build())),
                life("one that expired while no router ran", () -> expiredUnseen(EXPIRY_MILLIS - 60_000)),
                life(
                        "one that expired and was never published",
                        () -> delivered(FIRST, 0)
                                .write(
                                        account(0, 50, ended(FIRST)),
                                        SECOND.granted(),
                                        Purged.newBuilder(SECOND.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS))
                                                .setLevel(PurgeLevel.UNREADABLE)
                                                .setPartition(null)
                                                .setOffset(null)
                                                .setStartOffset(null)
                                                .setReplicas(null)
                                                .setInSyncReplicas(null)
                                                .setCutConfirmedAt(null)
                                                .setCheckpointIntervalMillis(null)
                                                .build())),
                life(
                        "one that was withdrawn before any router looked, with others behind it",
                        () -> published()
                                .write(
                                        FIRST.granted(),
                                        FIRST.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 5),
                                        purged(FIRST, PurgeReason.WITHDRAWN, 0, 5),
                                        account(0, 50, ended(FIRST, SECOND)),
                                        SECOND.granted(),
                                        SECOND.assigned(FJORD, 0, 10),
                                        SECOND.delivered(FJORD, 1, 20),
                                        purged(SECOND, PurgeReason.DELIVERED, 1, 40))),
                life(
                        "a claim in time whose record still stands in the log",
                        () -> delivered(FIRST, 0)
                                .write(
                                        account(0, 50, ended(FIRST)),
                                        SECOND.granted(),
                                        Purged.newBuilder(purged(SECOND, PurgeReason.EXPIRED, 7, EXPIRY_MILLIS))
                                                .setLevel(PurgeLevel.UNREADABLE)
                                                .build())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("honestLives")
    void an_honest_account_breaks_no_rule(String name, Supplier<History> history) {
        assertThat(history.get().verdict(END, true).violations()).isEmpty();
        for (int seed = 0; seed < 20; seed++) {
            History repeated = history.get().repeatEverything(new Random(seed));
            assertThat(repeated.verdict(END, true).violations()).isEmpty();
        }
    }

    private static Arguments breach(String rule, String name, History history) {
        return Arguments.of(rule, name, history);
    }

    static Stream<Arguments> breaches() {
        List<Arguments> found = new ArrayList<>();
        Consumer<Arguments> add = found::add;
        add.accept(breach(
                "offsets-accounted", "the first offset", delivered(FIRST, 1).write(account(1, 50, ended(FIRST)))));
        add.accept(breach(
                "offsets-accounted",
                "one between two accounts",
                with(delivered(FIRST, 0), SECOND, purged(SECOND, PurgeReason.DELIVERED, 2, 40))
                        .write(account(0, 50, ended(FIRST)), account(2, 50, ended(SECOND)))));
        add.accept(breach(
                "offsets-accounted",
                "one that brokers no longer serve, behind the last account",
                delivered(FIRST, 0)
                        .write(account(0, 50, ended(FIRST)))
                        .change(
                                Purged.class,
                                purged -> Purged.newBuilder(purged)
                                        .setStartOffset(2L)
                                        .build())));
        add.accept(breach("offsets-accounted", "a parked copy", parked(PARKED_RECORD, LAST_COPY)));
        add.accept(breach(
                "offsets-accounted",
                "a record that was never set aside",
                delivered(FIRST, 1).write(account(0, 50, unnamed(RecordEnd.SET_ASIDE, 1), ended(FIRST)))));
        add.accept(breach(
                "offsets-accounted",
                "set aside in the other topic",
                delivered(FIRST, 1)
                        .write(
                                setAside(SealedTopic.SIGNUPS_PARKED, 0),
                                account(0, 50, unnamed(RecordEnd.SET_ASIDE, 1), ended(FIRST)))));
        add.accept(breach(
                "offsets-accounted",
                "an account that names fewer signups than records",
                delivered(FIRST, 0)
                        .write(
                                account(0, 50, ended(FIRST)),
                                account(
                                        1,
                                        60,
                                        new FinishedRecords(
                                                RecordEnd.ENDED, 2, List.of(SignupIds.fixed(FIRST.id())))))));
        add.accept(breach(
                "offsets-accounted",
                "a marker with a signup's id",
                delivered(FIRST, 0)
                        .write(account(0, 50, ended(FIRST)), account(1, 60, named(RecordEnd.MARKER, FIRST)))));
        add.accept(breach(
                "offsets-accounted",
                "an account of another partition",
                delivered(FIRST, 0)
                        .write(
                                account(0, 50, ended(FIRST)),
                                RecordsFinished.newBuilder(account(0, 50, ended(FIRST)))
                                        .setPartition(3)
                                        .build())));
        add.accept(breach(
                "accepted-seen",
                "another signup where the purge says it stood",
                both().write(account(0, 50, ended(SECOND, SECOND), ended(FIRST)))));
        add.accept(breach(
                "accepted-seen",
                "a marker where the purge says it stood",
                delivered(FIRST, 0).write(account(0, 50, unnamed(RecordEnd.MARKER, 1), ended(FIRST)))));
        add.accept(breach(
                "accepted-seen",
                "parked, and no copy was ever finished",
                parked(PARKED_RECORD, account(SealedTopic.SIGNUPS_PARKED, 0, 20, unnamed(RecordEnd.MOVED_ON, 2)))));
        add.accept(breach(
                "accepted-seen",
                "given up long before its key was destroyed",
                published()
                        .write(
                                FIRST.granted(),
                                FIRST.assigned(FJORD, 0, 10),
                                purged(FIRST, PurgeReason.EXPIRED, 0, EXPIRY_MILLIS),
                                account(0, 50, ended(FIRST)))));
        add.accept(breach(
                "accepted-seen",
                "given up for a later record that never existed",
                delivered(FIRST, 0)
                        .write(account(0, 15, named(RecordEnd.MOVED_ON, FIRST)), account(0, 50, ended(FIRST)))));
        add.accept(breach("accepted-seen", "overtaken by a later record", expiredUnseen(10)));
        return found.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void a_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        Verdict verdict = history.verdict(END, true);
        assertThat(verdict.brokenRules()).containsExactly(rule);
        if (rule.equals("accepted-seen")) {
            assertThat(verdict.signupsBreaking(rule)).contains(FIRST.id());
        }
    }

    @Test
    void a_signup_in_an_account_of_a_partition_where_it_cannot_be_is_named() {
        History history = new History(4)
                .write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED))
                .write(account(
                        0,
                        50,
                        ended(new Life(new UUID(7, 9), 0, RECEIVED), new Life(new UUID(7, 10), 0, RECEIVED)),
                        ended(new Life(new UUID(7, 11), 0, RECEIVED), new Life(new UUID(7, 12), 0, RECEIVED))));
        Verdict verdict = history.verdict(END, true);
        assertThat(verdict.brokenRules()).containsExactly("offsets-accounted");
    }
}
