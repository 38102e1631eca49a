package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.schemas.SignupIds;

/** The statements that change one set of the register's tables, within the caller's transaction. */
final class RegisterWriter {
    /** Writes the serving tables. */
    static final RegisterWriter SERVING = new RegisterWriter("");

    private static final String ADVANCE = "UPDATE projected_position SET next_offset = ?"
            + " WHERE topic = ? AND partition_number = ? AND next_offset = ?";
    private static final String BEGIN_POSITION = "INSERT INTO projected_position (topic, partition_number, next_offset)"
            + " VALUES (?, ?, ?) ON CONFLICT (topic, partition_number) DO NOTHING";
    private static final String SOURCE =
            "INSERT INTO log_source (id, cluster_id, topic_prefix)" + " VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING";
    private static final String REFUSAL = "INSERT INTO refusal (signup_id, broker, refused_at, reason, attempt)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (signup_id, broker) DO UPDATE SET attempt = excluded.attempt"
            + " WHERE refusal.attempt < excluded.attempt";
    private static final String ASSIGNMENT = "INSERT INTO assignment (signup_id, broker, assigned_at)"
            + " VALUES (?, ?, ?) ON CONFLICT (signup_id, broker) DO NOTHING";
    private static final String RELEASE =
            "INSERT INTO released_assignment (signup_id, broker, released_at, reason, attempts)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (signup_id, broker) DO UPDATE SET attempts = excluded.attempts"
                    + " WHERE released_assignment.attempts < excluded.attempts";
    private static final String UNDECIDED = "INSERT INTO undecided_attempt (signup_id, broker, attempt)"
            + " VALUES (?, ?, ?) ON CONFLICT (signup_id, broker) DO UPDATE SET attempt = excluded.attempt"
            + " WHERE undecided_attempt.attempt < excluded.attempt";
    // A version is published once. Two different texts under one version could only be in two partitions, which have no
    // order: the earlier one stays, whichever is projected first.
    private static final String POLICY =
            "INSERT INTO policy (kind, version, language, digest, effective_at, published_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, version, language) DO UPDATE SET"
                    + " digest = excluded.digest, effective_at = excluded.effective_at, published_at = excluded.published_at"
                    + " WHERE excluded.published_at < policy.published_at"
                    + " OR excluded.published_at = policy.published_at AND excluded.digest < policy.digest";
    // The newest in the log counts. A late repeat of a request must not restore what the visitor has refused since, so
    // an acceptance counts only if it was chosen no earlier; a refusal always does.
    private static final String COOKIE_CHOICE =
            "INSERT INTO cookie_choice (visitor_id, owner, accepted, document_digest,"
                    + " method, chosen_at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (visitor_id, owner) DO UPDATE SET"
                    + " accepted = excluded.accepted, document_digest = excluded.document_digest, method = excluded.method,"
                    + " chosen_at = excluded.chosen_at, recorded_at = excluded.recorded_at"
                    + " WHERE excluded.accepted = '' OR excluded.chosen_at >= cookie_choice.chosen_at";
    private static final String BROKER = "INSERT INTO broker (id, name, privacy_policy, published_at, directory_digest,"
            + " cookie_policy, contact, role) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            + " privacy_policy = excluded.privacy_policy, published_at = excluded.published_at,"
            + " directory_digest = excluded.directory_digest, cookie_policy = excluded.cookie_policy,"
            + " contact = excluded.contact, role = excluded.role"
            + " WHERE excluded.published_at > broker.published_at"
            + " OR excluded.published_at = broker.published_at AND excluded.directory_digest > broker.directory_digest";

    private final String prefix;
    private final RequestWriter requests = new RequestWriter(this::prepare);

    /** Writes the tables whose names begin with {@code prefix}. */
    RegisterWriter(String prefix) {
        this.prefix = prefix;
    }

    /** The statement for this set's table; within the statement the table keeps its usual name. */
    private PreparedStatement prepare(Connection connection, String statement) throws SQLException {
        return connection.prepareStatement(
                statement.startsWith("UPDATE ")
                        ? statement.replaceFirst("UPDATE ", "UPDATE " + prefix)
                        : statement.replaceFirst("INSERT INTO (\\w+)", "INSERT INTO " + prefix + "$1 AS $1"));
    }

