package org.brokerhandoff.custody.cells.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.cells.decisions.ReservationStore.Granted;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.ReservationRow;
import org.brokerhandoff.custody.cells.rules.ReservationRules;
import org.brokerhandoff.custody.cells.rules.ReservedSignup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL with a synchronous standby, and the reservations of two ingest services in it, whose clocks differ. */
class ReservationStoreIT {
    private static final boolean LONG = Boolean.getBoolean("handoff.test.long");
    private static final int RACES = LONG ? 20_000 : 3_000;
    private static final int LOCKINGS = LONG ? 1_000 : 100;
    private static final int CLAIMS = LONG ? 2_000 : 200;
    private static final Instant NOW = Instant.parse("2026-11-29T23:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final KeyDigest.Maker KEYS = salt -> (client, key) -> digest("secret", salt, client, key);

    @TempDir
    static Path folder;

    private static DatabaseProcess primary;
    private static DatabaseProcess standby;
    private static DecisionStore here;
    private static DecisionStore there;

    private final AtomicInteger numbers = new AtomicInteger();
    private volatile Instant timeHere;
    private volatile Instant timeThere;
    private ReservationStore one;
    private ReservationStore other;

    private static UUID digest(String secret, byte[] salt, String client, String key) {
        String all = secret + UUID.nameUUIDFromBytes(salt) + client + "/" + key;
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeAll
    static void start() {
        DatabaseProcess.assumeInstalled();
        primary = DatabaseProcess.start(folder.resolve("primary"));
        standby = primary.standby(folder.resolve("standby"));
        here = DecisionStore.open(primary.settings(Duration.ofSeconds(60)));
        there = DecisionStore.open(primary.settings(Duration.ofSeconds(60)));
    }

    @AfterAll
    static void stop() {
        if (there != null) {
            here.close();
            there.close();
        }
        if (standby != null) {
            standby.close();
        }
        if (primary != null) {
            primary.close();
        }
    }

    @BeforeEach
    void open() {
        primary.execute("DELETE FROM reservation_day");
        primary.execute("DELETE FROM reservation");
        // The database's clock bounds the days: these begin two before its own.
        timeHere = InstantSource.system().instant().minus(DAY.multipliedBy(2));
        timeThere = timeHere;
        one = here.reservations(KEYS, () -> timeHere, Optional::empty);
        other = there.reservations(KEYS, () -> timeThere, Optional::empty);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static ReservedSignup signup() {
        return new ReservedSignup(UUID.randomUUID(), NOW, NOW.plusSeconds(3600), "ab".repeat(32), NOW.minusSeconds(9));
    }

    private static CompletionStage<Granted> reserve(ReservationStore store, String key) {
        return store.reserve("website", key, signup());
    }

    private static UUID id(Granted granted) {
        return granted.row().signup().signupId();
    }

    private static ReservationNote ended(ReservationRow row, boolean accepted, Optional<SlotReference> slot) {
        return new ReservationNote(
                row.place(), row.signup().signupId(), row.tenure().token(), accepted, slot);
    }

    private static CompletionStage<CustodyRow> hold(DecisionStore store, ReservationRow row) {
        return store.hold(
                CustodyRow.fresh(row.signup().signupId(), new CellHandle(UUID.randomUUID()), 1, NOW.plusSeconds(3600)),
                OptionalInt.of(row.tenure().token()));
    }

    /** Takes a signup in, or gives up in two of three cases, so that the other goes on. */
    private CompletionStage<Granted> worked(ReservationStore store, String key) {
        return reserve(store, key).thenApply(granted -> {
            if (!granted.row().accepted()) {
                store.note(ended(granted.row(), numbers.incrementAndGet() % 3 == 0, Optional.empty()));
            }
            return granted;
        });
    }

    @Test
    void what_was_reserved_comes_back_as_it_was_written() {
        ReservedSignup wanted = signup();
        Granted made = now(one.reserve("website", "key", wanted));
        assertThat(made.fresh()).isTrue();
        assertThat(made.row().signup()).isEqualTo(wanted);
        assertThat(now(other.find("website", "key")).orElseThrow().signup()).isEqualTo(wanted);
        assertThat(now(other.find("another-website", "key"))).isEmpty();
        SlotReference slot = new SlotReference(7, 3);
        one.note(ended(made.row(), true, Optional.of(slot)));
        Granted again = now(reserve(other, "key"));
        assertThat(again.fresh()).isFalse();
        assertThat(again.row().accepted()).isTrue();
        assertThat(again.row().signup()).isEqualTo(wanted);
        assertThat(again.row().slot()).contains(slot);
        ReservedSignup renewed = signup();
        assertThatThrownBy(() -> now(one.renew(made.row().place(), 1, renewed)))
                .as("it is accepted")
                .hasRootCauseInstanceOf(CustodyException.class);
    }

    @Test
    void one_key_at_two_services_at_once_is_one_signup() {
        List<CompletableFuture<Granted>> ofOne = new ArrayList<>();
        List<CompletableFuture<Granted>> ofOther = new ArrayList<>();
        for (int race = 0; race < RACES; race++) {
            // Now one of them is asked first, now the other.
            CompletableFuture<Granted> first =
                    worked(race % 2 == 0 ? one : other, "race-" + race).toCompletableFuture();
            ofOther.add(worked(race % 2 == 0 ? other : one, "race-" + race).toCompletableFuture());
            ofOne.add(first);
        }
        for (int race = 0; race < RACES; race++) {
            Granted first = now(ofOne.get(race));
            Granted second = now(ofOther.get(race));
            assertThat(id(first)).isEqualTo(id(second));
            assertThat(first.fresh()).as("made by one of them").isNotEqualTo(second.fresh());
        }
        assertThat(primary.ask("SELECT count(*) FROM reservation")).isEqualTo(String.valueOf(RACES));
    }

    @Test
    void a_request_that_ends_without_a_word_is_taken_over_and_holds_no_key_any_more() {
        Granted dead = now(reserve(one, "key"));
        long began = System.nanoTime();
        Granted next = now(reserve(other, "key"));
        assertThat(System.nanoTime() - began)
                .as("it was waited for")
                .isGreaterThan(ReservationStore.LEASE.dividedBy(2).toNanos());
        assertThat(id(next)).isEqualTo(id(dead));
        assertThat(next.row().tenure().token()).isEqualTo(2);
        assertThatThrownBy(() -> now(hold(here, dead.row()))).hasRootCauseInstanceOf(CustodyException.class);
        ReservedSignup renewed = signup();
        assertThatThrownBy(() -> now(one.renew(dead.row().place(), 1, renewed)))
                .hasRootCauseInstanceOf(CustodyException.class);
        now(hold(there, next.row()));
        assertThat(here.find(id(next))).hasSize(1);
        one.note(ended(dead.row(), false, Optional.empty()));
        one.note(ended(now(reserve(one, "another")).row(), true, Optional.empty()));
        await().until(() -> now(one.find("website", "another")).orElseThrow().accepted());
        assertThat(now(one.find("website", "key")).orElseThrow().tenure().running())
                .as("what the earlier one says does not end the later one's time")
                .isTrue();
    }

    @Test
    void a_key_that_is_held_while_its_reservation_is_taken_over_is_either_refused_or_found() {
        List<Granted> mine = new ArrayList<>();
        List<CompletionStage<Granted>> reserving = new ArrayList<>();
        for (int race = 0; race < RACES; race++) {
            reserving.add(reserve(one, "race-" + race));
        }
        reserving.forEach(stage -> mine.add(now(stage)));
        mine.forEach(granted -> one.note(ended(granted.row(), false, Optional.empty())));
        record Race(CompletableFuture<CustodyRow> held, CompletableFuture<Integer> found) {}
        List<Race> races = new ArrayList<>();
        for (int race = 0; race < RACES; race++) {
            CompletableFuture<CustodyRow> held =
                    hold(here, mine.get(race).row()).toCompletableFuture();
            races.add(new Race(
                    held,
                    reserve(other, "race-" + race)
                            .thenApplyAsync(granted -> there.find(id(granted)).size())
                            .toCompletableFuture()));
        }
        for (Race race : races) {
            int found = now(race.found());
            boolean held =
                    !race.held().handle((row, failure) -> failure != null).join();
            assertThat(found).isEqualTo(held ? 1 : 0);
        }
    }

    @Test
    void a_day_that_one_service_begins_is_the_others_too_and_no_key_is_reserved_twice_meanwhile() {
        Granted before = now(worked(one, "before"));
        one.note(ended(before.row(), true, Optional.empty()));
        List<CompletableFuture<Granted>> ofOne = new ArrayList<>();
        List<CompletableFuture<Granted>> ofOther = new ArrayList<>();
        for (int race = 0; race < RACES; race++) {
            if (race == RACES / 2) {
                now(ofOne.get(race / 2));
                timeHere = timeHere.plus(DAY);
            }
            ofOne.add(worked(one, "race-" + race).toCompletableFuture());
            ofOther.add(worked(other, "race-" + race).toCompletableFuture());
        }
        for (int race = 0; race < RACES; race++) {
            assertThat(id(now(ofOne.get(race)))).isEqualTo(id(now(ofOther.get(race))));
        }
        assertThat(primary.ask("SELECT count(*) FROM reservation")).isEqualTo(String.valueOf(RACES + 1));
        assertThat(primary.ask("SELECT count(DISTINCT day) FROM reservation")).isEqualTo("2");
        assertThat(id(now(reserve(other, "before")))).isEqualTo(id(before));
        assertThat(now(other.find("website", "race-0"))).as("of the day before").isPresent();
    }

    @Test
    void a_key_is_known_the_next_day_and_forgotten_with_its_salt_the_day_after_but_not_by_a_clock_that_is_ahead() {
        Granted first = now(reserve(one, "key"));
        one.note(ended(first.row(), true, Optional.empty()));
        String salt = primary.ask("SELECT encode(salt, 'hex') FROM reservation_day");
        timeHere = timeHere.plus(DAY);
        await().until(() -> primary.ask("SELECT count(*) FROM reservation_day").equals("2"));
        assertThat(id(now(reserve(other, "key")))).isEqualTo(id(first));
        timeThere = timeThere.plus(DAY.multipliedBy(40));
        await().until(() -> primary.ask(
                        "SELECT count(*) FROM reservation_day WHERE encode(salt, 'hex') = '" + salt + "'")
                .equals("0"));
        assertThat(primary.ask("SELECT max(day) FROM reservation_day"))
                .as("the database's clock has not come further")
                .isEqualTo(String.valueOf(
                        ReservationRules.day(InstantSource.system().instant())));
        assertThat(now(one.find("website", "key"))).isEmpty();
        await().until(() -> primary.ask("SELECT count(*) FROM reservation").equals("0"));
        Granted anew = now(reserve(one, "key"));
        assertThat(anew.fresh()).isTrue();
        assertThat(id(anew)).isNotEqualTo(id(first));
    }

    @Test
    void a_service_with_another_secret_does_not_begin() {
        KeyDigest.Maker others = salt -> (client, key) -> digest("another", salt, client, key);
        assertThatThrownBy(() -> here.reservations(others, () -> timeHere, Optional::empty))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("not that of the others");
        DecisionSettings settings = primary.settings(Duration.ofSeconds(60));
        assertThat(DatabaseExaminer.daysBegunWith(settings, others))
                .as("an operator is told before it is started")
                .contains(false);
        assertThat(DatabaseExaminer.daysBegunWith(settings, KEYS)).contains(true);
        primary.execute("DELETE FROM reservation_day");
        assertThat(DatabaseExaminer.daysBegunWith(settings, others))
                .as("no day")
                .isEmpty();
    }

    @Test
    void a_name_that_two_services_claim_at_once_has_the_content_of_one_of_them() {
        List<CompletableFuture<Boolean>> ofOne = new ArrayList<>();
        List<CompletableFuture<Boolean>> ofOther = new ArrayList<>();
        for (int race = 0; race < CLAIMS; race++) {
            String name = "race-" + race;
            ofOne.add(CompletableFuture.supplyAsync(() -> here.claims().claim(name, "one")));
            ofOther.add(CompletableFuture.supplyAsync(() -> there.claims().claim(name, "other")));
        }
        for (int race = 0; race < CLAIMS; race++) {
            boolean won = now(ofOne.get(race));
            assertThat(now(ofOther.get(race))).isNotEqualTo(won);
            assertThat(there.claims().claim("race-" + race, won ? "one" : "other"))
                    .as("claimed again for the same")
                    .isTrue();
        }
    }

    @Test
    void one_of_two_services_has_a_signups_lock_at_a_time() {
        List<SignupLeases> services = List.of(here.signupLeases(), there.signupLeases());
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Integer>> running = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            SignupLeases leases = services.get(worker % 2);
            running.add(CompletableFuture.supplyAsync(() -> {
                int most = 0;
                for (int turn = 0; turn < LOCKINGS; turn++) {
                    Optional<FencingToken> lock = leases.acquire(9, Duration.ofMinutes(5));
                    if (lock.isPresent()) {
                        most = Math.max(most, inside.incrementAndGet());
                        inside.decrementAndGet();
                        leases.release(lock.get());
                    }
                }
                return most;
            }));
        }
        assertThat(running.stream().map(ReservationStoreIT::now).toList())
                .as("at once in it")
                .allMatch(most -> most <= 1)
                .contains(1);
    }

    @Test
    void without_the_standby_nothing_is_known_and_what_was_asked_for_again_is_one_signup() {
        try (DecisionStore impatient = DecisionStore.open(primary.settings(Duration.ofSeconds(5)));
                ReservationStore early = impatient.reservations(KEYS, () -> timeHere, Optional::empty)) {
            standby.signal("STOP");
            CompletableFuture<Granted> unknown = reserve(early, "key").toCompletableFuture();
            assertThatThrownBy(unknown::join).hasCauseInstanceOf(CustodyException.class);
        } finally {
            standby.signal("CONT");
        }
        Granted at = now(reserve(other, "key"));
        other.note(ended(at.row(), true, Optional.empty()));
        assertThat(id(now(reserve(one, "key")))).isEqualTo(id(at));
        assertThat(primary.ask("SELECT count(*) FROM reservation")).isEqualTo("1");
    }
}
