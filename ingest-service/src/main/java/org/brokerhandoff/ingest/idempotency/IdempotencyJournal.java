package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.ingest.idempotency.JournalRecord.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservations of today and yesterday: a {@link DayFile} per day, {@code <file>.2026-11-28}, beside the file of the {@link DayKeys},
 * {@code <file>.day-keys}. A day's file is removed once its key has been overwritten.
 *
 * <p>Nothing here waits for the disk. Appended records become durable by {@link #sync}, which custody calls with each of its own syncs: a
 * reservation made before the key is held is durable when the hold is. Nothing may be published under a reservation before {@link
 * #requireDurable} has returned; until then a crash may lose it, and the retry gets another signup id.
 *
 * <p>After a failed sync the kernel may have dropped the dirty pages and report success the next time, so nothing is retried: every later
 * call fails until the process is restarted.
 *
 * <p>Thread-safe. Not for threads that may be interrupted: an interrupt would close the files.
 */
public final class IdempotencyJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyJournal.class);
    private static final long TURN_PERIOD_MILLIS = 500;

    private final Path file;
    private final InstantSource clock;
    private final Days days; // guarded by this object's monitor
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "idempotency-days");
        thread.setDaemon(true);
        return thread;
    });

    private final Object syncing = new Object();
    private volatile @Nullable String failure;
    private long tidiedTo = Long.MIN_VALUE; // on the timer's thread only

    private IdempotencyJournal(Path file, InstantSource clock, DayKeys keys) {
        this.file = file;
        this.clock = clock;
        this.days = new Days(file, keys);
    }

    /**
     * Opens the journal, or creates it. Takes over what an earlier version left in an SQLite file named {@code file}, which a line of text
     * then replaces.
     *
     * @param clock determines the day; days never go back, so it must not run ahead of true time
     * @throws IdempotencyFailed if it cannot be opened; the message says why
     * @throws IllegalStateException if another process has it open
     */
    public static IdempotencyJournal open(Path file, InstantSource clock) {
        Path absolute = file.toAbsolutePath();
        IdempotencyJournal journal = null;
        try {
            Path directory = absolute.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Path keys = absolute.resolveSibling(absolute.getFileName() + ".day-keys");
            journal = new IdempotencyJournal(absolute, clock, DayKeys.open(keys, new SecureRandom()));
            journal.start();
            return journal;
        } catch (IOException | UncheckedIOException | IdempotencyFailed e) {
            if (journal != null) {
                journal.close();
            }
            String why = e instanceof IdempotencyFailed ? ": " + e.getMessage() : "";
            throw new IdempotencyFailed("the idempotency file " + file + " cannot be opened" + why, e);
        }
    }

    private synchronized void start() throws IOException {
        days.turnTo(clock.instant());
        Optional<Path> unknown = days.unknown();
        if (unknown.isPresent()) {
            throw new IdempotencyFailed(
                    "there is a file for a day that the file of day keys does not list: " + unknown.get());
        }
        if (!FormerStore.isReplaced(file)) {
            FormerStore.read(file, days.oldest(), this::takeOver);
            sync();
            requireWorking();
            FormerStore.replace(file);
        }
        days.open()
                .forEach(each -> LOG.info(
                        "{} idempotency keys of {}, index of {} bytes",
                        each.index().size(),
                        LocalDate.ofEpochDay(each.day()),
                        each.index().bytes()));
        var unused = timer.scheduleWithFixedDelay(this::tidy, 0, TURN_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void takeOver(Reservation former) throws IOException {
        DayFile of = days.of(former.id().day());
        if (of == null && former.id().day() == days.oldest()) {
            of = days.createYesterday();
        }
        if (of != null && of.find(former.id().digest()).reservation().isEmpty()) {
            Kind kind = former.state() == Reservation.State.ACCEPTED ? Kind.ACCEPTED : Kind.RESERVED;
            var unused = of.append(kind, former);
        }
    }

    /**
     * Reserves {@code key} of {@code client} for {@code signupId}, unless it stands for another signup already.
     *
     * @throws IdempotencyFailed if it cannot be written, or it is unknown whether the key stands for a signup
     */
    public synchronized Reservation reserve(
            String client, String key, UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request) {
        turn();
        Optional<Reservation> yesterdays = days.findOfYesterday(client, key);
        if (yesterdays.isPresent()) {
            return yesterdays.get();
        }
        DayFile now = days.today();
        byte[] digest = days.digestOfToday(client, key);
        DayFile.Found found = now.find(digest);
        if (found.reservation().isPresent()) {
            return found.reservation().get();
        }
        requireUndamaged();
        return append(
                now,
                Kind.RESERVED,
                new Reservation(
                        new ReservationId(now.day(), digest, found.record()),
                        Reservation.State.NEW,
                        signupId,
                        receivedAt,
                        eraseBy,
                        Optional.empty(),
                        Optional.of(request)));
    }

    /**
     * What {@code key} of {@code client} stands for, without reserving it.
     *
     * @throws IdempotencyFailed if that cannot be determined
     */
    public synchronized Optional<Reservation> find(String client, String key) {
        turn();
        Optional<Reservation> found = days.findOfYesterday(client, key)
                .or(() -> days.today().find(days.digestOfToday(client, key)).reservation());
        if (found.isEmpty()) {
            requireUndamaged();
        }
        return found;
    }

    /**
     * Gives a reservation under which nothing was held or published the times and the mark of another request, with the same signup id.
     *
     * @throws IdempotencyFailed if it cannot be written
     */
    public synchronized Reservation renew(
            Reservation reservation, Instant receivedAt, Instant eraseBy, RequestMark request) {
        requireWorking();
        DayFile of = days.of(reservation.id().day());
        if (of == null) {
            throw new IdempotencyFailed("the day of the reservation is over");
        }
        return append(
                of,
                Kind.RESERVED,
                new Reservation(
                        reservation.id(),
                        Reservation.State.RESERVED,
                        reservation.signupId(),
                        receivedAt,
                        eraseBy,
                        Optional.empty(),
                        Optional.of(request)));
    }

    /**
     * Notes the slot that holds the key of a signup that could not be published, so that the retry need not search for it. A lost note costs
     * only that search.
     */
    public void noteSlot(Reservation reservation, SlotReference slot) {
        note(Kind.RESERVED, reservation.at(slot));
    }

    /**
     * Notes that the signup is published. After a lost note a retry queries custody, with the same result.
     */
    public void noteAccepted(Reservation reservation, Optional<SlotReference> slot) {
        note(Kind.ACCEPTED, slot.map(reservation::at).orElse(reservation));
    }

    /** Releases a reservation under which nothing was held or published. */
    public void release(Reservation reservation) {
        note(Kind.RELEASED, reservation);
    }

    private synchronized void note(Kind kind, Reservation reservation) {
        DayFile of = days.of(reservation.id().day());
        if (of == null || failure != null) {
            return;
        }
        try {
            var unused = append(of, kind, reservation);
        } catch (IdempotencyFailed e) {
            LOG.warn("a note on a reservation was lost");
        }
    }

    /**
     * Makes durable what was appended before the call; never throws. Called at each sync of custody and, serially, for publications without a
     * key in custody. {@link #requireDurable} refuses whatever it could not make durable.
     */
    public void sync() {
        synchronized (syncing) {
            syncInTurn();
        }
    }

    private void syncInTurn() {
        List<DayFile> files;
        synchronized (this) {
            files = days.open();
        }
        for (DayFile each : files) {
            try {
                if (failure == null) {
                    each.sync();
                }
            } catch (IOException e) {
                failed(each, e);
            }
        }
    }

    private synchronized void failed(DayFile which, IOException cause) {
        // The file of a day that has just ended may be closed.
        if (days.of(which.day()) == which) {
            failure = "the idempotency file could not be synced";
            LOG.error("{}; no signup is accepted until the process is restarted", failure, cause);
        }
    }

    /**
     * Returns if the reservation is durable.
     *
     * @throws IdempotencyFailed if it is not
     */
    public synchronized void requireDurable(Reservation reservation) {
        DayFile of = days.of(reservation.id().day());
        if (of == null || !of.isDurable(reservation.id().record())) {
            throw new IdempotencyFailed("a reservation is not durable");
        }
    }

    /** Why no new signup can be accepted, for an operator; empty if one can. */
    public synchronized Optional<String> complaint() {
        String failed = failure;
        if (failed != null) {
            return Optional.of(failed + "; the service has to be restarted");
        }
        return days.open().stream()
                .filter(each -> each.damaged() > 0)
                .map(each -> each.damaged() + " records of " + LocalDate.ofEpochDay(each.day())
                        + " are damaged: signups that they reserved might be accepted twice, so no new ones are accepted; the file is removed at"
                        + " the end of the next day, or by you")
                .findFirst();
    }

    /** Ends the syncs, and closes. */
    @Override
    public void close() {
        timer.shutdown();
        sync();
        synchronized (this) {
            failure = "closed";
            days.close();
        }
    }

    /** Also called on a request's path: the first request of a day counts for that day. */
    private void turn() {
        requireWorking();
        try {
            days.turnTo(clock.instant());
        } catch (IOException | UncheckedIOException e) {
            LOG.error(
                    "the idempotency file of a new day cannot be made: {}",
                    e.getClass().getSimpleName());
            throw new IdempotencyFailed("the idempotency file of a new day cannot be made", e);
        }
    }

    /** Turns the day if no request does, and removes the files of past days. */
    private void tidy() {
        try {
            long oldest;
            synchronized (this) {
                days.turnTo(clock.instant());
                oldest = days.oldest();
            }
            if (oldest != tidiedTo) {
                days.removeBefore(oldest);
                tidiedTo = oldest;
            }
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "old idempotency files cannot be removed: {}", e.getClass().getSimpleName());
        }
    }

    // ------------------------------------------------------------ checks

    private Reservation append(DayFile to, Kind kind, Reservation reservation) {
        try {
            return to.append(kind, reservation);
        } catch (IOException e) {
            LOG.error("the idempotency file cannot be written: {}", e.getClass().getSimpleName());
            throw new IdempotencyFailed("the idempotency file cannot be written", e);
        }
    }

    private void requireWorking() {
        String failed = failure;
        if (failed != null) {
            throw new IdempotencyFailed(failed);
        }
    }

    /** A key that is not found may be that of a damaged record. */
    private void requireUndamaged() {
        for (DayFile each : days.open()) {
            if (each.damaged() > 0) {
                throw new IdempotencyFailed("records of the idempotency file are damaged");
            }
        }
    }
}
