package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;

/** The statements about people's requests, and about the notices of them and of withdrawals. */
final class RequestWriter {
    /** Not for the new data of a rectification, whose id no broker knows. */
    private static final String IN_PROGRESS = "INSERT INTO notice_in_progress (signup_id, request_id)"
            + " SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM signup WHERE signup_id = ? AND purposes = '"
            + StatusQuery.CORRECTION + "') ON CONFLICT (signup_id, request_id) DO NOTHING";

    private static final String REQUESTED =
            "INSERT INTO rights_request (signup_id, request_id, type, requested_at, due_at, method, found, sealed_as)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
                    + " type = excluded.type, requested_at = excluded.requested_at, due_at = excluded.due_at,"
                    + " method = excluded.method, found = excluded.found, sealed_as = excluded.sealed_as"
                    + " WHERE rights_request.requested_at IS NULL";
    // The longest extension counts.
    private static final String EXTENDED =
            "INSERT INTO rights_request (signup_id, request_id, extended_at, extended_due_at, extension_reason)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
                    + " extended_at = excluded.extended_at, extended_due_at = excluded.extended_due_at,"
                    + " extension_reason = excluded.extension_reason"
                    + " WHERE rights_request.extended_due_at IS NULL"
                    + " OR rights_request.extended_due_at < excluded.extended_due_at";
    private static final String DECIDED =
            "INSERT INTO rights_request (signup_id, request_id, decided_at, decision, ground)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
                    + " decided_at = excluded.decided_at, decision = excluded.decision, ground = excluded.ground"
                    + " WHERE rights_request.decided_at IS NULL";
    private static final String NOTICE_SENT =
            "INSERT INTO notice (signup_id, broker, type, request_id, attempts, sent_at, outcome, retry_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, broker, type, request_id) DO UPDATE SET"
                    + " attempts = excluded.attempts, sent_at = excluded.sent_at, outcome = excluded.outcome,"
                    + " retry_at = excluded.retry_at"
                    + " WHERE notice.attempts IS NULL OR notice.attempts < excluded.attempts";
    private static final String NOTICE_REFUSED =
            "INSERT INTO notice (signup_id, broker, type, request_id, refused_at, refused_ground)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, broker, type, request_id) DO UPDATE SET"
                    + " refused_at = excluded.refused_at, refused_ground = excluded.refused_ground"
                    + " WHERE notice.refused_at IS NULL";

    private final Preparing preparing;

    /** Writes with statements that {@code preparing} prepares. */
    RequestWriter(Preparing preparing) {
        this.preparing = preparing;
    }

    /** Prepares a statement for the set of tables being written. */
    interface Preparing {
        PreparedStatement prepare(Connection connection, String statement) throws SQLException;
    }

    void write(Connection connection, EventBatch batch) throws SQLException {
        writeWithdrawals(connection, batch.signups());
        for (SpecificRecord request : batch.requests()) {
            writeRequest(connection, request);
        }
        for (SpecificRecord notice : batch.notices()) {
            writeNotice(connection, notice);
        }
    }

    /** Withdrawals are few: only those after an offer, since before one no broker needs a notice. */
    private void writeWithdrawals(Connection connection, Map<UUID, SignupFacts> signups) throws SQLException {
        for (Map.Entry<UUID, SignupFacts> signup : signups.entrySet()) {
            ConsentWithdrawn withdrawn = signup.getValue().withdrawn;
            if (withdrawn != null && withdrawn.getOutcome() == WithdrawalOutcome.HANDOFF_STARTED) {
                writeInProgress(connection, SignupIds.bytes(signup.getKey()), NoticeCause.column(null));
            }
        }
    }

    private void writeInProgress(Connection connection, byte[] signupId, byte[] requestId) throws SQLException {
        try (PreparedStatement insert = preparing.prepare(connection, IN_PROGRESS)) {
            insert.setBytes(1, signupId);
            insert.setBytes(2, requestId);
            insert.setBytes(3, signupId);
            insert.executeUpdate();
        }
    }

    private void writeRequest(Connection connection, SpecificRecord event) throws SQLException {
        if (event instanceof RightsRequested requested) {
            writeRequested(connection, requested);
        } else if (event instanceof RightsRequestExtended extended) {
            try (PreparedStatement upsert = of(
                    connection, EXTENDED, extended.getSignupId(), extended.getRequestId(), extended.getExtendedAt())) {
                upsert.setLong(4, extended.getDueAt().toEpochMilli());
                upsert.setString(5, extended.getReason().name());
                upsert.executeUpdate();
            }
        } else if (event instanceof RightsRequestDecided decided) {
            try (PreparedStatement upsert =
                    of(connection, DECIDED, decided.getSignupId(), decided.getRequestId(), decided.getDecidedAt())) {
                upsert.setString(4, decided.getDecision().name());
                upsert.setString(5, decided.getGround().name());
                upsert.executeUpdate();
            }
        }
    }

