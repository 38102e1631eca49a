package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;

/**
 * Compares the write times in records with the append times of Kafka's brokers: the nearest thing in the log to a clock independent of the
 * services. One partition of one topic; take every record in order, then finish.
 *
 * <p>Two hosts' clocks may differ, and either may be set. A record's neighbours, of the same service, then differ as much. A record is
 * backdated, or postdated, if its distance from its append exceeds the time a process can have been suspended, and that of both its
 * neighbours; and if the brokers' clock did not itself jump there. Without a later neighbour, the auditor's clock is used.
 */
public final class RecordTimes {
    private static final long BOUND_MILLIS = ProcessClocks.LONGEST_STOP_MILLIS;

    private final Instant now;
    private final Consumer<Dating> found;
    /** By service, the distance of its last record from its append, in any partition. */
    private final Map<String, Long> lags;

    private final Map<String, Suspect> suspects = new HashMap<>();
    private long appendedBeforeMillis = Long.MIN_VALUE;
    private Optional<Suspect> newest = Optional.empty();

    /**
     * A backdated or postdated record.
     *
     * @param claimed its stated write time
     * @param lagMillis its distance from its append
     * @param first whether it is the first of its service here; another partition may then have an earlier one
     */
    public record Dating(KeptRecord record, Instant claimed, long lagMillis, boolean first) {
        void save(DataOutputStream out) throws IOException {
            record.save(out);
            out.writeLong(claimed.toEpochMilli());
            out.writeLong(lagMillis);
            out.writeBoolean(first);
        }

        static Dating restored(DataInputStream in, EventCodec codec) throws IOException {
            return new Dating(
                    KeptRecord.restored(in, codec),
                    Instant.ofEpochMilli(in.readLong()),
                    in.readLong(),
                    in.readBoolean());
        }

        /** Whether it is as far from its append as a record of its service with this lag. */
        boolean as(long otherLagMillis) {
            return !apart(lagMillis, otherLagMillis);
        }
    }

    /** A record that is far from its append, until the next one shows whether its neighbours are as far. */
    private static final class Suspect {
        private final KeptRecord record;
        private final long claimMillis;
        private final long lagMillis;
        private final Optional<Long> lagBeforeMillis;
        private boolean clockJumped;

        Suspect(KeptRecord record, long claimMillis, long lagMillis, Optional<Long> lagBeforeMillis) {
            this.record = record;
            this.claimMillis = claimMillis;
            this.lagMillis = lagMillis;
            this.lagBeforeMillis = lagBeforeMillis;
        }

        /** Whether it is backdated or postdated, if the next record of the service has this lag. */
        boolean judged(long lagBehindMillis) {
            return !clockJumped
                    && lagBeforeMillis.filter(lag -> !apart(lagMillis, lag)).isEmpty()
                    && apart(lagMillis, lagBehindMillis);
        }
    }

    /**
     * @param now the auditor's clock
     * @param lags knowledge of other partitions; is updated
     * @param found receives what is backdated or postdated
     */
    RecordTimes(Instant now, Map<String, Long> lags, Consumer<Dating> found) {
        this.now = now;
        this.lags = lags;
        this.found = found;
    }

    /** Takes the next record. */
    void take(KeptRecord record) {
        long appendedMillis = record.appendedAt().toEpochMilli();
        boolean back = ProcessClocks.certainlyBefore(appendedMillis, appendedBeforeMillis);
        if (back) {
            // The brokers' clock was ahead until here, or is behind from here on.
            newest.ifPresent(suspect -> suspect.clockJumped = true);
        }
        appendedBeforeMillis = appendedMillis;
        newest = Optional.empty();
        List<Long> claims = claims(record);
        if (claims.isEmpty()) {
            return;
        }
        // The stated time that is furthest from the append.
        long claim = claims.stream()
                .max((one, other) -> Long.compare(Math.abs(appendedMillis - one), Math.abs(appendedMillis - other)))
                .orElseThrow();
        long lag = appendedMillis - claim;
        String service = record.source().flatMap(EventEnvelope::service).orElse("");
        settle(service, lag);
        if (Math.abs(lag) > BOUND_MILLIS) {
            Suspect suspect = new Suspect(record, claim, lag, Optional.ofNullable(lags.get(service)));
            suspect.clockJumped = back;
            suspects.put(service, suspect);
            newest = Optional.of(suspect);
        }
        lags.put(service, lag);
    }

