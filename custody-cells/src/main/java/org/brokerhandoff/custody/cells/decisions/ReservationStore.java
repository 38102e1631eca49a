package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;
import org.brokerhandoff.custody.cells.rules.ReservationRow;
import org.brokerhandoff.custody.cells.rules.ReservationRules;
import org.brokerhandoff.custody.cells.rules.ReservationStep;
import org.brokerhandoff.custody.cells.rules.ReservedSignup;

/**
 * Which idempotency key stands for which signup, for ingest services of several hosts. Requests are decided together while the batch before
 * them is committed; a stage completes on this store's thread when the standby has what it says, and exceptionally with {@link
 * CustodyException} where that is not known: the request made again finds out.
 *
 * <p>A request works on a reservation under a token, for as long as {@link #LEASE}; until then another one waits. After it, as when a process
 * died, another takes over, and the earlier token holds no key any more ({@link DecisionStore#hold}). A key that it held before is found by
 * the signup: both publish the same record under the same key.
 */
public final class ReservationStore implements AutoCloseable {
    /** How long a request keeps others with its key waiting, unless it ends before. */
    public static final Duration LEASE = Duration.ofSeconds(6);

    private static final Duration MOST_WAITING = LEASE.multipliedBy(2);
    private static final int LARGEST_BATCH = 500;
    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final long TURN_MILLIS = 500;

