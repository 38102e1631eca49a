package org.brokerhandoff.ledgerservice.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;

/**
 * Where the leaves of each id stand, and those of the places that it was given under brokers' caps. The index commits to their hashes and knows no places. A file of this process alone: it is made anew
 * at each start, at which the builder reads every leaf again, so a crash can leave nothing wrong in it. What it says is proven by the bundle
 * that is made of it. Not for several threads.
 */
public final class LeafPositions implements AutoCloseable {
    /** Rows that a crash may undo cost nothing, so one transaction takes many. */
    private static final int ROWS_PER_TRANSACTION = 20_000;

    private static final Pattern ID = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/");

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private int uncommitted;

    /**
     * Where a leaf stands.
     *
     * @param topic place of its topic in the order of the ledger's topics
     * @param entry number of the entry that lists its segment
     */
    public record Position(long entry, int topic, int partition, long offset) {}

    private LeafPositions(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            // It is of no use after this process, so nothing has to be on the disk.
            statement.execute("PRAGMA journal_mode = OFF");
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("CREATE TABLE leaf (id BLOB NOT NULL, entry INTEGER NOT NULL, topic INTEGER NOT NULL,"
                    + " part INTEGER NOT NULL, position INTEGER NOT NULL,"
                    + " PRIMARY KEY (id, entry, topic, part, position)) WITHOUT ROWID");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(
                "INSERT INTO leaf (id, entry, topic, part, position) VALUES (?, ?, ?, ?, ?)");
        select = connection.prepareStatement(
                "SELECT entry, topic, part, position FROM leaf WHERE id = ? ORDER BY entry, topic, part, position");
    }

    /**
     * Begins {@code file} anew.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static LeafPositions begin(Path file) {
        try {
            Files.deleteIfExists(file);
            // A path may have characters that mean something in a JDBC URL; a file URI quotes them.
            return new LeafPositions(DriverManager.getConnection(
                    "jdbc:sqlite:" + file.toAbsolutePath().toUri()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be replaced", e);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Takes up the leaves of a run that entry {@code entry} lists.
     *
     * @param topic place of the run's topic in the order of the ledger's topics
     * @param indexed whether leaves are of their keys; otherwise they are of the id that their events' ids begin with
     */
    public void add(long entry, int topic, boolean indexed, Run run) {
        try {
            long offset = run.first();
            for (LeafDigest leaf : run.leaves()) {
                Optional<UUID> id = indexed ? leaf.id() : leaf.eventId().flatMap(LeafPositions::beginning);
                if (id.isPresent()) {
                    insert.setBytes(1, bytes(id.get()));
                    insert.setLong(2, entry);
                    insert.setInt(3, topic);
                    insert.setInt(4, run.partition());
                    insert.setLong(5, offset);
                    insert.addBatch();
                    uncommitted++;
                }
                offset++;
            }
            insert.executeBatch();
            if (uncommitted >= ROWS_PER_TRANSACTION) {
                connection.commit();
                uncommitted = 0;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Where the leaves of {@code id} stand, in the order of the ledger. */
    public List<Position> of(UUID id) {
        try {
            select.setBytes(1, bytes(id));
            List<Position> positions = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    positions.add(new Position(rows.getLong(1), rows.getInt(2), rows.getInt(3), rows.getLong(4)));
                }
            }
            return positions;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static Optional<UUID> beginning(String eventId) {
        Matcher id = ID.matcher(eventId);
        return id.lookingAt() ? Optional.of(UUID.fromString(id.group(1))) : Optional.empty();
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UncheckedIOException failed(SQLException failure) {
        return new UncheckedIOException("the positions of leaves cannot be kept", new IOException(failure));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