    /** A statement whose first three parameters are signup, request and time. */
    private PreparedStatement of(Connection connection, String statement, SignupId signup, RandomId request, Instant at)
            throws SQLException {
        PreparedStatement prepared = preparing.prepare(connection, statement);
        prepared.setBytes(1, signup.bytes());
        prepared.setBytes(2, request.bytes());
        prepared.setLong(3, at.toEpochMilli());
        return prepared;
    }

    private void writeRequested(Connection connection, RightsRequested requested) throws SQLException {
        try (PreparedStatement upsert = preparing.prepare(connection, REQUESTED)) {
            upsert.setBytes(1, requested.getSignupId().bytes());
            upsert.setBytes(2, requested.getRequestId().bytes());
            upsert.setString(3, requested.getType().name());
            upsert.setLong(4, requested.getRequestedAt().toEpochMilli());
            upsert.setLong(5, requested.getDueAt().toEpochMilli());
            upsert.setString(6, requested.getMethod().name());
            upsert.setString(
                    7,
                    requested.getFound() == null ? null : requested.getFound().name());
            if (requested.getSealedAs() == null) {
                upsert.setNull(8, Types.BINARY);
            } else {
                upsert.setBytes(8, requested.getSealedAs().bytes());
            }
            upsert.executeUpdate();
        }
        if (toldByNotice(requested.getType()) && requested.getFound() == HoldingFound.HANDOFF_STARTED) {
            writeInProgress(
                    connection,
                    requested.getSignupId().bytes(),
                    requested.getRequestId().bytes());
        }
    }

    /** Access and portability are answered here; a rectification is delivered to its recipient as a sealed record. */
    private static boolean toldByNotice(RightsType type) {
        return type == RightsType.ERASURE || type == RightsType.RESTRICTION || type == RightsType.OBJECTION;
    }

    private void writeNotice(Connection connection, SpecificRecord event) throws SQLException {
        if (event instanceof NoticeSent sent) {
            try (PreparedStatement upsert = ofNotice(
                    connection,
                    NOTICE_SENT,
                    sent.getSignupId(),
                    sent.getBroker(),
                    sent.getType(),
                    NoticeCause.column(sent.getRequestId()))) {
                upsert.setInt(5, sent.getAttempt());
                upsert.setLong(6, sent.getSentAt().toEpochMilli());
                upsert.setString(7, sent.getOutcome().name());
                if (sent.getNotBefore() == null) {
                    upsert.setNull(8, Types.BIGINT);
                } else {
                    upsert.setLong(8, sent.getNotBefore().toEpochMilli());
                }
                upsert.executeUpdate();
            }
        } else if (event instanceof NoticeRefused refused) {
            try (PreparedStatement upsert = ofNotice(
                    connection,
                    NOTICE_REFUSED,
                    refused.getSignupId(),
                    refused.getBroker(),
                    refused.getType(),
                    NoticeCause.column(refused.getRequestId()))) {
                upsert.setLong(5, refused.getRefusedAt().toEpochMilli());
                upsert.setString(6, refused.getGround().name());
                upsert.executeUpdate();
            }
        } else if (event instanceof NoticeConfirmed confirmed) {
            try (PreparedStatement upsert = ofNotice(
                    connection,
                    firstTime("confirmed_at"),
                    confirmed.getSignupId(),
                    confirmed.getBroker(),
                    confirmed.getType(),
                    NoticeCause.column(confirmed.getRequestId()))) {
                upsert.setLong(5, confirmed.getConfirmedAt().toEpochMilli());
                upsert.executeUpdate();
            }
        } else if (event instanceof NoticeEscalated escalated) {
            try (PreparedStatement upsert = ofNotice(
                    connection,
                    firstTime(column(escalated.getReason())),
                    escalated.getSignupId(),
                    escalated.getBroker(),
                    escalated.getType(),
                    NoticeCause.column(escalated.getRequestId()))) {
                upsert.setLong(5, escalated.getEscalatedAt().toEpochMilli());
                upsert.executeUpdate();
            }
        }
    }

    /** A statement whose first four parameters identify a notice. */
    private PreparedStatement ofNotice(
            Connection connection, String statement, SignupId signup, String broker, NoticeType type, byte[] request)
            throws SQLException {
        PreparedStatement prepared = preparing.prepare(connection, statement);
        prepared.setBytes(1, signup.bytes());
        prepared.setString(2, broker);
        prepared.setString(3, type.name());
        prepared.setBytes(4, request);
        return prepared;
    }

    private static String column(EscalationReason reason) {
        return switch (reason) {
            case NO_ENDPOINT -> "no_endpoint_at";
            case SILENT -> "silent_at";
            case GIVEN_UP -> "given_up_at";
        };
    }

    /** The first time stays. */
    private static String firstTime(String column) {
        return "INSERT INTO notice (signup_id, broker, type, request_id, " + column
                + ") VALUES (?, ?, ?, ?, ?) ON CONFLICT (signup_id, broker, type, request_id) DO UPDATE SET " + column
                + " = excluded." + column + " WHERE notice." + column + " IS NULL";
    }
}
