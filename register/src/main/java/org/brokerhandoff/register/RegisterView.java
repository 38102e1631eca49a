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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SignupIds;

/** Queries of the register through one connection. Its methods throw {@link RegisterUnavailable} if the database fails. */
public final class RegisterView {
    private static final String POSITIONS = "SELECT topic, partition_number, next_offset FROM projected_position";

    private final Connection connection;

    RegisterView(Connection connection) {
        this.connection = connection;
    }

    /** The status of {@code signupId}; empty as long as its consent is not projected. */
    public Optional<SignupStatus> status(UUID signupId) {
        return read("the status of a signup cannot be read", () -> {
            try (PreparedStatement query = connection.prepareStatement(StatusQuery.SQL)) {
                query.setBytes(1, SignupIds.bytes(signupId));
                try (ResultSet row = query.executeQuery()) {
                    // The notices come second: a withdrawal must not be shown without the brokers that must be
                    // notified.
                    return row.next() ? StatusQuery.status(signupId, row, owed(signupId)) : Optional.empty();
                }
            }
        });
    }

    private List<OwedNotice> owed(UUID signupId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NoticeQuery.WITHDRAWAL)) {
            query.setBytes(1, NoticeCause.withdrawal(signupId).requestColumn());
            query.setBytes(2, SignupIds.bytes(signupId));
            try (ResultSet row = query.executeQuery()) {
                return NoticeQuery.inProgress(row).stream()
                        .flatMap(withdrawal -> withdrawal.notices().stream())
                        .toList();
            }
        }
    }

    /** The requests about a signup, the earliest first. */
    public List<RightsRequest> requests(UUID signupId) {
        return read(
                "the requests as to a signup cannot be read",
                () -> RequestQuery.requests(connection, signupId, this::status));
    }

    /** The unanswered requests, the first due first. */
    public List<OpenRightsRequest> openRequests() {
        return read("the open requests cannot be read", () -> RequestQuery.open(connection));
    }

    /**
     * The owners of those {@code ids} that are known: of signups whose acceptance is projected, and of the new data of rectifications.
     *
     * @param ids a few hundred at most
     */
    public Map<UUID, SignupOwner> owners(Collection<UUID> ids) {
        return read("the owners of signups cannot be read", () -> {
            Map<UUID, SignupOwner> owners = new HashMap<>();
            if (ids.isEmpty()) {
                return owners;
            }
            String marks = String.join(",", Collections.nCopies(ids.size(), "?"));
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT signup_id, owner FROM signup WHERE received_at IS NOT NULL AND signup_id IN (" + marks
                            + ")")) {
                int index = 0;
                for (UUID id : ids) {
                    query.setBytes(++index, SignupIds.bytes(id));
                }
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        owners.put(
                                SignupIds.uuid(row.getBytes(1)),
                                new SignupOwner(Optional.ofNullable(row.getString(2)), Optional.empty()));
                    }
                }
            }
            // Last: new data has a row like a signup's, but is reported under the signup that it corrects.
            owners.putAll(RequestQuery.ownersOfNewData(connection, ids));
            return owners;
        });
    }

    /** Whether a purge of {@code signupId} is projected, even if it was never accepted. */
    public boolean purged(UUID signupId) {
        return read("the purge of a signup cannot be read", () -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT 1 FROM signup WHERE signup_id = ? AND purged_at IS NOT NULL")) {
                query.setBytes(1, SignupIds.bytes(signupId));
                try (ResultSet row = query.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /**
     * Number of signups without a purge at {@code now}, after the time that was promised, or that a preservation order set. After a release
     * the longest possible reserve is granted.
     */
    public int overduePurges(Instant now) {
        return read("the overdue purges cannot be counted", () -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT COUNT(*) FROM signup WHERE purged_at IS NULL AND erase_by < ?"
                            + " AND NOT EXISTS (SELECT 1 FROM disclosure_request held"
                            + " WHERE held.signup_id = signup.signup_id AND held.preserved_until >= ?"
                            + " AND (held.released_at IS NULL OR held.released_at >= ?))")) {
                query.setLong(1, now.toEpochMilli());
                query.setLong(2, now.toEpochMilli());
                query.setLong(3, now.minus(HoldTimes.MOST_RESERVE).toEpochMilli());
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    /** The requests that data of {@code signupId} be disclosed, the earliest first. */
    public List<Disclosure> disclosures(UUID signupId) {
        return read("the requests for disclosure cannot be read", () -> DisclosureQuery.ofSignup(connection, signupId));
    }

    /** The request for disclosure of that id. */
    public Optional<Disclosure> disclosure(UUID requestId) {
        return read("a request for disclosure cannot be read", () -> DisclosureQuery.ofId(connection, requestId));
    }

    /** The {@code most} newest requests for disclosure, the newest first. */
    public List<Disclosure> newestDisclosures(int most) {
        return read("the requests for disclosure cannot be read", () -> DisclosureQuery.newest(connection, most));
    }

    /** The requests that order a signup to be kept beyond {@code time}, including released ones. */
    public List<Disclosure> preservedAfter(Instant time) {
        return read("the preservation orders cannot be read", () -> DisclosureQuery.preservedAfter(connection, time));
    }

    /** The current choice of cookies of a visitor of {@code owner}'s website; empty if there is none. */
    public Optional<PresentCookieChoice> cookieChoice(UUID visitor, String owner) {
        return read("a choice of cookies cannot be read", () -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT accepted, document_digest, method, chosen_at, recorded_at"
                            + " FROM cookie_choice WHERE visitor_id = ? AND owner = ?")) {
                query.setBytes(1, SignupIds.bytes(visitor));
                query.setString(2, owner);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new PresentCookieChoice(
                                    StatusQuery.list(row, "accepted", CookieKind::valueOf),
                                    Optional.ofNullable(row.getBytes("document_digest"))
                                            .map(Digest::new)
                                            .map(Digests::hex),
                                    CookieChoiceMethod.valueOf(row.getString("method")),
                                    StatusQuery.instant(row, "chosen_at"),
                                    StatusQuery.instant(row, "recorded_at")))
                            : Optional.empty();
                }
            }
        });
    }

    /** The ids of all brokers in any published version of the directory. */
    public Set<String> brokers() {
        return read("the brokers cannot be read", () -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT id FROM broker")) {
                Set<String> ids = new HashSet<>();
                while (row.next()) {
                    ids.add(row.getString(1));
                }
                return Set.copyOf(ids);
            }
        });
    }

    /** The entries of {@code ids} in the newest published directories that have them, in the order of the ids. */
    public List<PublishedRecipient> recipients(Collection<String> ids) {
        return read("the recipients cannot be read", () -> {
            List<PublishedRecipient> found = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT name, privacy_policy, contact, role FROM broker WHERE id = ?")) {
                for (String id : ids) {
                    query.setString(1, id);
                    try (ResultSet row = query.executeQuery()) {
                        if (row.next()) {
                            found.add(new PublishedRecipient(
                                    id,
                                    row.getString(1),
                                    row.getString(2),
                                    Optional.ofNullable(row.getString(3)),
                                    Optional.ofNullable(row.getString(4)).map(RecipientRole::valueOf)));
                        }
                    }
                }
            }
            return found;
        });
    }

    /** All published documents, by kind, version and language. */
    public List<PublishedPolicy> policies() {
        return read("the policies cannot be read", () -> {
            List<PublishedPolicy> policies = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT kind, version, language, digest, effective_at,"
                            + " published_at FROM policy ORDER BY kind, version, language")) {
                while (row.next()) {
                    policies.add(new PublishedPolicy(
                            DocumentKind.valueOf(row.getString(1)),
                            row.getString(2),
                            row.getString(3),
                            new Digest(row.getBytes(4)),
                            StatusQuery.instant(row, "effective_at"),
                            StatusQuery.instant(row, "published_at")));
                }
            }
            return policies;
        });
    }

    /** The withdrawals and requests after an offer that were not ended, by signup and request. */
    List<NoticesInProgress> noticesInProgress() {
        return read("pending notices cannot be read", () -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(NoticeQuery.IN_PROGRESS)) {
                return NoticeQuery.inProgress(row);
            }
        });
    }

    /** Projected position of each partition. */
    SortedMap<LogPartition, Long> positions() {
        return read("positions cannot be read", () -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(POSITIONS)) {
                return positions(row);
            }
        });
    }

    /** Projected position of each partition; empty if the register is of another log. */
    SortedMap<LogPartition, Long> positions(LogSource source) {
        return read("positions cannot be read", () -> {
            try (PreparedStatement query = connection.prepareStatement(
                    POSITIONS + " WHERE EXISTS (SELECT 1 FROM log_source WHERE cluster_id = ? AND topic_prefix = ?)")) {
                query.setString(1, source.clusterId());
                query.setString(2, source.topicPrefix());
                try (ResultSet row = query.executeQuery()) {
                    return positions(row);
                }
            }
        });
    }

    private static SortedMap<LogPartition, Long> positions(ResultSet row) throws SQLException {
        SortedMap<LogPartition, Long> positions = new TreeMap<>();
        while (row.next()) {
            String name = row.getString(1);
            int partition = row.getInt(2);
            long next = row.getLong(3);
            Register.keptTopics().stream()
                    .filter(topic -> topic.name("").equals(name))
                    .forEach(topic -> positions.put(new LogPartition(topic, partition), next));
        }
        return positions;
    }

    private interface Query<T> {
        T answer() throws SQLException;
    }

    private static <T> T read(String failure, Query<T> query) {
        try {
            return query.answer();
        } catch (SQLException e) {
            throw new RegisterUnavailable(failure, e);
        }
    }
}