    /**
     * A partition's step from one position to the next.
     *
     * @param from the position that the events were read from
     * @param to the position after the last of them
     */
    record Step(long from, long to) {}

    /**
     * Advances positions, each if it is still where the events were read from. The row locks block a second process until the transaction
     * ends; it then finds the positions moved.
     *
     * @throws PositionMoved if one is not
     */
    void advance(Connection connection, SortedMap<LogPartition, Step> steps) throws SQLException, PositionMoved {
        try (PreparedStatement update = prepare(connection, ADVANCE)) {
            for (Map.Entry<LogPartition, Step> step : steps.entrySet()) {
                update.setLong(1, step.getValue().to());
                update.setString(2, step.getKey().topic().name(""));
                update.setInt(3, step.getKey().partition());
                update.setLong(4, step.getValue().from());
                update.addBatch();
            }
            for (int updated : update.executeBatch()) {
                if (updated != 1) {
                    throw new PositionMoved();
                }
            }
        }
    }

    /** Writes the source log, unless already written. */
    void source(Connection connection, LogSource source) throws SQLException {
        try (PreparedStatement insert = prepare(connection, SOURCE)) {
            insert.setString(1, source.clusterId());
            insert.setString(2, source.topicPrefix());
            insert.executeUpdate();
        }
    }

