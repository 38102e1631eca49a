package org.brokerhandoff.custody.cells.decisions;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes how requests have ended, many at a time, and deletes the reservations of past days, on a thread of its own. */
final class ReservationNotes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReservationNotes.class);
    private static final int LARGEST_BATCH = 500;
    private static final int LARGEST_FORGETTING = 2_000;
    private static final long FORGETTING_PERIOD_MILLIS = 500;

    private final HikariDataSource pool;
    private final LongSupplier oldest;
    private final BlockingQueue<ReservationNote> notes = new LinkedBlockingQueue<>();
    /** Acceptances that are not written yet. */
    private final Map<ReservationPlace, ReservationNote> accepting = new ConcurrentHashMap<>();

    private final Thread thread = new Thread(this::run, "custody-reservation-notes");
    private long forgottenBefore = Long.MIN_VALUE; // on the thread only
    private volatile boolean closed;

    /** @param oldest the first day that is remembered */
    ReservationNotes(HikariDataSource pool, LongSupplier oldest) {
        this.pool = pool;
        this.oldest = oldest;
        thread.setDaemon(true);
        thread.start();
    }

    void add(ReservationNote note) {
        if (note.accepted()) {
            accepting.put(note.place(), note);
        }
        notes.add(note);
    }

    /** Whether the row of a place does not show yet that its signup is accepted. */
    boolean accepting(ReservationPlace place) {
        return accepting.containsKey(place);
    }

    private void run() {
        List<ReservationNote> batch = new ArrayList<>();
        try {
            while (!closed || !notes.isEmpty()) {
                batch.clear();
                ReservationNote first = notes.poll(FORGETTING_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    notes.drainTo(batch, LARGEST_BATCH - 1);
                }
                if (!batch.isEmpty() || forgottenBefore != oldest.getAsLong()) {
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<ReservationNote> batch) {
        try (Connection connection = pool.getConnection()) {
            if (!batch.isEmpty()) {
                ReservationTable.note(connection, ReservationTable.merged(batch));
            }
            long before = oldest.getAsLong();
            if (forgottenBefore != before
                    && ReservationTable.forget(connection, before, LARGEST_FORGETTING) < LARGEST_FORGETTING) {
                forgottenBefore = before;
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "notes on reservations were lost, or old ones not deleted: {}",
                    e.getClass().getSimpleName());
        } finally {
            batch.forEach(note -> accepting.remove(note.place(), note));
        }
    }

    /** Writes what is noted already. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
