package org.brokerhandoff.register;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Who has to be told of a withdrawal, and what has become of it. Whoever confirmed the delivery holds the signup. Without a
 * confirmation everybody may who was assigned and has neither refused nor been released since it was sent the signup last: an attempt
 * that died with its router left no event.
 */
final class NoticeQuery {
    private static final String COLUMNS = """
            SELECT signup.signup_id, signup.withdrawn_at, signup.delivered_broker,
                COALESCE(signup.delivered_broker, assignment.broker) AS told, notice.attempts, notice.sent_at, notice.outcome,
                notice.retry_at, notice.confirmed_at, notice.no_endpoint_at, notice.silent_at, notice.given_up_at
            """;
    private static final String HOLDERS = """
            LEFT JOIN assignment ON assignment.signup_id = signup.signup_id AND signup.delivered_broker IS NULL
                AND NOT EXISTS (SELECT 1 FROM refusal
                    WHERE refusal.signup_id = assignment.signup_id AND refusal.broker = assignment.broker
                    AND refusal.attempt >= COALESCE((SELECT undecided.attempt FROM undecided_attempt undecided
                        WHERE undecided.signup_id = assignment.signup_id AND undecided.broker = assignment.broker), 0))
                AND NOT EXISTS (SELECT 1 FROM released_assignment released
                    WHERE released.signup_id = assignment.signup_id AND released.broker = assignment.broker
                    AND released.attempts >= COALESCE((SELECT undecided.attempt FROM undecided_attempt undecided
                        WHERE undecided.signup_id = assignment.signup_id AND undecided.broker = assignment.broker), 0))
            LEFT JOIN notice ON notice.signup_id = signup.signup_id AND notice.type = 'WITHDRAWAL'
                AND notice.broker = COALESCE(signup.delivered_broker, assignment.broker)
            """;

    /** All withdrawals that are not ended. */
    static final String IN_PROGRESS =
            COLUMNS + """
            FROM withdrawal_in_progress open JOIN signup ON signup.signup_id = open.signup_id
            """ + HOLDERS + "WHERE signup.withdrawal_outcome = 'HANDOFF_STARTED' ORDER BY signup.signup_id";

    /** The withdrawal of one signup, if a broker had been offered the data before. */
    static final String ONE = COLUMNS + "FROM signup\n" + HOLDERS
            + "WHERE signup.signup_id = ? AND signup.withdrawal_outcome = 'HANDOFF_STARTED'";

    private NoticeQuery() {}

    /** The withdrawals of all rows, in order. */
    static List<WithdrawalInProgress> withdrawals(ResultSet row) throws SQLException {
        Map<UUID, Instant> times = new TreeMap<>();
        Map<UUID, Map<String, OwedNotice>> notices = new TreeMap<>();
        while (row.next()) {
            UUID id = SignupIds.uuid(row.getBytes("signup_id"));
            times.put(id, StatusQuery.instant(row, "withdrawn_at"));
            Map<String, OwedNotice> ofSignup = notices.computeIfAbsent(id, unused -> new TreeMap<>());
            String broker = row.getString("told");
            if (broker != null) {
                ofSignup.put(broker, notice(broker, row));
            }
        }
        List<WithdrawalInProgress> withdrawals = new ArrayList<>();
        notices.forEach((id, owed) -> withdrawals.add(
                new WithdrawalInProgress(id, times.getOrDefault(id, Instant.EPOCH), List.copyOf(owed.values()))));
        return withdrawals;
    }

    private static OwedNotice notice(String broker, ResultSet row) throws SQLException {
        Optional<Instant> sentAt = StatusQuery.time(row, "sent_at");
        Optional<OwedNotice.Sending> last = sentAt.isEmpty()
                ? Optional.empty()
                : Optional.of(new OwedNotice.Sending(
                        sentAt.get(),
                        NoticeOutcome.valueOf(row.getString("outcome")),
                        StatusQuery.time(row, "retry_at")));
        Map<EscalationReason, Instant> escalations = new EnumMap<>(EscalationReason.class);
        StatusQuery.time(row, "no_endpoint_at").ifPresent(at -> escalations.put(EscalationReason.NO_ENDPOINT, at));
        StatusQuery.time(row, "silent_at").ifPresent(at -> escalations.put(EscalationReason.SILENT, at));
        StatusQuery.time(row, "given_up_at").ifPresent(at -> escalations.put(EscalationReason.GIVEN_UP, at));
        return new OwedNotice(
                broker,
                row.getString("delivered_broker") != null,
                row.getInt("attempts"),
                last,
                StatusQuery.time(row, "confirmed_at"),
                escalations);
    }
}
