package org.brokerhandoff.ingest.idempotency;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.schemas.Digests;

/** The SQLite file of the previous version, as that version created it. */
record FormerFile(Path file) {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    void insert(long day, byte[] digest, UUID signup, int state, boolean full) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS reservation (
                      day INTEGER NOT NULL, digest BLOB NOT NULL, signup BLOB NOT NULL, received_at INTEGER NOT NULL,
                      erase_by INTEGER NOT NULL, slot INTEGER, generation INTEGER, state INTEGER NOT NULL, request BLOB,
                      given_at INTEGER, PRIMARY KEY (day, digest)) WITHOUT ROWID, STRICT
                    """);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setLong(1, day);
                insert.setBytes(2, digest);
                insert.setBytes(
                        3,
                        ByteBuffer.allocate(16)
                                .putLong(signup.getMostSignificantBits())
                                .putLong(signup.getLeastSignificantBits())
                                .array());
                insert.setLong(4, NOON.toEpochMilli());
                insert.setLong(5, NOON.plus(Duration.ofDays(1)).toEpochMilli());
                insert.setInt(8, state);
                if (full) {
                    insert.setInt(6, 7);
                    insert.setInt(7, 3);
                    insert.setBytes(9, Digests.sha256("request").bytes());
                    insert.setLong(10, Instant.parse("2026-11-22T11:59:00Z").toEpochMilli());
                }
                insert.executeUpdate();
            }
        }
    }
}
