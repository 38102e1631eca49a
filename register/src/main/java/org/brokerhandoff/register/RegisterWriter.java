package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.schemas.SignupIds;

/** The statements that change the register, within a transaction of the caller's. */
final class RegisterWriter {
    private static final String ADVANCE = "UPDATE projected_position SET next_offset = ?"
            + " WHERE topic = ? AND partition_number = ? AND next_offset = ?";
    private static final String BEGIN_POSITION = "INSERT INTO projected_position (topic, partition_number, next_offset)"
            + " VALUES (?, ?, ?) ON CONFLICT (topic, partition_number) DO NOTHING";
    private static final String REFUSAL = "INSERT INTO refusal (signup_id, broker, refused_at, reason)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT (signup_id, broker) DO NOTHING";
    // A version is published once. Two different texts under one version could only stand in two partitions, which have
    // no
    // order: the earlier one stays, whichever is projected first.
    private static final String POLICY = "INSERT INTO policy (version, language, digest, effective_at, published_at)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (version, language) DO UPDATE SET"
            + " digest = excluded.digest, effective_at = excluded.effective_at, published_at = excluded.published_at"
            + " WHERE excluded.published_at < policy.published_at"
            + " OR excluded.published_at = policy.published_at AND excluded.digest < policy.digest";
    private static final String BROKER = "INSERT INTO broker (id, name, privacy_policy, published_at, directory_digest)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            + " privacy_policy = excluded.privacy_policy, published_at = excluded.published_at,"
            + " directory_digest = excluded.directory_digest"
            + " WHERE excluded.published_at > broker.published_at"
            + " OR excluded.published_at = broker.published_at AND excluded.directory_digest > broker.directory_digest";

    private RegisterWriter() {}

    /**
     * A partition's step from one position to the next.
     *
     * @param from the position that the events were read from
     * @param to the position after the last of them
     */
    record Step(long from, long to) {}

    /**
     * Moves positions on, each if it still stands where the events were read from. The row locks that this takes keep a second
     * process out until the transaction ends; then it finds the positions moved.
     *
     * @throws PositionMoved if one does not
     */
    static void advance(Connection connection, SortedMap<LogPartition, Step> steps) throws SQLException, PositionMoved {
        try (PreparedStatement update = connection.prepareStatement(ADVANCE)) {
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

    /** Writes positions of partitions that have none. */
    static void begin(Connection connection, SortedMap<LogPartition, Long> positions) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(BEGIN_POSITION)) {
            for (Map.Entry<LogPartition, Long> position : positions.entrySet()) {
                insert.setString(1, position.getKey().topic().name(""));
                insert.setInt(2, position.getKey().partition());
                insert.setLong(3, position.getValue());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static void write(Connection connection, EventBatch batch) throws SQLException {
        writeSignups(connection, batch.signups());
        if (!batch.refusals().isEmpty()) {
            writeRefusals(connection, batch);
        }
        for (PolicyPublished policy : batch.policies()) {
            writePolicy(connection, policy);
        }
        for (DirectoryPublished directory : batch.directories()) {
            writeDirectory(connection, directory);
        }
    }

    private static void writeSignups(Connection connection, Map<UUID, SignupFacts> signups) throws SQLException {
        // Ids begin with their time: in order, the rows of one batch are neighbours in the table's tree.
        List<Map.Entry<UUID, SignupFacts>> rows = new ArrayList<>(signups.entrySet());
        rows.sort(Map.Entry.comparingByKey());
        PreparedStatement[] upserts = new PreparedStatement[FactColumns.combinations()];
        try {
            for (Map.Entry<UUID, SignupFacts> row : rows) {
                SignupFacts facts = row.getValue();
                int combination = FactColumns.combination(facts);
                PreparedStatement upsert = upserts[combination];
                if (upsert == null) {
                    upsert = connection.prepareStatement(FactColumns.upsert(combination));
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

    private static void writeRefusals(Connection connection, EventBatch batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(REFUSAL)) {
            for (Refused refused : batch.refusals()) {
                insert.setBytes(1, refused.getSignupId().bytes());
                insert.setString(2, refused.getBroker());
                insert.setLong(3, refused.getRefusedAt().toEpochMilli());
                insert.setString(4, refused.getReason().name());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void writePolicy(Connection connection, PolicyPublished policy) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(POLICY)) {
            upsert.setString(1, policy.getVersion());
            upsert.setString(2, policy.getLanguage());
            upsert.setBytes(3, policy.getDigest().bytes());
            upsert.setLong(4, policy.getEffectiveAt().toEpochMilli());
            upsert.setLong(5, policy.getPublishedAt().toEpochMilli());
            upsert.executeUpdate();
        }
    }

    private static void writeDirectory(Connection connection, DirectoryPublished directory) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(BROKER)) {
            for (PublishedBroker broker : directory.getBrokers()) {
                upsert.setString(1, broker.getId());
                upsert.setString(2, broker.getName());
                upsert.setString(3, broker.getPrivacyPolicy());
                upsert.setLong(4, directory.getPublishedAt().toEpochMilli());
                upsert.setBytes(5, directory.getDigest().bytes());
                upsert.executeUpdate();
            }
        }
    }
}
