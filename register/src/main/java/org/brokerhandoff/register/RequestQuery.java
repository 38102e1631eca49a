package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.SignupIds;

/** Reads people's requests. */
final class RequestQuery {
    private static final String OF_SIGNUP =
            "SELECT * FROM rights_request WHERE signup_id = ? AND requested_at IS NOT NULL ORDER BY requested_at, request_id";

    /**
     * A request is open while a broker must be notified of it, and an objection until it is decided. One that found the data here ends with
     * the data: nothing is left to decide. A rectification is open until the holder has the new data or has refused it, it is superseded by a
     * newer one or a withdrawal, or it is decided: if its data expired, or was never accepted, the person must be notified.
     */
    private static final String OPEN = """
            SELECT request.signup_id, request.request_id, request.type, request.requested_at,
                COALESCE(request.extended_due_at, request.due_at) AS all_due_at
            FROM rights_request request
            WHERE request.requested_at IS NOT NULL AND (
                EXISTS (SELECT 1 FROM notice_in_progress open
                    WHERE open.signup_id = request.signup_id AND open.request_id = request.request_id)
                OR request.type = 'OBJECTION' AND request.decided_at IS NULL AND (request.found = 'HANDOFF_STARTED'
                    OR NOT EXISTS (SELECT 1 FROM signup
                        WHERE signup.signup_id = request.signup_id AND signup.purged_at IS NOT NULL))
                OR request.type = 'RECTIFICATION' AND request.decided_at IS NULL AND NOT EXISTS (SELECT 1 FROM signup
                    WHERE signup.signup_id = request.sealed_as AND (signup.delivered_broker IS NOT NULL
                        OR signup.undeliverable_at IS NOT NULL OR signup.withdrawn_at IS NOT NULL
                        OR signup.purge_reason IN ('DELIVERED', 'UNDELIVERABLE', 'WITHDRAWN'))))
            ORDER BY all_due_at, request.signup_id, request.request_id
            """;

    private RequestQuery() {}

    static List<OpenRightsRequest> open(Connection connection) throws SQLException {
        List<OpenRightsRequest> open = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OPEN)) {
            while (row.next()) {
                open.add(new OpenRightsRequest(
                        SignupIds.uuid(row.getBytes(1)),
                        SignupIds.uuid(row.getBytes(2)),
                        RightsType.valueOf(row.getString(3)),
                        StatusQuery.instant(row, "requested_at"),
                        StatusQuery.instant(row, "all_due_at")));
            }
        }
        return open;
    }

    /** Owners of the new data of rectifications, by the ids under which it is sealed. */
    static Map<UUID, SignupOwner> ownersOfNewData(Connection connection, Collection<UUID> sealedAs)
            throws SQLException {
        Map<UUID, SignupOwner> owners = new HashMap<>();
        String marks = String.join(",", Collections.nCopies(sealedAs.size(), "?"));
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT request.sealed_as, request.signup_id, request.request_id, signup.owner"
                        + " FROM rights_request request JOIN signup ON signup.signup_id = request.signup_id"
                        + " WHERE signup.received_at IS NOT NULL AND request.sealed_as IN (" + marks + ")")) {
            int index = 0;
            for (UUID id : sealedAs) {
                query.setBytes(++index, SignupIds.bytes(id));
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    owners.put(
                            SignupIds.uuid(row.getBytes(1)),
                            new SignupOwner(
                                    Optional.ofNullable(row.getString(4)),
                                    Optional.of(new SignupOwner.Rectified(
                                            SignupIds.uuid(row.getBytes(2)), SignupIds.uuid(row.getBytes(3))))));
                }
            }
        }
        return owners;
    }

    /** @param corrections status of the new data of rectifications */
    static List<RightsRequest> requests(
            Connection connection, UUID signupId, Function<UUID, Optional<SignupStatus>> corrections)
            throws SQLException {
        List<RightsRequest> requests = new ArrayList<>();
        Map<UUID, List<OwedNotice>> told = told(connection, signupId);
        try (PreparedStatement query = connection.prepareStatement(OF_SIGNUP)) {
            query.setBytes(1, SignupIds.bytes(signupId));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    UUID id = SignupIds.uuid(row.getBytes("request_id"));
                    requests.add(request(id, row, told.getOrDefault(id, List.of())));
                }
            }
        }
        return requests.stream().map(request -> followed(request, corrections)).toList();
    }

    private static RightsRequest followed(RightsRequest request, Function<UUID, Optional<SignupStatus>> corrections) {
        return new RightsRequest(
                request.requestId(),
                request.type(),
                request.requestedAt(),
                request.dueAt(),
                request.method(),
                request.found(),
                request.correction()
                        .map(correction -> new RightsRequest.Correction(
                                correction.sealedAs(), corrections.apply(correction.sealedAs()))),
                request.extension(),
                request.decision(),
                request.recipients());
    }

    private static Map<UUID, List<OwedNotice>> told(Connection connection, UUID signupId) throws SQLException {
        Map<UUID, List<OwedNotice>> told = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(NoticeQuery.REQUESTS)) {
            query.setBytes(1, SignupIds.bytes(signupId));
            try (ResultSet row = query.executeQuery()) {
                NoticeQuery.inProgress(row)
                        .forEach(each -> each.cause().requestId().ifPresent(id -> told.put(id, each.notices())));
            }
        }
        return told;
    }

    private static RightsRequest request(UUID id, ResultSet row, List<OwedNotice> told) throws SQLException {
        Optional<Instant> extendedDueAt = StatusQuery.time(row, "extended_due_at");
        Optional<Instant> decidedAt = StatusQuery.time(row, "decided_at");
        return new RightsRequest(
                id,
                RightsType.valueOf(row.getString("type")),
                StatusQuery.instant(row, "requested_at"),
                extendedDueAt.isPresent() ? extendedDueAt.get() : StatusQuery.instant(row, "due_at"),
                RequestMethod.valueOf(row.getString("method")),
                Optional.ofNullable(row.getString("found")).map(HoldingFound::valueOf),
                Optional.ofNullable(row.getBytes("sealed_as"))
                        .map(SignupIds::uuid)
                        .map(sealedAs -> new RightsRequest.Correction(sealedAs, Optional.empty())),
                extendedDueAt.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RightsRequest.Extension(
                                StatusQuery.instant(row, "extended_at"),
                                ExtensionReason.valueOf(row.getString("extension_reason")))),
                decidedAt.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RightsRequest.Decision(
                                decidedAt.get(),
                                RequestDecision.valueOf(row.getString("decision")),
                                RightsGround.valueOf(row.getString("ground")))),
                told);
    }
}