    /** Writes the comparison state for the next records, for {@link #restore}. */
    void save(DataOutputStream out) throws IOException {
        out.writeLong(appendedBeforeMillis);
        out.writeInt(suspects.size());
        for (Map.Entry<String, Suspect> each : suspects.entrySet()) {
            Suspect suspect = each.getValue();
            out.writeUTF(each.getKey());
            suspect.record.save(out);
            out.writeLong(suspect.claimMillis);
            out.writeLong(suspect.lagMillis);
            out.writeBoolean(suspect.lagBeforeMillis.isPresent());
            out.writeLong(suspect.lagBeforeMillis.orElse(0L));
            out.writeBoolean(suspect.clockJumped);
            out.writeBoolean(newest.filter(suspect::equals).isPresent());
        }
    }

    /** Continues from a state that {@link #save} wrote. */
    void restore(DataInputStream in, EventCodec codec) throws IOException {
        appendedBeforeMillis = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            String service = in.readUTF();
            KeptRecord record = KeptRecord.restored(in, codec);
            long claim = in.readLong();
            long lag = in.readLong();
            boolean hadOneBefore = in.readBoolean();
            long lagBefore = in.readLong();
            Suspect suspect = new Suspect(record, claim, lag, hadOneBefore ? Optional.of(lagBefore) : Optional.empty());
            suspect.clockJumped = in.readBoolean();
            suspects.put(service, suspect);
            if (in.readBoolean()) {
                newest = Optional.of(suspect);
            }
        }
    }

    /** Judges the rest. */
    void finish() {
        suspects.values()
                .forEach(suspect -> suspect.clockJumped |= ProcessClocks.certainlyBefore(
                        now.toEpochMilli(), suspect.record.appendedAt().toEpochMilli()));
        List.copyOf(suspects.keySet()).forEach(service -> settle(service, 0));
    }

    private static boolean apart(long lagMillis, long otherLagMillis) {
        return lagMillis > 0 ? lagMillis - otherLagMillis > BOUND_MILLIS : otherLagMillis - lagMillis > BOUND_MILLIS;
    }

    private void settle(String service, long lagBehindMillis) {
        Suspect suspect = suspects.remove(service);
        if (suspect != null && suspect.judged(lagBehindMillis)) {
            found.accept(new Dating(
                    suspect.record,
                    Instant.ofEpochMilli(suspect.claimMillis),
                    suspect.lagMillis,
                    suspect.lagBeforeMillis.isEmpty()));
        }
    }

    /** The write times that a record states, in milliseconds: in its header, and in events that are created at that moment. */
    private static List<Long> claims(KeptRecord record) {
        List<Long> claims = new ArrayList<>(2);
        EventEnvelope.header(record.stored().headers(), CloudEventHeaders.TIME)
                .flatMap(RecordTimes::millis)
                .ifPresent(claims::add);
        record.event().flatMap(RecordTimes::made).map(Instant::toEpochMilli).ifPresent(claims::add);
        return claims;
    }

    /** For events that are published at the moment that they state. Others may have waited for Kafka, or for a repeated request. */
    private static Optional<Instant> made(SpecificRecord event) {
        if (event instanceof Purged purged) {
            return Optional.of(purged.getPurgedAt());
        } else if (event instanceof CookieChoice choice) {
            return Optional.of(choice.getRecordedAt());
        }
        if (event instanceof CountryRulesPublished rules) {
            return Optional.of(rules.getPublishedAt());
        }
        return event instanceof PolicyPublished policy ? Optional.of(policy.getPublishedAt()) : Optional.empty();
    }

    private static Optional<Long> millis(String time) {
        try {
            return Optional.of(Instant.parse(time).toEpochMilli());
        } catch (DateTimeException e) {
            // An invalid time is reported by another rule.
            return Optional.empty();
        }
    }
}
