package org.brokerhandoff.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The broker's records of the notices for one signup. Thread-safe. */
final class NoticeAccounts {
    private final List<Entry> entries = new ArrayList<>(0);

    /**
     * The state of a notice, in the contract's words.
     *
     * @param reason reason of the refusal; empty otherwise
     */
    record State(String status, String reason) {
        static final State UNKNOWN = new State("unknown", "");
        static final State PENDING = new State("pending", "");
        static final State COMPLETED = new State("completed", "");
    }

    /** Counts a notice and returns its number of arrivals. */
    synchronized int arrived(Contract.Notice notice, Instant at) {
        Entry entry = entries.stream()
                .filter(each -> each.tells(notice))
                .findFirst()
                .orElseGet(() -> {
                    Entry first = new Entry(notice, at);
                    entries.add(first);
                    return first;
                });
        return ++entry.arrivals;
    }

    /** Takes a notice that has arrived. A repeat of one in progress does not restart it. */
    synchronized State taken(Contract.Notice notice, int questionsUntilCompleted) {
        return changed(notice, entry -> {
            if (entry.questionsLeft == Entry.NOT_TAKEN || questionsUntilCompleted == 0) {
                entry.questionsLeft = questionsUntilCompleted;
                entry.reason = "";
            }
        });
    }

    /** Refuses a notice that has arrived, unless it was completed before: a broker does not revoke a confirmation. */
    synchronized State refused(Contract.Notice notice, String reason) {
        return changed(notice, entry -> {
            if (entry.questionsLeft != 0) {
                entry.questionsLeft = Entry.NOT_TAKEN;
                entry.reason = reason;
            }
        });
    }

    private interface Change {
        void make(Entry entry);
    }

    private State changed(Contract.Notice notice, Change change) {
        for (Entry entry : entries) {
            if (entry.tells(notice)) {
                change.make(entry);
                return entry.state();
            }
        }
        return State.UNKNOWN;
    }

    /**
     * The state of the notice of {@code requestId}, or the lowest state of all; each poll brings pending ones closer to completion.
     */
    synchronized State asked(Optional<UUID> requestId) {
        State least = State.UNKNOWN;
        for (Entry entry : entries) {
            if (requestId.isEmpty() || entry.notice.requestId().equals(requestId)) {
                State state = entry.state();
                entry.questionsLeft -= entry.questionsLeft > 0 ? 1 : 0;
                if (state.equals(State.PENDING) || least.equals(State.UNKNOWN)) {
                    least = state;
                }
            }
        }
        return least;
    }

    synchronized List<Books.NoticeAccount> list() {
        return entries.stream().map(Entry::account).toList();
    }

    private static final class Entry {
        private static final int NOT_TAKEN = -1;

        private final Contract.Notice notice;
        private final Instant firstArrivedAt;
        private int arrivals;
        private int questionsLeft = NOT_TAKEN;
        private String reason = "";

        private Entry(Contract.Notice notice, Instant firstArrivedAt) {
            this.notice = notice;
            this.firstArrivedAt = firstArrivedAt;
        }

        private boolean tells(Contract.Notice other) {
            return notice.type().equals(other.type()) && notice.requestId().equals(other.requestId());
        }

        private State state() {
            if (questionsLeft > 0) {
                return State.PENDING;
            } else if (questionsLeft == 0) {
                return State.COMPLETED;
            }
            return reason.isEmpty() ? State.UNKNOWN : new State("refused", reason);
        }

        private Books.NoticeAccount account() {
            return new Books.NoticeAccount(
                    notice.type(), notice.requestId(), arrivals, firstArrivedAt, state().status(), state().reason());
        }
    }
}