    private final HikariDataSource pool;
    private final KeyDigest.Maker keys;
    private final InstantSource clock;
    private final Supplier<Optional<CustodyException>> doubt;
    private final UUID process = UUID.randomUUID();
    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final ReservationNotes notes;
    private final Thread deciding;
    private final ExecutorService renewing = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "custody-renewals");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Question> waiting = new ArrayList<>(); // on the thread only, as the next two
    private long waitingSeenNanos;
    private long turnTriedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);
    private volatile ReservationDays days;
    private volatile boolean closed;

    /**
     * A reservation that the caller works on, or that is accepted.
     *
     * @param fresh whether it was made now
     */
    public record Granted(ReservationRow row, boolean fresh) {}

    /** What is asked about a key; without {@code wanted}, what it stands for. */
    private static final class Question {
        private final String client;
        private final String key;
        private final Optional<ReservedSignup> wanted;
        private final long askedNanos = System.nanoTime();
        private final CompletableFuture<Optional<Granted>> told = new CompletableFuture<>();

        Question(String client, String key, Optional<ReservedSignup> wanted) {
            this.client = client;
            this.key = key;
            this.wanted = wanted;
        }

        void tell(ReservationRow row, boolean fresh) {
            told.complete(Optional.of(new Granted(row, fresh)));
        }
    }

    /** Where the answer may be. */
    private record Placed(Question question, ReservationPlace today, Optional<ReservationPlace> yesterday) {}

    /**
     * Opens it, and begins a day if one is due. Blocks.
     *
     * @param clock of this host, which must not run ahead of true time
     * @param doubt why nothing may be decided
     * @throws CustodyException if the database cannot be asked, or other services have another secret
     */
    ReservationStore(
            HikariDataSource pool,
            KeyDigest.Maker keys,
            InstantSource clock,
            Supplier<Optional<CustodyException>> doubt) {
        this.pool = pool;
        this.keys = keys;
        this.clock = clock;
        this.doubt = doubt;
        try (Connection connection = pool.getConnection()) {
            this.days = ReservationDays.current(connection, today(), keys, random);
        } catch (SQLException e) {
            throw new CustodyException("the days of the reservations cannot be read", e);
        }
        this.notes = new ReservationNotes(pool, () -> ReservationRules.oldest(days.newest()));
        this.deciding = new Thread(this::run, "custody-reservations");
        deciding.setDaemon(true);
        deciding.start();
    }

    private long today() {
        return ReservationRules.day(clock.instant());
    }

    /**
     * Reserves a key, unless it stands for another signup already. Waits while another process works on that one.
     *
     * @return what the key stands for; if that is not accepted, under a token of the caller's own
     */
    public CompletionStage<Granted> reserve(String client, String key, ReservedSignup wanted) {
        return asked(new Question(client, key, Optional.of(wanted))).thenApply(Optional::orElseThrow);
    }

    /** What a key stands for. */
    public CompletionStage<Optional<ReservationRow>> find(String client, String key) {
        return asked(new Question(client, key, Optional.empty())).thenApply(found -> found.map(Granted::row));
    }

    private CompletionStage<Optional<Granted>> asked(Question question) {
        Optional<CustodyException> why = doubt.get();
        if (why.isPresent()) {
            return CompletableFuture.failedFuture(why.get());
        }
        questions.add(question);
        if (closed) {
            question.told.completeExceptionally(new CustodyException("custody is closed"));
        }
        return question.told;
    }

    /** Replaces what a reservation is for, before anything was held under it. Fails if another process has taken it over. */
    public CompletionStage<?> renew(ReservationPlace place, int token, ReservedSignup signup) {
        return CompletableFuture.runAsync(
                () -> {
                    boolean renewed;
                    try (Connection connection = pool.getConnection()) {
                        renewed = ReservationTable.renew(connection, place, token, signup);
                    } catch (SQLException e) {
                        throw new CustodyException("it is not known whether a reservation was renewed", e);
                    }
                    if (!renewed) {
                        throw new CustodyException("another process has taken a reservation over");
                    }
                },
                renewing);
    }

    /** Notes how a request has ended. Not awaited: what is lost costs the next request with the key a search, or a wait. */
    public void note(ReservationNote note) {
        notes.add(note);
    }

    // ------------------------------------------------------------ on the thread

    private void run() {
        List<Question> batch = new ArrayList<>();
        try {
            while (!closed) {
                batch.clear();
                fill(batch);
                decided(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            questions.drainTo(batch);
            batch.addAll(waiting);
            fail(batch, new CustodyException("custody is closed"));
        }
    }

    private void fill(List<Question> batch) throws InterruptedException {
        Question first = questions.poll(waiting.isEmpty() ? TURN_MILLIS : LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            questions.drainTo(batch, LARGEST_BATCH - 1);
        }
        if (System.nanoTime() - waitingSeenNanos >= TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS)) {
            batch.addAll(waiting);
            waiting.clear();
            waitingSeenNanos = System.nanoTime();
        }
    }

    private void decided(List<Question> batch) {
        boolean due = today() > days.newest()
                && System.nanoTime() - turnTriedNanos >= TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);
        if (batch.isEmpty() && !due) {
            return;
        }
        try (Connection connection = pool.getConnection()) {
            if (due) {
                turnTriedNanos = System.nanoTime();
                days = ReservationDays.current(connection, today(), keys, random);
            }
            decide(connection, batch);
        } catch (CustodyException e) {
            fail(batch, e);
        } catch (SQLException | RuntimeException e) {
            fail(batch, new CustodyException("it is not known what the database has committed", e));
        }
    }

    private static void fail(List<Question> batch, CustodyException failure) {
        batch.forEach(question -> question.told.completeExceptionally(failure));
    }

    private void decide(Connection connection, List<Question> batch) throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        ReservationDays now = days;
        List<Placed> placed = batch.stream()
                .map(question -> new Placed(
                        question,
                        now.today(question.client, question.key),
                        now.yesterday(question.client, question.key)))
                .toList();
        Set<ReservationPlace> places = new HashSet<>();
        placed.forEach(at -> {
            places.add(at.today());
            at.yesterday().ifPresent(places::add);
        });
        ReservationTable.Read found = ReservationTable.read(connection, places);
        if (found.newest() != now.newest()) {
            // Another service has begun a day.
            days = ReservationDays.current(connection, now.newest(), keys, random);
            questions.addAll(batch);
            return;
        }
        Map<ReservationPlace, Question> inserts = new LinkedHashMap<>();
        Map<ReservationPlace, Question> takeOvers = new LinkedHashMap<>();
        Map<ReservationPlace, ReservationRow> read = new LinkedHashMap<>();
        for (Placed at : placed) {
            Question question = at.question();
            Optional<ReservationRow> today = row(found, at.today());
            Optional<ReservationRow> yesterday = at.yesterday().flatMap(place -> row(found, place));
            if (question.wanted.isEmpty()) {
                question.told.complete(yesterday.or(() -> today).map(row -> new Granted(row, false)));
                continue;
            }
            ReservationStep step = ReservationRules.reserve(yesterday, today, process);
            if (step instanceof ReservationStep.Accepted accepted) {
                question.tell(accepted.row(), false);
            } else if (step instanceof ReservationStep.Await) {
                await(question);
            } else if (step instanceof ReservationStep.TakeOver over) {
                read.put(over.row().place(), over.row());
                first(takeOvers, over.row().place(), question);
            } else {
                first(inserts, at.today(), question);
            }
        }
        insert(connection, now.newest(), inserts);
        takeOver(connection, takeOvers, read);
    }

    private Optional<ReservationRow> row(ReservationTable.Read found, ReservationPlace place) {
        return Optional.ofNullable(found.rows().get(place)).map(row -> notes.accepting(place) ? row.asAccepted() : row);
    }

    /** One of a batch at a time: the others find what became of it. */
    private void first(Map<ReservationPlace, Question> chosen, ReservationPlace place, Question question) {
        if (chosen.putIfAbsent(place, question) != null) {
            await(question);
        }
    }

    private void await(Question question) {
        if (System.nanoTime() - question.askedNanos > MOST_WAITING.toNanos()) {
            question.told.completeExceptionally(
                    new CustodyException("a request with the same key is under way in another process"));
        } else {
            waiting.add(question);
        }
    }

    private void insert(Connection connection, long day, Map<ReservationPlace, Question> inserts) throws SQLException {
        if (inserts.isEmpty()) {
            return;
        }
        Map<ReservationPlace, ReservedSignup> wanted = new LinkedHashMap<>();
        inserts.forEach((place, question) -> wanted.put(place, question.wanted.orElseThrow()));
        Set<UUID> reserved = ReservationTable.insert(connection, day, process, LEASE, wanted);
        inserts.forEach((place, question) -> {
            ReservedSignup signup = wanted.get(place);
            if (signup != null && reserved.contains(signup.signupId())) {
                question.tell(
                        new ReservationRow(
                                place, signup, false, Optional.empty(), new ReservationRow.Tenure(1, process, true)),
                        true);
            } else {
                questions.add(question);
            }
        });
    }

    private void takeOver(
            Connection connection,
            Map<ReservationPlace, Question> takeOvers,
            Map<ReservationPlace, ReservationRow> read)
            throws SQLException {
        if (takeOvers.isEmpty()) {
            return;
        }
        Set<ReservationPlace> taken = ReservationTable.takeOver(connection, process, LEASE, read.values());
        takeOvers.forEach((place, question) -> {
            ReservationRow row = read.get(place);
            if (row != null && taken.contains(place)) {
                question.tell(row.takenOverBy(process), false);
            } else {
                await(question);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        renewing.shutdown();
        deciding.interrupt();
        try {
            deciding.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        notes.close();
    }
}
