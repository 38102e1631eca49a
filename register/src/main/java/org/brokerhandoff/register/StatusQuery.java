package org.brokerhandoff.register;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;

/** Reads the row of a signup. */
final class StatusQuery {
    /** The row of one signup, with the directory's entry of its broker. */
    static final String SQL = """
            SELECT signup.*, broker.name AS broker_name, broker.privacy_policy AS broker_privacy_policy,
                broker.cookie_policy AS broker_cookie_policy, broker.contact AS broker_contact,
                EXISTS (SELECT 1 FROM refusal
                    WHERE refusal.signup_id = signup.signup_id
                    AND refusal.broker = signup.assigned_broker)
                OR EXISTS (SELECT 1 FROM released_assignment released
                    WHERE released.signup_id = signup.signup_id
                    AND released.broker = signup.assigned_broker) AS assigned_ended,
                (SELECT MAX(held.preserved_until) FROM disclosure_request held
                    WHERE held.signup_id = signup.signup_id
                    AND held.requested_at IS NOT NULL
                    AND held.released_at IS NULL) AS preserved_until
            FROM signup
            LEFT JOIN broker ON broker.id = COALESCE(signup.delivered_broker, signup.assigned_broker)
            WHERE signup.signup_id = ?""";

    /** The value of column {@code purposes} for the new data of a rectification. */
    static final String CORRECTION = Purpose.RECTIFICATION.name();

    private StatusQuery() {}

    /**
     * The row's content; empty if its acceptance is not projected yet.
     *
     * @param notices the brokers that must be notified of its withdrawal
     */
    static Optional<SignupStatus> status(UUID signupId, ResultSet row, List<OwedNotice> notices) throws SQLException {
        if (time(row, "received_at").isEmpty()) {
            return Optional.empty();
        }
        Optional<WithdrawalStatus> withdrawal = withdrawal(row, notices);
        Optional<PurgeStatus> purge = purge(row);
        boolean delivered = text(row, "delivered_broker").isPresent();
        boolean assigned = text(row, "assigned_broker").isPresent() && !row.getBoolean("assigned_ended");
        SignupState state = SignupState.of(
                withdrawal.isPresent(),
                delivered,
                time(row, "undeliverable_at").isPresent(),
                purge.map(PurgeStatus::reason),
                assigned);
        return Optional.of(new SignupStatus(
                signupId,
                text(row, "owner"),
                state,
                instant(row, "received_at"),
                instant(row, "erase_by"),
                time(row, "preserved_until"),
                delivered || assigned ? Optional.of(broker(row)) : Optional.empty(),
                text(row, "assigned_broker").isPresent(),
                text(row, "policy_version").isEmpty() ? Optional.empty() : Optional.of(consent(row)),
                purge,
                withdrawal,
                CORRECTION.equals(row.getString("purposes"))));
    }

    private static HoldingBroker broker(ResultSet row) throws SQLException {
        Optional<String> delivered = text(row, "delivered_broker");
        String id = delivered.isPresent() ? delivered.get() : row.getString("assigned_broker");
        return new HoldingBroker(
                id,
                text(row, "broker_name").orElse(id),
                text(row, "broker_privacy_policy"),
                text(row, "broker_cookie_policy"),
                text(row, "broker_contact"));
    }

    private static Optional<WithdrawalStatus> withdrawal(ResultSet row, List<OwedNotice> notices) throws SQLException {
        Optional<Instant> at = time(row, "withdrawn_at");
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(new WithdrawalStatus(
                        at.get(),
                        WithdrawalOutcome.valueOf(row.getString("withdrawal_outcome")),
                        WithdrawalMethod.valueOf(row.getString("withdrawn_by")),
                        NoticeStatus.confirmedAt(notices),
                        NoticeStatus.of(notices)));
    }

    private static Optional<PurgeStatus> purge(ResultSet row) throws SQLException {
        Optional<Instant> at = time(row, "purged_at");
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(new PurgeStatus(
                        PurgeLevel.valueOf(row.getString("purge_level")),
                        PurgeReason.valueOf(row.getString("purge_reason")),
                        at.get()));
    }

    private static RecordedConsent consent(ResultSet row) throws SQLException {
        return new RecordedConsent(
                row.getInt("record_version"),
                row.getString("policy_version"),
                new Digest(row.getBytes("notice_digest")),
                Optional.ofNullable(row.getBytes("form_digest")).map(Digest::new),
                row.getString("language"),
                list(row, "purposes", Purpose::valueOf),
                list(row, "data_categories", DataCategory::valueOf),
                list(row, "recipients", Function.identity()),
                row.getString("jurisdiction"),
                WithdrawalMethod.valueOf(row.getString("withdrawal_method")),
                instant(row, "given_at"),
                ConsentMethod.valueOf(row.getString("method")),
                instant(row, "received_at"),
                instant(row, "erase_by"),
                number(row, "declared_age"));
    }

    private static Optional<Integer> number(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    /** A column with a list of names. */
    static <T> List<T> list(ResultSet row, String column, Function<String, T> item) throws SQLException {
        String text = row.getString(column);
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(item).toList();
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    /** A time that may be absent. */
    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** A time that is always present. */
    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }
}
