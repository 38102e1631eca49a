package org.brokerhandoff.sandbox;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The broker's records of arrivals and answers, by signup id: ids, counts and times, no personal data. May be read from any thread while the
 * broker runs. Grows by some 200 bytes per signup until {@link #clear()}.
 */
public final class Books {
    /** Replaces every idempotency key that is not a UUID: such a key could contain personal data. */
    public static final String UNREADABLE_KEY = "(not a UUID)";

    private static final int MOST_KEYS_KEPT = 16;

    private final ConcurrentHashMap<UUID, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger signups = new AtomicInteger();
    private final AtomicLong deliveries = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder badSignatures = new LongAdder();
    private final LongAdder badRequests = new LongAdder();
    private final LongAdder notices = new LongAdder();
    private final LongAdder pings = new LongAdder();
    private final NewestExchanges newest = new NewestExchanges();

    Books() {}

    /**
     * One signup's page.
     *
     * @param number ordinal of the distinct signup, from 1; 0 if only notices came
     * @param deliveries valid handoffs seen
     * @param accepted number of answers as newly accepted: 0 or 1
     * @param duplicates number of repeated acceptances
     * @param refused number of rejections
     * @param failed number of errors, redirects and dropped connections
     * @param idempotencyKeys the distinct keys seen (at most 16 are kept), also of requests answered 400
     * @param firstByteNanos {@link System#nanoTime()} when the first handoff's head had arrived
     * @param firstByteAt the same by the wall clock; empty if only notices came
     * @param lastByteAt when the latest handoff's head had arrived
     * @param acceptedNanos {@link System#nanoTime()} of the acceptance; 0 if there was none
     * @param notices one for each type and request
     */
    public record Account(
            UUID signupId,
            int number,
            int deliveries,
            int accepted,
            int duplicates,
            int refused,
            int failed,
            Set<String> idempotencyKeys,
            long firstByteNanos,
            Optional<Instant> firstByteAt,
            Optional<Instant> lastByteAt,
            long acceptedNanos,
            List<NoticeAccount> notices) {

        /** The broker holds this signup. */
        public boolean isAccepted() {
            return accepted > 0;
        }
    }

    /**
     * One notice for one signup.
     *
     * @param type as received, such as {@code withdrawal}
     * @param requestId the request it is about; a withdrawal has none
     * @param arrivals number of arrivals
     * @param firstArrivedAt time of the first arrival
     * @param status its state, in the contract's words: {@code completed}, {@code pending}, {@code refused}; {@code unknown}: not taken
     * @param reason reason of the refusal; empty otherwise
     */
    public record NoticeAccount(
            String type, Optional<UUID> requestId, int arrivals, Instant firstArrivedAt, String status, String reason) {

        /** The broker has confirmed it. */
        public boolean completed() {
            return status.equals("completed");
        }

        /** The broker has refused it. */
        public boolean refused() {
            return status.equals("refused");
        }
    }

    /**
     * Sums over all signups since the start or the last {@link #clear()}.
     *
     * @param signups distinct signups handed over
     * @param deliveries valid handoffs; their verdicts are accepted + duplicates + refused + failed, less
     *     those whose reaction is still delayed
     * @param badSignatures requests answered 401
     * @param badRequests requests answered 400 or 413
     * @param notices valid notices seen, repeats included
     */
    public record Totals(
            int signups,
            long deliveries,
            long accepted,
            long duplicates,
            long refused,
            long failed,
            long badSignatures,
            long badRequests,
            long notices) {}

    /** One signup's page, if a handoff or a notice ever named the signup. */
    public Optional<Account> account(UUID signupId) {
        return Optional.ofNullable(entries.get(signupId)).map(Entry::account);
    }

    /** All pages, in no order. */
    public Stream<Account> accounts() {
        return entries.values().stream().map(Entry::account);
    }

    /** The sums; read one after the other, so exact only when nothing is arriving. */
    public Totals totals() {
        return new Totals(
                signups.get(),
                deliveries.get(),
                accepted.sum(),
                duplicates.sum(),
                refused.sum(),
                failed.sum(),
                badSignatures.sum(),
                badRequests.sum(),
                notices.sum());
    }

    /** The newest exchanges, the newest first; at most {@value NewestExchanges#MOST} of each sort. */
    List<Exchange> newest() {
        return newest.list();
    }

    void answered(Exchange exchange) {
        newest.add(exchange);
    }

    /** Starts empty books, between two runs; concurrent arrivals may be counted partially. */
    public void clear() {
        entries.clear();
        newest.clear();
        signups.set(0);
        deliveries.set(0);
        List.of(accepted, duplicates, refused, failed, badSignatures, badRequests, notices)
                .forEach(LongAdder::reset);
    }

    HandoffFacts arrived(UUID signupId, String country, long firstByteNanos, Instant firstByteAt) {
        Entry entry = entry(signupId);
        long total = deliveries.incrementAndGet();
        synchronized (entry) {
            if (entry.deliveries == 0) {
                entry.number = signups.incrementAndGet();
                entry.firstByteNanos = firstByteNanos;
                entry.firstByteAt = firstByteAt;
            }
            entry.deliveries++;
            entry.lastByteAt = firstByteAt;
            return new HandoffFacts(signupId, country, entry.deliveries, entry.number, total);
        }
    }

    void keySeen(UUID signupId, String idempotencyKey) {
        UUID key = Contract.uuid(idempotencyKey);
        Entry entry = entry(signupId);
        synchronized (entry) {
            if (signupId.equals(key)) {
                entry.ownKeySeen = true;
            } else {
                Set<String> others = entry.otherKeys == null ? new HashSet<>() : entry.otherKeys;
                if (others.size() < MOST_KEYS_KEPT - 1) {
                    others.add(key == null ? UNREADABLE_KEY : key.toString());
                }
                entry.otherKeys = others;
            }
        }
    }

    /** Accepts; a duplicate if it was accepted before. */
    Verdict accept(UUID signupId, long nanos) {
        Entry entry = entry(signupId);
        synchronized (entry) {
            if (entry.accepted == 0) {
                entry.accepted = 1;
                entry.acceptedNanos = nanos;
                accepted.increment();
                return Verdict.ACCEPTED;
            }
            entry.duplicates++;
            duplicates.increment();
            return Verdict.DUPLICATE;
        }
    }

    /** Refuses; a duplicate if it was accepted before, since a broker does not revise its decision. */
    Verdict refuse(UUID signupId) {
        Entry entry = entry(signupId);
        synchronized (entry) {
            if (entry.accepted > 0) {
                entry.duplicates++;
                duplicates.increment();
                return Verdict.DUPLICATE;
            }
            entry.refused++;
            refused.increment();
            return Verdict.REFUSED;
        }
    }

    void fail(UUID signupId) {
        Entry entry = entry(signupId);
        synchronized (entry) {
            entry.failed++;
        }
        failed.increment();
    }

    void badSignature() {
        badSignatures.increment();
    }

    /** Valid pings seen since the start. */
    public long pings() {
        return pings.sum();
    }

    void pinged() {
        pings.increment();
    }

    void badRequest() {
        badRequests.increment();
    }

    /** Counts a notice and returns its number of arrivals. */
    int noticeArrived(Contract.Notice notice, Instant at) {
        notices.increment();
        return entry(notice.signupId()).notices.arrived(notice, at);
    }

    /** Takes a notice, and returns its state. */
    NoticeAccounts.State noticeTaken(Contract.Notice notice, int questionsUntilCompleted) {
        return entry(notice.signupId()).notices.taken(notice, questionsUntilCompleted);
    }

    /** Refuses a notice unless it was completed before, and returns its state. */
    NoticeAccounts.State noticeRefused(Contract.Notice notice, String reason) {
        return entry(notice.signupId()).notices.refused(notice, reason);
    }

    /**
     * The answer to a poll of a signup's notices; each poll brings pending ones closer to completion.
     *
     * @param requestId restricts the poll to the notice of that request
     */
    NoticeAccounts.State noticeStatus(UUID signupId, Optional<UUID> requestId) {
        Entry entry = entries.get(signupId);
        return entry == null ? NoticeAccounts.State.UNKNOWN : entry.notices.asked(requestId);
    }

    String handoffStatus(UUID signupId) {
        Entry entry = entries.get(signupId);
        if (entry == null) {
            return "unknown";
        }
        synchronized (entry) {
            return entry.accepted > 0 ? "accepted" : entry.refused > 0 ? "rejected" : "unknown";
        }
    }

    private Entry entry(UUID signupId) {
        Entry known = entries.get(signupId);
        return known != null ? known : entries.computeIfAbsent(signupId, Entry::new);
    }

    /** Guarded by its own monitor. */
    private static final class Entry {
        private final UUID signupId;
        private final NoticeAccounts notices = new NoticeAccounts();
        private int number;
        private int deliveries;
        private int accepted;
        private int duplicates;
        private int refused;
        private int failed;
        private boolean ownKeySeen;
        private @Nullable Set<String> otherKeys;
        private long firstByteNanos;
        private @Nullable Instant firstByteAt;
        private @Nullable Instant lastByteAt;
        private long acceptedNanos;

        private Entry(UUID signupId) {
            this.signupId = signupId;
        }

        private synchronized Account account() {
            Set<String> keys = new HashSet<>();
            if (ownKeySeen) {
                keys.add(signupId.toString());
            }
            if (otherKeys != null) {
                keys.addAll(otherKeys);
            }
            return new Account(
                    signupId,
                    number,
                    deliveries,
                    accepted,
                    duplicates,
                    refused,
                    failed,
                    Set.copyOf(keys),
                    firstByteNanos,
                    Optional.ofNullable(firstByteAt),
                    Optional.ofNullable(lastByteAt),
                    acceptedNanos,
                    notices.list());
        }
    }
}
