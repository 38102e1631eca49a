package org.brokerhandoff.register;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;

/**
 * Who must be notified of a withdrawal or a request, and the progress of the notices. A broker that confirmed the delivery holds the signup.
 * Without a confirmation every assigned broker may hold it that has neither refused nor been released since it was last sent the signup: an
 * attempt that died with its router left no event.
 *
 * <p>Access and portability are answered here, and a rectification is delivered as a sealed record: no notices are sent for them. If a
 * withdrawal destroyed the key of its new data, the notice is about the withdrawal of the corrected signup, which the broker knows.
 */
final class NoticeQuery {
    /** {@code cause} is a table of signups and requests; the request is zero for the withdrawal. */
    private static final String COLUMNS = """
            SELECT cause.signup_id, cause.request_id, COALESCE(request.type, 'WITHDRAWAL') AS notice_type,
                COALESCE(request.requested_at, signup.withdrawn_at) AS occurred_at, signup.delivered_broker,
                COALESCE(signup.delivered_broker, assignment.broker) AS told, notice.attempts, notice.sent_at, notice.outcome,
                notice.retry_at, notice.confirmed_at, notice.refused_at, notice.refused_ground, notice.no_endpoint_at,
                notice.silent_at, notice.given_up_at
            """;

    /** A request is included even if the signup itself is not projected yet: it then has no holder. */
    private static final String HOLDERS = """
            LEFT JOIN signup ON signup.signup_id = cause.signup_id
            LEFT JOIN rights_request request ON request.signup_id = cause.signup_id AND request.request_id = cause.request_id
            LEFT JOIN assignment ON assignment.signup_id = cause.signup_id AND signup.delivered_broker IS NULL
                AND NOT EXISTS (SELECT 1 FROM refusal
                    WHERE refusal.signup_id = assignment.signup_id AND refusal.broker = assignment.broker
                    AND refusal.attempt >= COALESCE((SELECT undecided.attempt FROM undecided_attempt undecided
                        WHERE undecided.signup_id = assignment.signup_id AND undecided.broker = assignment.broker), 0))
                AND NOT EXISTS (SELECT 1 FROM released_assignment released
                    WHERE released.signup_id = assignment.signup_id AND released.broker = assignment.broker
                    AND released.attempts >= COALESCE((SELECT undecided.attempt FROM undecided_attempt undecided
                        WHERE undecided.signup_id = assignment.signup_id AND undecided.broker = assignment.broker), 0))
            LEFT JOIN notice ON notice.signup_id = cause.signup_id AND notice.request_id = cause.request_id
                AND notice.type = COALESCE(request.type, 'WITHDRAWAL')
                AND notice.broker = COALESCE(signup.delivered_broker, assignment.broker)
            """;

    /** All withdrawals and requests that are not ended. */
    static final String IN_PROGRESS = COLUMNS + "FROM notice_in_progress cause\n" + HOLDERS
            // The first of repeated facts stays: later repeats must not be reported.
            + "WHERE request.found = 'HANDOFF_STARTED'"
            + " OR request.request_id IS NULL AND signup.withdrawal_outcome = 'HANDOFF_STARTED'";

    /** The withdrawal of one signup, if a broker had been offered the data before; its first parameter is {@link NoticeCause#requestColumn}. */
    static final String WITHDRAWAL = COLUMNS
            + "FROM (SELECT signup_id, ? AS request_id FROM signup WHERE signup_id = ?"
            + " AND withdrawal_outcome = 'HANDOFF_STARTED' AND COALESCE(purposes, '') <> '" + StatusQuery.CORRECTION
            + "') cause\n" + HOLDERS;

    /** The requests about one signup that brokers must be notified of. */
    static final String REQUESTS = COLUMNS
            + "FROM (SELECT signup_id, request_id FROM rights_request WHERE signup_id = ?"
            + " AND type IN ('ERASURE', 'RESTRICTION', 'OBJECTION') AND found = 'HANDOFF_STARTED') cause\n" + HOLDERS;

    private NoticeQuery() {}

    /** The withdrawals and requests of all rows, by signup and request. */
    static List<NoticesInProgress> inProgress(ResultSet row) throws SQLException {
        Map<NoticeCause, NoticesInProgress> causes = new TreeMap<>(NoticeCause.ORDER);
        Map<NoticeCause, Map<String, OwedNotice>> notices = new HashMap<>();
        while (row.next()) {
            NoticeCause cause = NoticeCause.of(row.getBytes("signup_id"), row.getBytes("request_id"));
            Map<String, OwedNotice> ofCause = notices.computeIfAbsent(cause, unused -> new TreeMap<>());
            String broker = row.getString("told");
            if (broker != null) {
                ofCause.put(broker, notice(broker, row));
            }
            causes.put(
                    cause,
                    new NoticesInProgress(
                            cause,
                            NoticeType.valueOf(row.getString("notice_type")),
                            StatusQuery.instant(row, "occurred_at"),
                            List.copyOf(ofCause.values())));
        }
        return List.copyOf(causes.values());
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
        Optional<Instant> refusedAt = StatusQuery.time(row, "refused_at");
        return new OwedNotice(
                broker,
                row.getString("delivered_broker") != null,
                row.getInt("attempts"),
                last,
                StatusQuery.time(row, "confirmed_at"),
                refusedAt.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new OwedNotice.Refusal(
                                refusedAt.get(), RightsGround.valueOf(row.getString("refused_ground")))),
                escalations);
    }
}