    /** Writes positions of partitions that have none. */
    void begin(Connection connection, SortedMap<LogPartition, Long> positions) throws SQLException {
        try (PreparedStatement insert = prepare(connection, BEGIN_POSITION)) {
            for (Map.Entry<LogPartition, Long> position : positions.entrySet()) {
                insert.setString(1, position.getKey().topic().name(""));
                insert.setInt(2, position.getKey().partition());
                insert.setLong(3, position.getValue());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    void write(Connection connection, EventBatch batch) throws SQLException {
        writeSignups(connection, batch.signups());
        requests.write(connection, batch);
        if (!batch.assignments().isEmpty()) {
            writeAssignments(connection, batch);
        }
        if (!batch.refusals().isEmpty()) {
            writeRefusals(connection, batch);
        }
        for (Released released : batch.releases()) {
            writeRelease(connection, released);
        }
        for (AttemptMade made : batch.undecided()) {
            writeUndecided(connection, made);
        }
        for (PolicyPublished policy : batch.policies()) {
            writePolicy(connection, policy);
        }
        if (!batch.cookieChoices().isEmpty()) {
            writeCookieChoices(connection, batch.cookieChoices());
        }
        new DisclosureWriter(this::prepare).write(connection, batch.disclosures());
        for (DirectoryPublished directory : batch.directories()) {
            writeDirectory(connection, directory);
        }
    }

    private void writeSignups(Connection connection, Map<UUID, SignupFacts> signups) throws SQLException {
        // Ids begin with their time: sorted, the rows of one batch are adjacent in the table's tree.
        List<Map.Entry<UUID, SignupFacts>> rows = new ArrayList<>(signups.entrySet());
        rows.sort(Map.Entry.comparingByKey());
        PreparedStatement[] upserts = new PreparedStatement[FactColumns.combinations()];
        try {
            for (Map.Entry<UUID, SignupFacts> row : rows) {
                SignupFacts facts = row.getValue();
                int combination = FactColumns.combination(facts);
                PreparedStatement upsert = upserts[combination];
                if (upsert == null) {
                    upsert = prepare(connection, FactColumns.upsert(combination));
                    upserts[combination] = upsert;
                }
                upsert.setBytes(1, SignupIds.bytes(row.getKey()));
                FactColumns.bindAll(combination, facts, upsert);
                upsert.addBatch();
            }
            for (PreparedStatement upsert : upserts) {
                if (upsert != null) {
                    upsert.executeBatch();
                }
            }
        } finally {
            for (PreparedStatement upsert : upserts) {
                if (upsert != null) {
                    upsert.close();
                }
            }
        }
    }

    private void writeAssignments(Connection connection, EventBatch batch) throws SQLException {
        try (PreparedStatement insert = prepare(connection, ASSIGNMENT)) {
            for (Assigned assigned : batch.assignments()) {
                insert.setBytes(1, assigned.getSignupId().bytes());
                insert.setString(2, assigned.getBroker());
                insert.setLong(3, assigned.getDecidedAt().toEpochMilli());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void writeRelease(Connection connection, Released released) throws SQLException {
        try (PreparedStatement insert = prepare(connection, RELEASE)) {
            insert.setBytes(1, released.getSignupId().bytes());
            insert.setString(2, released.getBroker());
            insert.setLong(3, released.getReleasedAt().toEpochMilli());
            insert.setString(4, released.getReason().name());
            // Older events without the number cover everything.
            insert.setInt(5, released.getAttempts() == 0 ? Integer.MAX_VALUE : released.getAttempts());
            insert.executeUpdate();
        }
    }

    private void writeUndecided(Connection connection, AttemptMade made) throws SQLException {
        try (PreparedStatement insert = prepare(connection, UNDECIDED)) {
            insert.setBytes(1, made.getSignupId().bytes());
            insert.setString(2, made.getBroker());
            insert.setInt(3, made.getAttempt());
            insert.executeUpdate();
        }
    }

    private void writeRefusals(Connection connection, EventBatch batch) throws SQLException {
        try (PreparedStatement insert = prepare(connection, REFUSAL)) {
            for (Refused refused : batch.refusals()) {
                insert.setBytes(1, refused.getSignupId().bytes());
                insert.setString(2, refused.getBroker());
                insert.setLong(3, refused.getRefusedAt().toEpochMilli());
                insert.setString(4, refused.getReason().name());
                insert.setInt(5, refused.getAttempt());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void writePolicy(Connection connection, PolicyPublished policy) throws SQLException {
        try (PreparedStatement upsert = prepare(connection, POLICY)) {
            upsert.setString(1, policy.getKind().name());
            upsert.setString(2, policy.getVersion());
            upsert.setString(3, policy.getLanguage());
            upsert.setBytes(4, policy.getDigest().bytes());
            upsert.setLong(5, policy.getEffectiveAt().toEpochMilli());
            upsert.setLong(6, policy.getPublishedAt().toEpochMilli());
            upsert.executeUpdate();
        }
    }

    private void writeCookieChoices(Connection connection, List<CookieChoice> choices) throws SQLException {
        try (PreparedStatement upsert = prepare(connection, COOKIE_CHOICE)) {
            for (CookieChoice choice : choices) {
                upsert.setBytes(1, choice.getVisitorId().bytes());
                upsert.setString(2, choice.getOwner());
                upsert.setString(
                        3, choice.getAccepted().stream().map(CookieKind::name).collect(Collectors.joining(",")));
                if (choice.getDocumentDigest() == null) {
                    upsert.setNull(4, Types.BINARY);
                } else {
                    upsert.setBytes(4, choice.getDocumentDigest().bytes());
                }
                upsert.setString(5, choice.getMethod().name());
                upsert.setLong(6, choice.getChosenAt().toEpochMilli());
                upsert.setLong(7, choice.getRecordedAt().toEpochMilli());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private void writeDirectory(Connection connection, DirectoryPublished directory) throws SQLException {
        try (PreparedStatement upsert = prepare(connection, BROKER)) {
            for (PublishedBroker broker : directory.getBrokers()) {
                upsert.setString(1, broker.getId());
                upsert.setString(2, broker.getName());
                upsert.setString(3, broker.getPrivacyPolicy());
                upsert.setLong(4, directory.getPublishedAt().toEpochMilli());
                upsert.setBytes(5, directory.getDigest().bytes());
                upsert.setString(6, broker.getCookiePolicy());
                upsert.setString(7, broker.getContact());
                upsert.setString(
                        8, broker.getRole() == null ? null : broker.getRole().name());
                upsert.executeUpdate();
            }
        }
    }
}
