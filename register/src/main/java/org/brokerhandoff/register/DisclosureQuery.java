package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.schemas.SignupIds;

/** Reads requests for disclosure. A request without its entry, of which the log has only later events, is ignored. */
final class DisclosureQuery {
    private static final String ENTERED = "SELECT * FROM disclosure_request WHERE requested_at IS NOT NULL";
    private static final String OF_SIGNUP = ENTERED + " AND signup_id = ? ORDER BY requested_at, request_id";
    /** No index: they are few, and SQLite's indices would be lost when tables are exchanged. */
    private static final String OF_ID = ENTERED + " AND request_id = ? ORDER BY requested_at, signup_id LIMIT 1";

    private static final String NEWEST = ENTERED + " ORDER BY requested_at DESC, request_id DESC LIMIT ?";
    /** Including released ones: their prolongation is reverted. */
    private static final String PRESERVED = ENTERED + " AND preserved_until > ? ORDER BY signup_id, request_id";

    private static final String QUESTIONS = "SELECT * FROM disclosure_question"
            + " WHERE signup_id = ? AND request_id = ? AND asked_at IS NOT NULL ORDER BY asked_at, question_id";

    private DisclosureQuery() {}

    static List<Disclosure> ofSignup(Connection connection, UUID signupId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OF_SIGNUP)) {
            query.setBytes(1, SignupIds.bytes(signupId));
            return read(connection, query);
        }
    }

    static Optional<Disclosure> ofId(Connection connection, UUID requestId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OF_ID)) {
            query.setBytes(1, SignupIds.bytes(requestId));
            return read(connection, query).stream().findFirst();
        }
    }

    static List<Disclosure> newest(Connection connection, int most) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NEWEST)) {
            query.setInt(1, most);
            return read(connection, query);
        }
    }

    static List<Disclosure> preservedAfter(Connection connection, Instant time) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(PRESERVED)) {
            query.setLong(1, time.toEpochMilli());
            return read(connection, query);
        }
    }

    private static List<Disclosure> read(Connection connection, PreparedStatement query) throws SQLException {
        List<Disclosure> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery();
                PreparedStatement questions = connection.prepareStatement(QUESTIONS)) {
            while (row.next()) {
                byte[] signupId = row.getBytes("signup_id");
                byte[] requestId = row.getBytes("request_id");
                questions.setBytes(1, signupId);
                questions.setBytes(2, requestId);
                found.add(new Disclosure(
                        SignupIds.uuid(signupId),
                        SignupIds.uuid(requestId),
                        entered(row),
                        questions(questions),
                        decision(row),
                        release(row)));
            }
        }
        return found;
    }

    private static Disclosure.Entered entered(ResultSet row) throws SQLException {
        return new Disclosure.Entered(
                StatusQuery.instant(row, "requested_at"),
                DisclosureRequester.valueOf(row.getString("requester")),
                row.getString("country"),
                DisclosureBasis.valueOf(row.getString("basis")),
                StatusQuery.list(row, "scope", DisclosureScope::valueOf),
                row.getInt("preservation") == 1,
                Optional.ofNullable(row.getBytes("sealed_as")).map(SignupIds::uuid),
                row.getString("actor"),
                StatusQuery.time(row, "preserve_until"));
    }

    private static Optional<Disclosure.Release> release(ResultSet row) throws SQLException {
        Optional<Instant> at = StatusQuery.time(row, "released_at");
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(new Disclosure.Release(at.get(), row.getString("release_actor")));
    }

    private static Optional<Disclosure.Decision> decision(ResultSet row) throws SQLException {
        return row.getString("decision") == null
                ? Optional.empty()
                : Optional.of(new Disclosure.Decision(
                        StatusQuery.instant(row, "decided_at"),
                        RequestDecision.valueOf(row.getString("decision")),
                        DisclosureGround.valueOf(row.getString("ground")),
                        row.getString("decision_actor"),
                        StatusQuery.time(row, "preserved_until")));
    }

    private static List<Disclosure.Question> questions(PreparedStatement query) throws SQLException {
        List<Disclosure.Question> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.add(new Disclosure.Question(
                        SignupIds.uuid(row.getBytes("question_id")),
                        StatusQuery.instant(row, "asked_at"),
                        StatusQuery.instant(row, "answer_by"),
                        row.getString("actor"),
                        answer(row)));
            }
        }
        return found;
    }

    private static Optional<Disclosure.Answer> answer(ResultSet row) throws SQLException {
        return row.getString("method") == null
                ? Optional.empty()
                : Optional.of(new Disclosure.Answer(
                        StatusQuery.instant(row, "answered_at"),
                        row.getInt("consented") == 1,
                        RequestMethod.valueOf(row.getString("method")),
                        Optional.ofNullable(row.getString("answer_actor"))));
    }
}
