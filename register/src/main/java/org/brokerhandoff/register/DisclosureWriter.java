package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.SignupId;
import org.jspecify.annotations.Nullable;

/** The statements about requests for disclosure. Each event fills its own columns, and the first of a kind stays. */
final class DisclosureWriter {
    private static final String REQUESTED = "INSERT INTO disclosure_request (signup_id, request_id, requested_at,"
            + " requester, country, basis, scope, preservation, sealed_as, actor, preserve_until)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
            + " requested_at = excluded.requested_at, requester = excluded.requester, country = excluded.country,"
            + " basis = excluded.basis, scope = excluded.scope, preservation = excluded.preservation,"
            + " sealed_as = excluded.sealed_as, actor = excluded.actor, preserve_until = excluded.preserve_until"
            + " WHERE disclosure_request.requested_at IS NULL";
    private static final String DECIDED = "INSERT INTO disclosure_request (signup_id, request_id, decided_at, decision,"
            + " ground, decision_actor, preserved_until) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
            + " decided_at = excluded.decided_at, decision = excluded.decision, ground = excluded.ground,"
            + " decision_actor = excluded.decision_actor, preserved_until = excluded.preserved_until"
            + " WHERE disclosure_request.decided_at IS NULL";
    private static final String RELEASED = "INSERT INTO disclosure_request (signup_id, request_id, released_at,"
            + " release_actor) VALUES (?, ?, ?, ?) ON CONFLICT (signup_id, request_id) DO UPDATE SET"
            + " released_at = excluded.released_at, release_actor = excluded.release_actor"
            + " WHERE disclosure_request.released_at IS NULL";
    private static final String ASKED = "INSERT INTO disclosure_question (signup_id, request_id, question_id, asked_at,"
            + " answer_by, actor) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (signup_id, request_id, question_id) DO UPDATE SET"
            + " asked_at = excluded.asked_at, answer_by = excluded.answer_by, actor = excluded.actor"
            + " WHERE disclosure_question.asked_at IS NULL";
    private static final String ANSWERED = "INSERT INTO disclosure_question (signup_id, request_id, question_id,"
            + " answered_at, consented, method, answer_actor) VALUES (?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (signup_id, request_id, question_id) DO UPDATE SET answered_at = excluded.answered_at,"
            + " consented = excluded.consented, method = excluded.method, answer_actor = excluded.answer_actor"
            + " WHERE disclosure_question.answered_at IS NULL";

    private final RequestWriter.Preparing preparing;

    /** Writes with statements that {@code preparing} prepares. */
    DisclosureWriter(RequestWriter.Preparing preparing) {
        this.preparing = preparing;
    }

    void write(Connection connection, List<SpecificRecord> events) throws SQLException {
        for (SpecificRecord event : events) {
            if (event instanceof DisclosureRequested requested) {
                write(connection, requested);
            } else if (event instanceof DisclosureQuestionAsked asked) {
                write(connection, asked);
            } else if (event instanceof DisclosureQuestionAnswered answered) {
                write(connection, answered);
            } else if (event instanceof DisclosureDecided decided) {
                write(connection, decided);
            } else if (event instanceof PreservationReleased released) {
                write(connection, released);
            }
        }
    }

    private void write(Connection connection, DisclosureRequested requested) throws SQLException {
        try (PreparedStatement upsert = of(connection, REQUESTED, requested.getSignupId(), requested.getRequestId())) {
            time(upsert, 3, requested.getRequestedAt());
            upsert.setString(4, requested.getRequester().name());
            upsert.setString(5, requested.getCountry());
            upsert.setString(6, requested.getBasis().name());
            upsert.setString(
                    7, requested.getScope().stream().map(DisclosureScope::name).collect(Collectors.joining(",")));
            upsert.setInt(8, requested.getPreservation() ? 1 : 0);
            if (requested.getSealedAs() == null) {
                upsert.setNull(9, Types.BINARY);
            } else {
                upsert.setBytes(9, requested.getSealedAs().bytes());
            }
            upsert.setString(10, requested.getActor());
            timeOrNull(upsert, 11, requested.getPreserveUntil());
            upsert.executeUpdate();
        }
    }

    private void write(Connection connection, DisclosureQuestionAsked asked) throws SQLException {
        try (PreparedStatement upsert = of(connection, ASKED, asked.getSignupId(), asked.getRequestId())) {
            upsert.setBytes(3, asked.getQuestionId().bytes());
            time(upsert, 4, asked.getAskedAt());
            time(upsert, 5, asked.getAnswerBy());
            upsert.setString(6, asked.getActor());
            upsert.executeUpdate();
        }
    }

    private void write(Connection connection, DisclosureQuestionAnswered answered) throws SQLException {
        try (PreparedStatement upsert = of(connection, ANSWERED, answered.getSignupId(), answered.getRequestId())) {
            upsert.setBytes(3, answered.getQuestionId().bytes());
            time(upsert, 4, answered.getAnsweredAt());
            upsert.setInt(5, answered.getConsented() ? 1 : 0);
            upsert.setString(6, answered.getMethod().name());
            upsert.setString(7, answered.getActor());
            upsert.executeUpdate();
        }
    }

    private void write(Connection connection, DisclosureDecided decided) throws SQLException {
        try (PreparedStatement upsert = of(connection, DECIDED, decided.getSignupId(), decided.getRequestId())) {
            time(upsert, 3, decided.getDecidedAt());
            upsert.setString(4, decided.getDecision().name());
            upsert.setString(5, decided.getGround().name());
            upsert.setString(6, decided.getActor());
            timeOrNull(upsert, 7, decided.getPreservedUntil());
            upsert.executeUpdate();
        }
    }

    private void write(Connection connection, PreservationReleased released) throws SQLException {
        try (PreparedStatement upsert = of(connection, RELEASED, released.getSignupId(), released.getRequestId())) {
            time(upsert, 3, released.getReleasedAt());
            upsert.setString(4, released.getActor());
            upsert.executeUpdate();
        }
    }

    /** A statement whose first two parameters are signup and request. */
    private PreparedStatement of(Connection connection, String statement, SignupId signup, RandomId request)
            throws SQLException {
        PreparedStatement prepared = preparing.prepare(connection, statement);
        prepared.setBytes(1, signup.bytes());
        prepared.setBytes(2, request.bytes());
        return prepared;
    }

    private static void timeOrNull(PreparedStatement to, int parameter, @Nullable Instant time) throws SQLException {
        if (time == null) {
            to.setNull(parameter, Types.BIGINT);
        } else {
            time(to, parameter, time);
        }
    }

    private static void time(PreparedStatement to, int parameter, Instant time) throws SQLException {
        to.setLong(parameter, time.toEpochMilli());
    }
}
